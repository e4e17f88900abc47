#include "models/sm/stream_plan.hpp"

#include "sim/base/error.hpp"
#include "sim/ir/stream_kernels.hpp"
#include "tests/support/round_system.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace tessera;
namespace sk = tessera::stream_kernels;
using tessera::testing::round_system;

TEST_CASE("a row longer than the bytes in flight takes several rounds", "[stream_plan]") {
    const SystemConfig system = round_system();
    const StreamPlan p = plan_stream(sk::per_token_cast(64, 8192), system, 4);
    CHECK(p.rounds == 16);  // 16,384 bytes by 128 threads of 8 bytes
    CHECK(p.resident == 16);
    CHECK(p.lanes == kLanes);
    CHECK(p.units == 64);
    CHECK_FALSE(p.tile_wide);
}

TEST_CASE("operands are spread evenly over the units", "[stream_plan]") {
    const StreamPlan p = plan_stream(sk::per_token_cast(64, 1024), round_system(), 4);
    REQUIRE(p.operands.size() == 3);
    for (const StreamOperandPlan& o : p.operands) {
        CHECK(o.bytes_per_unit * static_cast<double>(p.units) == Approx(static_cast<double>(o.total)));
    }
    CHECK(p.operands[0].every_round);
    CHECK(p.operands[1].write);
}

TEST_CASE("rows that are read more than once count once as source", "[stream_plan]") {
    const StreamPlan p = plan_stream(sk::gather_rows(800, 100, 1024), round_system(), 4);
    CHECK(p.operands[0].total == 800 * 1024 * 2);
    CHECK(p.operands[0].source == 100 * 1024 * 2);
}

TEST_CASE("a wide block whose warps do not meet is cut into parts", "[stream_plan]") {
    const StreamPlan loop = plan_stream(sk::cast_back(400, 1024, 4), round_system(), 4);
    CHECK(loop.resident == 2);
    CHECK(loop.parts == 4);  // one block of 1,024 threads to an SM
    CHECK(loop.lanes == 4);
    CHECK(loop.units == 16);
    const StreamPlan meet = plan_stream(sk::rms_norm_backward(400, 7168, 4), round_system(), 4);
    CHECK(meet.parts == 1);  // the whole block reduces a row
}

TEST_CASE("blocks of a persistent grid take the tiles that are left over first", "[stream_plan]") {
    StreamDesc d = sk::cast_back(10, 1024, 4);  // 10 rows, 4 blocks of 4 parts
    const StreamPlan p = plan_stream(d, round_system(), 4);
    CHECK(p.grid.persistent);
    double sum = 0;
    for (std::int64_t loop = 0; loop < p.loops(0); ++loop) { sum += p.active(0, p.units, loop); }
    CHECK(sum == Approx(10.0 * p.parts));
    CHECK(p.loops(0) == 3);
    CHECK(p.loops(p.units - 1) == 2);
}

TEST_CASE("the cast instruction replaces conversion and maximum search", "[stream_plan]") {
    SystemConfig system = round_system();
    StreamDesc d = sk::per_token_cast(64, 1024);
    d.warp_cast = true;
    CHECK_THROWS_AS(plan_stream(d, system, 4), ModelError);
    system.sm.cuda.warp_cast = true;
    system.sm.cuda.warp_cast_elements_per_clk = 64;
    const StreamPlan p = plan_stream(d, system, 4);
    CHECK(p.work_per_element.convert == 0);
    CHECK(p.work_per_element.cast == 1);
    CHECK(p.work_per_element.alu == Approx(d.alu_per_element - d.cast_alu_per_element));
}

TEST_CASE("a barrier grows with the warps that meet", "[stream_plan]") {
    CHECK(sync_step_cycles(1024) >= sync_step_cycles(128));
}

TEST_CASE("customers that share an SM: bounds, and two of them by hand") {
    SmPass pass;
    pass.issue = 100;
    pass.data = 300;
    pass.waiting = 600;
    CHECK(closed_network_cycles(1, pass) == Approx(1000));  // alone: nothing to wait for
    // Two: one finds the other issuing for a tenth of the time and at the data path for three tenths, half done:
    // 600 + 100 * 1.05 + 300 * 1.15.
    CHECK(closed_network_cycles(2, pass) == Approx(600 + 105 + 345));
    double last = 0;
    for (int n = 1; n <= 16; ++n) {
        const double t = closed_network_cycles(n, pass);
        CHECK(t >= std::max(last, n * 300.0));
        last = t;
    }
    CHECK(last == Approx(16 * 300).epsilon(0.02));  // the data path is never idle
    SmPass spread = pass;
    spread.schedulers = 4;
    CHECK(closed_network_cycles(8, spread) <= closed_network_cycles(8, pass));
}

TEST_CASE("a kernel with known code shares its SM by warps, or by blocks that meet at barriers") {
    StreamDesc d = sk::elementwise_add(4096, 1024);
    d.warp_cycles = 500;
    const StreamPlan warps = plan_stream(d, round_system(), 4);
    CHECK(warps.customers_per_block == Approx(d.threads / 32.0));
    d.sync_steps = 3;
    const StreamPlan blocks = plan_stream(d, round_system(), 4);
    CHECK(blocks.customers_per_block == 1);
    CHECK(blocks.sync_cycles == 0);
}

TEST_CASE("a block alone on its SM takes what it was measured to take, beside others at least its pipes' times") {
    constexpr int kSms = 8;
    StreamDesc d = sk::elementwise_add(4, 1024);  // 512 elements for each of eight SMs
    d.sync_steps = 3;
    d.warp_cycles = 500;
    d.alu_per_element = 64;
    d.smem_bytes_per_element = 128;
    const StreamPlan unknown = plan_stream(d, round_system(), kSms);
    const double pipes = unknown.pass.issue + unknown.pass.data;
    REQUIRE(pipes > d.warp_cycles);
    CHECK(unknown.pass.waiting == 0);
    d.block_cycles = 0.8 * pipes;
    REQUIRE(d.block_cycles > std::max(unknown.pass.issue, unknown.pass.data));
    const StreamPlan alone = plan_stream(d, round_system(), kSms);
    CHECK(closed_network_cycles(1, alone.pass) == Approx(d.block_cycles));
    CHECK(plan_stream(d, round_system(), 1).pass.waiting == 0);
    d.block_cycles = 2 * pipes;
    CHECK(closed_network_cycles(1, plan_stream(d, round_system(), 1).pass) == Approx(2 * pipes));
}
