#include "sim/app/shared_memo.hpp"

#include "sim/app/children.hpp"
#include "sim/app/timer_pool.hpp"
#include "sim/config/loader.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

KernelResult result(double us) {
    KernelResult r;
    r.time = microseconds(us);
    r.limiter = Limiter::hbm;
    r.traffic.hbm_read = bytes(static_cast<std::int64_t>(us * 1000));
    r.energy.hbm = joules(us);
    r.sms = 132;
    r.shares = {{"main loop", microseconds(us)}};
    return r;
}

}  // namespace

TEST_CASE("what is put in comes out bit for bit, in this process and in its forks") {
    SharedMemo memo(64);
    KernelResult found;
    CHECK_FALSE(memo.find(5, found));
    memo.put(5, result(1.25));
    REQUIRE(memo.find(5, found));
    CHECK(found.time == microseconds(1.25));
    CHECK(found.limiter == Limiter::hbm);
    CHECK(found.energy.hbm == joules(1.25));
    REQUIRE(found.shares.size() == 1);
    CHECK(found.shares[0].label == "main loop");

    Children children;
    children.start(0, [&] {
        KernelResult r;
        const bool knows = memo.find(5, r) && r.time == microseconds(1.25);
        memo.put(6, result(2));
        return std::string(knows ? "knows" : "does not know");
    });
    CHECK(children.next().text == "knows");
    REQUIRE(memo.find(6, found));
    CHECK(found.time == microseconds(2));
}

TEST_CASE("a full memo forgets and never mixes up") {
    SharedMemo memo(16);
    constexpr std::uint64_t many = 1000;
    for (std::uint64_t k = 1; k <= many; ++k) { memo.put(k, result(static_cast<double>(k))); }
    int known = 0;
    for (std::uint64_t k = 1; k <= many; ++k) {
        KernelResult r;
        if (!memo.find(k, r)) { continue; }
        ++known;
        CHECK(r.time == microseconds(static_cast<double>(k)));
    }
    CHECK(known > 0);
    CHECK(known <= 16);
}

TEST_CASE("a result too long for a place is not kept") {
    SharedMemo memo(16);
    KernelResult r = result(1);
    r.shares.assign(100, {"a share with a long name", microseconds(0.01)});
    memo.put(1, r);
    CHECK_FALSE(memo.find(1, r));
}

TEST_CASE("a pool simulates what no process has simulated before") {
    SharedMemo memo;
    int calls = 0;
    const SystemConfig system = load_system(find_config("systems", "h800"));
    StreamDesc s;
    s.kind = StreamKind::per_token_cast;
    s.rows = 4096;
    s.cols = 7168;
    Operand o;
    o.rows = 4096;
    o.cols = 7168;
    s.reads = s.writes = {o};
    const KernelDesc kernel = s;
    KernelContext context;
    context.sms = 132;
    context.sm_clock = megahertz(1500);
    Time first{};
    for (int i = 0; i < 2; ++i) {
        TimerPool pool(test::rooflines(&calls), &memo);
        TimerPool::View view = pool.view(system);
        const Time t = view.time(kernel, kernel_hash(kernel), context).time;
        CHECK((i == 0 || t == first));
        first = t;
        CHECK(pool.simulated() == (i == 0 ? 1 : 0));
    }
    CHECK(calls == 1);
}

TEST_CASE("figures are shared as kernels are, and worked out once") {
    SharedMemo memo(64);
    double found = 0;
    CHECK_FALSE(memo.find_figure(9, found));
    Children children;
    children.start(0, [&] {
        TimerPool pool(test::rooflines(), &memo);
        return std::to_string(pool.figure(9, [] { return 0.1; }));
    });
    children.next();
    REQUIRE(memo.find_figure(9, found));
    CHECK(found == 0.1);
    int calls = 0;
    TimerPool pool(test::rooflines(), &memo);
    const auto work_out = [&] { return ++calls, 0.2; };
    CHECK(pool.figure(9, work_out) == 0.1);
    CHECK(calls == 0);
    CHECK(pool.figure(10, work_out) == 0.2);
    CHECK(calls == 1);
    TimerPool alone(test::rooflines());
    CHECK(alone.figure(9, work_out) == 0.2);  // nobody to ask
    memo.put(11, result(1));
    CHECK_FALSE(memo.find_figure(11, found));  // a kernel is no figure
}
