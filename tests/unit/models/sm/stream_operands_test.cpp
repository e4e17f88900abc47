#include "models/sm/stream_operands.hpp"

#include "sim/ir/stream_kernels.hpp"
#include "tests/support/bench.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
namespace sk = tessera::stream_kernels;
using tessera::testing::Bench;
using tessera::testing::round_system;

namespace {

struct Walk {
    explicit Walk(const StreamDesc& d)
        : bench(round_system()), plan(plan_stream(d, round_system(), 4)), operands(plan, bench.scope, bench.units()) {
        operands.map();
    }
    // Asks for `amount` bytes of operand `i`, `times` times, round the SMs; returns when the last answer is there.
    Time ask(std::size_t i, double amount, int times) {
        Time last = bench.scope.begin, accepted = last;
        for (int n = 0; n < times; ++n) { last = operands.request(i, n % 4, amount, bench.scope.begin, accepted); }
        return last;
    }
    Bench bench;
    StreamPlan plan;
    StreamOperands operands;
};

}  // namespace

TEST_CASE("fractions of bytes add up to all of them", "[stream_operands]") {
    Walk w(sk::per_token_cast(64, 8192));
    const double total = 64.0 * 8192 * 2;
    w.ask(0, total / 300, 300);
    CHECK(w.bench.l2().stats().read == bytes(64 * 8192 * 2));
    // Requests of odd sizes end inside a burst.
    CHECK(to_double(w.bench.hbm().stats().read_pins) == Approx(total).epsilon(64.0 * 300 / total));
}

TEST_CASE("the first small load brings a block, the others find it", "[stream_operands]") {
    StreamDesc d = sk::gather_rows(4096, 4096, 1024);
    Walk w(d);
    const Time first = w.ask(1, 4, 1);
    CHECK(w.bench.l2().stats().read == bytes(4096));
    CHECK(to_nanoseconds(w.ask(1, 4, 1000) - w.bench.scope.begin) == 200);  // one trip to L2
    CHECK(first > w.bench.scope.begin + nanoseconds(400));                  // the first waited for memory
    CHECK(w.bench.l2().stats().read == bytes(4096));
    w.ask(1, 4, 100);  // beyond 1,024 indices: the next block
    CHECK(w.bench.l2().stats().read == bytes(8192));
}

TEST_CASE("small stores leave together", "[stream_operands]") {
    Walk w(sk::per_token_cast(4096, 128));
    const std::size_t scales = 2;
    w.ask(scales, 4, 1023);
    CHECK(w.bench.l2().stats().write == bytes(0));
    w.ask(scales, 4, 1);
    CHECK(w.bench.l2().stats().write == bytes(4096));
    w.ask(scales, 4, 3072);  // to the end of the operand
    CHECK(w.bench.l2().stats().write == bytes(16384));
}

TEST_CASE("a broadcast operand is read once per SM", "[stream_operands]") {
    Walk w(sk::rms_norm(256, 1024, 8));
    const std::size_t weight = 1;
    REQUIRE(w.plan.operands[weight].once_per_sm);
    w.ask(weight, 0, 40);
    CHECK(w.bench.l2().stats().read == bytes(4 * 2048));
    CHECK(w.bench.hbm().stats().read_pins == bytes(2048));
}

TEST_CASE("rows that are gathered again may be found in L2", "[stream_operands]") {
    Walk w(sk::gather_rows(4096, 512, 1024));  // 1 MiB of rows, read eight times, in an L2 of 4 MiB
    CHECK(w.operands.reuse());
    w.ask(0, 4096, 2048);
    CHECK(w.bench.l2().stats().read == mib(8));
    CHECK(to_double(w.bench.hbm().stats().read_pins) < 1.1 * 1024 * 1024);
}

TEST_CASE("an SM's stores wait for its loads on their common path", "[stream_operands]") {
    Walk w(sk::per_token_cast(64, 8192));
    Time accepted = w.bench.scope.begin;
    w.operands.request(0, 0, 65536, w.bench.scope.begin, accepted);
    CHECK(to_nanoseconds(accepted - w.bench.scope.begin) == Approx(65536 / 64.0));
    w.operands.request(1, 0, 32768, w.bench.scope.begin, accepted);
    CHECK(to_nanoseconds(accepted - w.bench.scope.begin) == Approx(65536 / 64.0 + 32768 / 32.0));
}

TEST_CASE("what is accounted moves bytes without time", "[stream_operands]") {
    Walk w(sk::per_token_cast(64, 8192));
    w.operands.account(32, w.bench.scope.begin);
    CHECK(w.bench.l2().stats().read == bytes(32 * 8192 * 2));
    CHECK(w.bench.hbm().stats().read_pins == bytes(32 * 8192 * 2));
    CHECK(w.bench.hbm().stats().bus_busy == Time::zero());
}
