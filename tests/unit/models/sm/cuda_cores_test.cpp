#include "models/sm/cuda_cores.hpp"

#include "sim/base/error.hpp"
#include "tests/support/bench.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::Bench;
using tessera::testing::round_system;

TEST_CASE("the slowest pipe or the issue slots set the cycles") {
    const CudaCoreConfig c = round_system().sm.cuda;  // 128, 64 and 16 lanes, 4 slots of 32
    CudaWork w;
    w.alu = 1280;
    CHECK(issue_cycles(w, c) == Approx(10));
    w.convert = 1280;
    CHECK(issue_cycles(w, c) == Approx(20));
    w.sfu = 640;
    CHECK(issue_cycles(w, c) == Approx(40));
    w = CudaWork{};
    w.alu = 1280;
    w.convert = 640;  // neither pipe needs 15 cycles, the slots do
    CHECK(issue_cycles(w, c) == Approx(15));
}

TEST_CASE("the cast instruction needs its capability") {
    CudaCoreConfig c = round_system().sm.cuda;
    CudaWork w;
    w.cast = 1000;
    CHECK_THROWS_AS(issue_cycles(w, c), ModelError);
    c.warp_cast = true;
    c.warp_cast_elements_per_clk = 50;
    CHECK(issue_cycles(w, c) == Approx(20));
}

TEST_CASE("work of one SM queues") {
    Bench bench(round_system());
    CudaWork w;
    w.alu = 1280;
    CHECK(bench.cuda().issue(0, w, Time::zero()) == nanoseconds(10));
    CHECK(bench.cuda().issue(0, w, nanoseconds(9)) == nanoseconds(20));
    CHECK(bench.cuda().issue(1, w, nanoseconds(10)) == nanoseconds(20));
    CHECK(bench.cuda().stats().busy == nanoseconds(30));
    CHECK(bench.cuda().stats().instructions == Approx(3 * 1280));
}

TEST_CASE("half-rate instructions, shuffles and three-register FFMAs have their own limits") {
    CudaCoreConfig c = round_system().sm.cuda;
    CudaWork w;
    w.half = 1280;
    CHECK(issue_cycles(w, c) == Approx(10));  // not told apart: the FP32 lanes
    c.half_lanes = 64;
    c.shuffle_lanes = 32;
    c.fused_slots = 1.5;
    CHECK(issue_cycles(w, c) == Approx(20));
    w = CudaWork{};
    w.shuffle = 1280;
    CHECK(issue_cycles(w, c) == Approx(40));
    w = CudaWork{};
    w.fused = 1280;
    CHECK(issue_cycles(w, c) == Approx(15));
}
