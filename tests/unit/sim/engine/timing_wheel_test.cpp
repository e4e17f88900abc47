#include "sim/engine/timing_wheel.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

using namespace tessera;

namespace {

struct Recorder : EventSink {
    std::vector<std::pair<std::int64_t, std::uint64_t>> seen;
    void on_event(Time now, std::uint64_t token) override { seen.emplace_back(now.raw(), token); }
};

struct Chain : EventSink {  // each event schedules the next, `step` later
    TimingWheel* wheel = nullptr;
    Time step{};
    int left = 0;
    void on_event(Time now, std::uint64_t /*token*/) override {
        if (--left > 0) { wheel->at(now + step, *this); }
    }
};

}  // namespace

TEST_CASE("events run by time, then key, then order of scheduling") {
    TimingWheel wheel;
    Recorder r;
    wheel.at(nanoseconds(5), r, 1, 7);
    wheel.at(nanoseconds(5), r, 2, 3);
    wheel.at(nanoseconds(5), r, 3, 3);
    wheel.at(femtoseconds(1), r, 4, 9);
    wheel.at(milliseconds(3), r, 5);  // beyond the wheel's horizon
    wheel.at(nanoseconds(4.9999), r, 6, 99);
    wheel.run_until(Time::max());
    std::vector<std::uint64_t> tokens;
    for (const auto& [time, token] : r.seen) { tokens.push_back(token); }
    CHECK(tokens == std::vector<std::uint64_t>{4, 6, 2, 3, 1, 5});
    CHECK(wheel.now() == milliseconds(3));
    CHECK(wheel.empty());
}

TEST_CASE("run_until stops exactly at its limit") {
    TimingWheel wheel;
    Recorder r;
    wheel.at(femtoseconds(100), r, 1);
    wheel.at(femtoseconds(101), r, 2);
    wheel.run_until(femtoseconds(99));
    CHECK(r.seen.empty());
    wheel.run_until(femtoseconds(100));
    CHECK(r.seen.size() == 1);
    CHECK(wheel.next_time() == femtoseconds(101));
}

TEST_CASE("the order is that of a sorted list for times near and far") {
    TimingWheel wheel;
    Recorder r;
    std::vector<std::pair<std::int64_t, std::uint64_t>> expected;
    std::uint64_t state = 1;
    for (std::uint64_t i = 0; i < 5000; ++i) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        const auto t = static_cast<std::int64_t>((state >> 20) % 40'000'000'000ULL);
        wheel.at(femtoseconds(t), r, i);
        expected.emplace_back(t, i);
    }
    std::stable_sort(expected.begin(), expected.end(), [](auto& a, auto& b) { return a.first < b.first; });
    wheel.run_until(Time::max());
    CHECK(r.seen == expected);
}

TEST_CASE("an event may schedule into its own instant but not into the past") {
    TimingWheel wheel;
    Chain c;
    c.wheel = &wheel;
    c.left = 1000;
    c.step = Time::zero();
    wheel.at(nanoseconds(1), c);
    wheel.run_until(Time::max());
    CHECK(c.left == 0);
    CHECK(wheel.now() == nanoseconds(1));
    CHECK_THROWS_AS(wheel.at(femtoseconds(5), c), InternalError);
}

TEST_CASE("a livelock becomes an error that names the waiting party") {
    TimingWheel wheel;
    wheel.watchdog().set_limit(1000);
    wheel.watchdog().watch([] { return std::string("SM 3 waits for stage 2"); });
    Chain c;
    c.wheel = &wheel;
    c.left = 100000;
    c.step = nanoseconds(1);
    wheel.at(nanoseconds(1), c);
    CHECK_THROWS_WITH(wheel.run_until(Time::max()), Catch::Contains("SM 3 waits for stage 2"));
}

TEST_CASE("reset forgets events and starts at the given time") {
    TimingWheel wheel;
    Recorder r;
    wheel.at(nanoseconds(5), r);
    wheel.at(milliseconds(5), r);
    wheel.reset(microseconds(1));
    CHECK(wheel.empty());
    wheel.run_until(Time::max());
    CHECK(r.seen.empty());
    CHECK(wheel.now() == microseconds(1));
}
