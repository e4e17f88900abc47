#include "models/sm/steady_rate.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("the rate is measured over whole rounds of one lane after the warm-up", "[steady_rate]") {
    SteadyRate rate(4.0);  // waves of four lanes
    std::optional<double> found;
    std::int64_t when = 0;
    int rounds = 0;
    for (int wave = 0; wave < 100 && !found; ++wave) {
        ++rounds;
        for (std::size_t lane = 0; lane < 4 && !found; ++lane) {
            when += lane == 0 ? 700 : 100;  // bursts: a round takes 1,000 fs
            found = rate.done(1.0, lane, femtoseconds(when));
        }
    }
    REQUIRE(found);
    CHECK(*found == Approx(4.0 / 1000));
    CHECK(rounds == 8 + 64);                                    // eight to warm up, 64 measured
    CHECK_FALSE(rate.done(1.0, 0, femtoseconds(when + 1000)));  // answers once
}

TEST_CASE("a kernel of few waves is never skipped", "[steady_rate]") {
    SteadyRate rate(4.0);
    for (int i = 0; i < 4 * 70; ++i) { CHECK_FALSE(rate.done(1.0, static_cast<std::size_t>(i % 4), nanoseconds(i))); }
    CHECK(rate.skippable(16.0) == 0.0);
}

TEST_CASE("only whole waves are skipped and the end is left", "[steady_rate]") {
    const SteadyRate rate(4.0);
    CHECK(rate.skippable(103.0) == 80.0);  // 25.75 waves left: 20 whole ones beside the last five
}

TEST_CASE("nothing is measured before the caches are as full as they stay", "[steady_rate]") {
    SteadyRate rate(4.0, 80.0);
    double work = 0;
    while (!rate.done(1.0, static_cast<std::size_t>(work) % 4, nanoseconds(work))) { work += 1; }
    CHECK(work >= 80.0 + 4.0 * 64 - 4.0);
}
