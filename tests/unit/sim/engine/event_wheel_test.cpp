// covers: event_wheel.cpp sim_session.cpp watchdog.cpp
#include "sim/engine/event_wheel.hpp"

#include "sim/base/error.hpp"
#include "sim/engine/sc_time.hpp"
#include "sim/engine/sim_session.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <vector>

using namespace tessera;

namespace {

struct Chain : EventSink {
    TimingWheel* wheel = nullptr;
    Time step{};
    int left = 0;
    std::vector<Time> kernel_time;  // SystemC's clock at each event
    void on_event(Time now, std::uint64_t /*token*/) override {
        kernel_time.push_back(from_sc_time(sc_core::sc_time_stamp()));
        if (--left > 0) { wheel->at(now + step, *this); }
    }
};

struct Thrower : EventSink {
    void on_event(Time /*now*/, std::uint64_t /*token*/) override { throw ModelError("of this kernel"); }
};

}  // namespace

TEST_CASE("SystemC's time follows the wheel within one quantum") {
    SimSession session([] {});
    EventWheel wheel("wheel", microseconds(1));
    session.elaborate();
    Chain c;
    c.wheel = &wheel.wheel();
    c.step = nanoseconds(300);
    c.left = 20;
    wheel.wheel().at(nanoseconds(10), c);
    wheel.kick();
    session.run();
    REQUIRE(c.kernel_time.size() == 20);
    for (std::size_t i = 0; i < 20; ++i) {
        const Time event = nanoseconds(10) + nanoseconds(300) * static_cast<double>(i);
        CHECK(c.kernel_time[i] <= event);
        CHECK(event - c.kernel_time[i] <= microseconds(1));
    }
    CHECK(session.now() >= nanoseconds(10 + 19 * 300) - microseconds(1));
}

TEST_CASE("what an event throws keeps its type and leaves the wheel usable") {
    SimSession session([] {});
    EventWheel wheel("wheel", microseconds(1));
    session.elaborate();
    Thrower t;
    wheel.wheel().at(nanoseconds(1), t);
    wheel.kick();
    session.run();
    CHECK_THROWS_AS(wheel.rethrow(), ModelError);
    CHECK_NOTHROW(wheel.rethrow());
    Chain c;
    c.wheel = &wheel.wheel();
    c.left = 1;
    wheel.wheel().at(wheel.wheel().now(), c);
    wheel.kick();
    session.run();
    CHECK(c.left == 0);
}

TEST_CASE("a second session evicts the first") {
    struct Built {
        SimSession session;
        EventWheel wheel;
        explicit Built(std::function<void()> evict) : session(std::move(evict)), wheel("wheel", microseconds(1)) {
            session.elaborate();
        }
    };
    std::unique_ptr<Built> first, second;
    first = std::make_unique<Built>([&] { first.reset(); });
    second = std::make_unique<Built>([&] { second.reset(); });
    CHECK(first == nullptr);
    REQUIRE(second != nullptr);
    Chain c;
    c.wheel = &second->wheel.wheel();
    c.left = 3;
    second->wheel.wheel().at(nanoseconds(1), c);
    second->wheel.kick();
    second->session.run();
    CHECK(c.left == 0);
}

TEST_CASE("a starved simulation names who waits") {
    Watchdog dog;
    dog.watch([] { return std::string("2 of 4 workers"); });
    CHECK_THROWS_WITH(dog.starved(), Catch::Contains("no event is left") && Catch::Contains("2 of 4 workers"));
    CHECK_THROWS_AS(dog.starved(), InternalError);
}
