#include "models/hbm/loaded_latency.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("a queue with constant service waits half a service at two thirds") {
    HbmConfig c;
    c.queue_service = nanoseconds(20);
    c.queue_limit = nanoseconds(400);
    CHECK(queue_wait(c, 0) == Time::zero());
    CHECK(to_nanoseconds(queue_wait(c, 0.5)) == Approx(10));
    CHECK(to_nanoseconds(queue_wait(c, 0.9)) == Approx(90));
    CHECK(queue_wait(c, 0.999) == nanoseconds(400));
    CHECK(queue_wait(c, 1) == nanoseconds(400));
    CHECK_THROWS_AS(queue_wait(c, -0.1), ModelError);
}

TEST_CASE("the wait follows a lone reader's latency beside loads") {
    // H200 micro A.hbm_latency_under_load, all SMs at a reduced rate: GB/s of the loaders and ns more than at 977 GB/s.
    const SystemConfig h200 = load_system(find_config("systems", "h200"));
    const double full = 4603.7, measured[][2] = {{1806, 4}, {2285, 11}, {3077, 22}, {3659, 42}};
    const Time least = queue_wait(h200.hbm, 977 / full);
    for (const auto& m : measured) {
        CHECK(to_nanoseconds(queue_wait(h200.hbm, m[0] / full) - least) == Approx(m[1]).margin(30));
    }
    // Near the full rate the line is steep: 89 ns were measured, 156 follow.
    const Time near_full = queue_wait(h200.hbm, 4282 / full) - least;
    CHECK(to_nanoseconds(near_full) > 42);
    CHECK(to_nanoseconds(near_full) < 2 * 89);
}
