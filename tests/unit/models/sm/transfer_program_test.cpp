#include "models/sm/transfer_program.hpp"

#include "sim/base/error.hpp"
#include "tests/support/bench.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>
#include <numeric>

using namespace tessera;
using tessera::testing::Bench;
using tessera::testing::round_system;

namespace {

TransferDesc loop(TransferOp op, TransferEngine engine, std::int64_t mib, int blocks) {
    TransferDesc t;
    t.op = op;
    t.engine = engine;
    t.region = t.moved = bytes(mib << 20);
    t.step = bytes(4096);
    t.lanes = 8;
    t.blocks = blocks;
    return t;
}

Time run(const TransferDesc& t, const SystemConfig& c = round_system(), bool exact = false) {
    Bench bench(c);
    bench.scope.exact = exact;
    std::vector<int> on(static_cast<std::size_t>(t.blocks));
    std::iota(on.begin(), on.end(), 0);
    TransferProgram program(t, on, bench.scope, bench.units());
    bench.run(program);
    CHECK(program.done());
    return program.finish() + program.skipped() - bench.scope.begin;
}

}  // namespace

TEST_CASE("one lane with one step under way: a latency and a turn each") {
    TransferDesc t = loop(TransferOp::read, TransferEngine::vector, 1, 1);
    t.lanes = 1;
    t.step = bytes(256);
    t.moved = bytes(256 * 100);
    t.region = t.moved;
    t.held = true;
    // 256 B: half of them cross in a cycle and take the far latency of 300; 20 cycles between two loads.
    CHECK(to_nanoseconds(run(t)) == Approx(100 * 301 + 99 * 20));
}

TEST_CASE("a loop that keeps enough under way runs at the rate of its SM's port") {
    TransferDesc t = loop(TransferOp::read, TransferEngine::vector, 1, 1);
    t.held = true;
    const double ns = to_nanoseconds(run(t));
    CHECK((1 << 20) / ns == Approx(64).epsilon(0.03));
    t.path = bytes_per_cycle(32);
    CHECK((1 << 20) / to_nanoseconds(run(t)) == Approx(32).epsilon(0.03));
}

TEST_CASE("the thread of a ring issues one copy a turn") {
    TransferDesc t = loop(TransferOp::read, TransferEngine::bulk, 1, 1);
    t.held = true;
    t.step = bytes(1024);
    // 1 KiB every 250 cycles, whatever the port could take.
    CHECK((1 << 20) / to_nanoseconds(run(t)) == Approx(1024 / 250.0).epsilon(0.01));
}

TEST_CASE("a copy moves both ways through one path") {
    TransferDesc t = loop(TransferOp::copy, TransferEngine::vector, 1, 1);
    t.held = true;
    // 64 B/clk in and 32 B/clk out take turns: 21.3 B/clk.
    CHECK((1 << 20) / to_nanoseconds(run(t)) == Approx(64.0 * 32.0 / 96.0).epsilon(0.03));
}

TEST_CASE("skipping the steady part changes the time by less than a percent") {
    for (const TransferOp op : {TransferOp::read, TransferOp::write, TransferOp::copy}) {
        const TransferDesc t = loop(op, TransferEngine::vector, 32, 4);
        const double fast = to_nanoseconds(run(t)), exact = to_nanoseconds(run(t, round_system(), true));
        CHECK(fast == Approx(exact).epsilon(0.01));
    }
}

TEST_CASE("more bytes in flight, more SMs, a faster memory are never slower") {
    for (const TransferEngine engine : {TransferEngine::vector, TransferEngine::bulk}) {
        Time before = microseconds(1e6);
        for (const int lanes : {1, 2, 4, 8}) {
            TransferDesc t = loop(TransferOp::read, engine, 4, 2);
            t.lanes = lanes;
            const Time now = run(t);
            CHECK(now <= before * 1.01);
            before = now;
        }
        before = microseconds(1e6);
        for (const int blocks : {1, 2, 4}) {
            const Time now = run(loop(TransferOp::copy, engine, 4, blocks));
            CHECK(now <= before * 1.01);
            before = now;
        }
        SystemConfig faster = round_system();
        faster.hbm.peak = faster.hbm.peak * 2.0;
        CHECK(run(loop(TransferOp::write, engine, 4, 4), faster) <= run(loop(TransferOp::write, engine, 4, 4)) * 1.01);
    }
}

TEST_CASE("own slices and the whole region are walked as asked") {
    TransferDesc t = loop(TransferOp::read, TransferEngine::vector, 1, 4);
    t.held = true;
    t.moved = bytes(4 << 20);
    const Time turn = run(t);
    t.walk = TransferWalk::own_slice;
    CHECK(to_nanoseconds(run(t)) == Approx(to_nanoseconds(turn)).epsilon(0.05));
    t.walk = TransferWalk::everything;
    CHECK(run(t) <= turn * 1.05);
}

TEST_CASE("a loop that cannot exist is refused") {
    TransferDesc t = loop(TransferOp::read, TransferEngine::vector, 1, 1);
    t.step = bytes(0);
    CHECK_THROWS_AS(validate(t), ModelError);
    t = loop(TransferOp::read, TransferEngine::vector, 1, 1);
    t.region = bytes(1);
    CHECK_THROWS_WITH(validate(t), Catch::Contains("region"));
    t.blocks = 0;
    CHECK_THROWS_AS(validate(t), ModelError);
}
