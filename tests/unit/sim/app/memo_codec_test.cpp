#include "sim/app/memo_codec.hpp"

#include "sim/app/timer_pool.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

TEST_CASE("kernel results survive the pipe bit for bit") {
    KernelResult r;
    r.time = femtoseconds(123'456'789);
    r.limiter = Limiter::l2;
    r.traffic.nic_in = bytes(77);
    r.energy.engine = joules(0.1);
    r.tensor_busy = nanoseconds(3);
    r.clock_bound = 1.0 / 3.0;
    r.sms = 112;
    r.waves = 4;
    r.shares = {{"main loop", microseconds(1)}, {"", Time::zero()}};
    MemoWriter writer;
    writer.add(42, r);
    writer.add(43, KernelResult{});
    MemoReader reader(writer.bytes());
    std::uint64_t key = 0;
    KernelResult back;
    reader.next(key, back);
    CHECK(key == 42);
    CHECK(back.time == r.time);
    CHECK(back.limiter == Limiter::l2);
    CHECK(back.traffic.nic_in == bytes(77));
    CHECK(back.energy.engine == joules(0.1));
    CHECK(back.tensor_busy == nanoseconds(3));
    CHECK(back.clock_bound == 1.0 / 3.0);
    CHECK(back.sms == 112);
    CHECK(back.waves == 4);
    REQUIRE(back.shares.size() == 2);
    CHECK(back.shares[0].label == "main loop");
    CHECK(back.shares[0].time == microseconds(1));
    reader.next(key, back);
    CHECK(key == 43);
    CHECK(reader.done());
}

TEST_CASE("bytes that end too early are noticed") {
    MemoWriter writer;
    writer.add(1, KernelResult{});
    const std::string cut = writer.bytes().substr(0, writer.bytes().size() - 1);
    MemoReader reader(cut);
    std::uint64_t key = 0;
    KernelResult r;
    CHECK_THROWS_AS(reader.next(key, r), InternalError);
}

TEST_CASE("a pool that has learned does not simulate again") {
    int calls = 0;
    const SystemConfig system = load_system(find_config("systems", "h800"));
    const KernelDesc kernel = BarrierDesc{};
    KernelContext context;
    context.sm_clock = megahertz(1500);
    TimerPool teacher(rooflines()), pupil(rooflines(&calls));
    const std::size_t mark = teacher.mark();
    TimerPool::View there = teacher.view(system), here = pupil.view(system);
    const Time time = there.time(kernel, kernel_hash(kernel), context).time;
    pupil.learn(teacher.learned_since(mark));
    CHECK(here.time(kernel, kernel_hash(kernel), context).time == time);
    CHECK(calls == 0);
    CHECK(teacher.learned_since(teacher.mark()).empty());
}
