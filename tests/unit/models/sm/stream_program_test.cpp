// Stream kernels on a machine of round numbers: 1 GHz, L2 200 (300 far), HBM 200 + 25.6 ns per 256 B and channel.
#include "models/sm/stream_program.hpp"

#include "sim/ir/stream_kernels.hpp"
#include "tests/support/bench.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
namespace sk = tessera::stream_kernels;
using tessera::testing::Bench;
using tessera::testing::round_system;

namespace {

Operand operand(std::int64_t rows, std::int64_t cols) {
    Operand o;
    o.dtype = DType::u8;
    o.rows = rows;
    o.cols = cols;
    return o;
}

// `blocks` thread blocks of one warp copy 1,024 bytes each.
StreamDesc copy(std::int64_t blocks) {
    StreamDesc d;
    d.rows = blocks;
    d.cols = 1024;
    d.reads = {operand(blocks, 1024)};
    d.writes = {operand(blocks, 1024)};
    d.threads = 32;
    d.load_bytes_in_flight = bytes(32);
    return d;
}

struct Run {
    double ns = 0;
    Bytes hbm_read{}, hbm_write{}, l2_read{}, l2_write{};
    ProgramReport report;
};

Run run(const StreamDesc& d, const SystemConfig& system, bool exact = true) {
    Bench bench(system);
    bench.scope.exact = exact;
    StreamProgram program(d, bench.scope, bench.units());
    bench.run(program);
    REQUIRE(program.done());
    Run r;
    r.ns = to_nanoseconds(program.finish() - bench.scope.begin + program.skipped());
    r.hbm_read = bench.hbm().stats().read_pins;
    r.hbm_write = bench.hbm().stats().write_pins;
    r.l2_read = bench.l2().stats().read;
    r.l2_write = bench.l2().stats().write;
    r.report = program.report(UnitUse{});
    return r;
}

}  // namespace

TEST_CASE("one block copies one tile: load latency, transfer, store latency", "[stream_program]") {
    const Run r = run(copy(1), round_system());
    // L2 lookup 200, one 256-byte visit on each of four channels 25.6, HBM 200; store: 512 bytes to the far
    // partition at 128 B/clk 4, far latency 300.
    CHECK(r.ns == Approx(200 + 25.6 + 200 + 4 + 300));
    CHECK(r.hbm_read == bytes(1024));
    CHECK(r.l2_write == bytes(1024));
}

TEST_CASE("arithmetic and the dependent chain stand between load and store", "[stream_program]") {
    StreamDesc d = copy(1);
    d.alu_per_element = 16;
    d.sync_steps = 1;
    // 16,384 slots over 128 lanes take 128 cycles, but the only warp waits 4.26 cycles for each of its own 512
    // instructions a thread; then the shuffle tree.
    const double chain = 16.0 * 1024 / 32 * 4.26;
    CHECK(run(d, round_system()).ns == Approx(729.6 + chain + sync_step_cycles(32)));
}

TEST_CASE("an index is fetched before the row", "[stream_program]") {
    StreamDesc d = copy(1);
    Operand index = operand(1, 1);
    index.dtype = DType::int32;
    d.reads.push_back(index);
    d.dependent_loads = 1;
    // L2 lookup, HBM latency and the visit of a 4-byte index: one burst of 64 bytes.
    CHECK(run(d, round_system()).ns == Approx(729.6 + 200 + 6.4 + 200));
}

TEST_CASE("every byte is moved once, whatever the number of blocks", "[stream_program]") {
    for (const std::int64_t blocks : {1, 7, 64, 1000}) {
        CAPTURE(blocks);
        const Run r = run(copy(blocks), round_system());
        CHECK(r.l2_read == bytes(1024 * blocks));
        CHECK(r.l2_write == bytes(1024 * blocks));
        CHECK(r.hbm_read == bytes(1024 * blocks));
        CHECK(r.hbm_write == bytes(1024 * blocks));
        Time sum{};
        for (const TimeShare& s : r.report.shares) { sum += s.time; }
        CHECK(to_nanoseconds(sum) == Approx(r.ns));
    }
}

TEST_CASE("what is skipped costs the same time and the same bytes", "[stream_program]") {
    for (const int persistent : {0, 16}) {
        StreamDesc d = copy(20000);
        d.max_ctas = persistent;
        const Run exact = run(d, round_system()), fast = run(d, round_system(), false);
        CAPTURE(persistent);
        // Four channels share 1 KiB blocks unevenly from page to page: a part of the run is not quite like another.
        CHECK(fast.ns == Approx(exact.ns).epsilon(0.008));
        CHECK(fast.hbm_read == exact.hbm_read);
        CHECK(fast.l2_write == exact.l2_write);
    }
}

TEST_CASE("long streams reach the rate of the memory", "[stream_program]") {
    StreamDesc d = copy(40000);
    d.writes = {operand(40000, 1)};
    d.load_bytes_in_flight = bytes(64);
    CHECK(1024.0 * 40000 / run(d, round_system()).ns == Approx(40.0).epsilon(0.02));  // 40 B/ns
}

TEST_CASE("a small grid is spread over the SMs, a late block needs another wave", "[stream_program]") {
    const auto large = [](std::int64_t blocks) {
        StreamDesc d = copy(blocks);
        d.alu_per_element = 1000;
        d.sync_steps = 2;
        d.registers = 255;
        d.threads = 256;  // one block to an SM
        return d;
    };
    const Run one = run(large(4), round_system()), two = run(large(5), round_system());
    CHECK(one.report.waves == 1);
    CHECK(two.report.waves == 2);
    CHECK(two.ns > 1.9 * one.ns);
}

TEST_CASE("shared memory with bank conflicts takes its time", "[stream_program]") {
    StreamDesc d = copy(4000);
    d.smem_bytes_per_element = 4;
    const double clean = run(d, round_system()).ns;
    d.smem_conflict = 32;
    const double conflicts = run(d, round_system()).ns;
    CHECK(conflicts > 1.5 * clean);
    CHECK(conflicts >= 4000.0 * 1024 * 4 * 32 / 128 / 4);  // the ports of four SMs
}

TEST_CASE("a slow cast instruction is slower than none, a fast one is not", "[stream_program]") {
    SystemConfig system = round_system();
    StreamDesc d = sk::per_token_cast(512, 2048);
    const double software = run(d, system).ns;
    system.sm.cuda.warp_cast = true;
    d.warp_cast = true;
    system.sm.cuda.warp_cast_elements_per_clk = 1;
    CHECK(run(d, system).ns > software);
    system.sm.cuda.warp_cast_elements_per_clk = 256;
    CHECK(run(d, system).ns <= software);
}

TEST_CASE("what L2 holds is not read from memory", "[stream_program]") {
    StreamDesc d = copy(100);
    d.reads[0].l2_resident = 1.0;
    CHECK(run(d, round_system()).hbm_read == bytes(0));
    d.reads[0].cast_by_memory = true;  // in another format
    CHECK(run(d, round_system()).hbm_read == bytes(1024 * 100));
}

TEST_CASE("cold code delays the first blocks of each SM by its lines, once", "[stream_program]") {
    SystemConfig system = round_system();
    system.sm.code_line_fetch = cycles(50);
    StreamDesc cold = copy(1);
    cold.code_instructions = 80;  // ten lines
    CHECK(run(cold, system).ns - run(copy(1), system).ns == Approx(10 * 50));
}

TEST_CASE("threads of a reduction meet after the last round, those of a cast in each", "[stream_program]") {
    StreamDesc each = copy(1);
    each.load_bytes_in_flight = bytes(8);  // four rounds
    each.sync_steps = 2;
    StreamDesc once = each;
    once.kind = StreamKind::reduce;
    const double step = sync_step_cycles(32);
    CHECK(run(each, round_system()).ns - run(once, round_system()).ns == Approx(3 * 2 * step));
}

TEST_CASE("a warp's own time is the least that a tile takes; more warps never finish sooner", "[stream]") {
    StreamDesc d = copy(8);
    const double bare = run(d, round_system()).ns;
    d.warp_cycles = 5000;
    const double one = run(d, round_system()).ns;
    CHECK(one >= 5000);
    CHECK(one > bare);
    d.alu_per_element = 10;
    CHECK(run(d, round_system()).ns >= one);
}

TEST_CASE("the last SM's first block starts later by the launch's spread", "[stream]") {
    SystemConfig late = round_system();
    late.launch.spread = nanoseconds(100);
    const auto warm = [](std::int64_t blocks) {
        StreamDesc d = copy(blocks);
        d.reads.front().l2_resident = d.writes.front().l2_resident = 1.0;
        return d;
    };
    const double more = run(warm(4), late).ns - run(warm(4), round_system()).ns;  // a block an SM
    CHECK(more <= 100);
    CHECK(more > 75);  // the SMs wait less for each other
    CHECK(run(warm(1), late).ns - run(warm(1), round_system()).ns == Approx(25).margin(1));
}

TEST_CASE("a kernel that writes new lines ends when as many have left for HBM", "[stream]") {
    StreamDesc d = copy(64);
    const double cold = run(d, round_system()).ns;
    d.writes.front().l2_resident = 1.0;
    CHECK(run(d, round_system()).ns <= cold);
}
