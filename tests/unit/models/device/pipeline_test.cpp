#include "models/device/pipeline.hpp"

#include "models/if/server.hpp"
#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

// Every chunk through every leg, one by one.
Time walk(const std::vector<Leg>& legs, int chunks) {
    std::vector<Server> servers(legs.size());
    Time end;
    for (int c = 0; c < chunks; ++c) {
        Time when;
        for (std::size_t i = 0; i < legs.size(); ++i) {
            when = servers[i].serve(when, legs[i].busy / chunks) + legs[i].latency;
        }
        end = max(end, when);
    }
    return end;
}

}  // namespace

TEST_CASE("three legs of four chunks, by hand") {
    // Per chunk 10, 30, 20 ns: fill 60, then three more at 30; latencies 5 and 1 once.
    std::vector<Leg> legs = {{"a", Limiter::sm_copy, nanoseconds(40), 4, nanoseconds(5)},
                             {"b", Limiter::nic, nanoseconds(120), 4, nanoseconds(1)},
                             {"c", Limiter::nvlink, nanoseconds(80), 4, Time::zero()}};
    CHECK(pipeline_time(legs) == nanoseconds(60 + 90 + 6));
    CHECK(slowest(legs).limiter == Limiter::nic);
    for (Leg& leg : legs) { leg.chunks = 1; }
    CHECK(pipeline_time(legs) == nanoseconds(40 + 120 + 80 + 6));
    legs[1].chunks = 8;  // hands on smaller chunks: the last leg starts after the first of them, the pace stays
    CHECK(pipeline_time(legs) == nanoseconds(40 + 15 + 80 + 105 + 6));
}

TEST_CASE("the closed form is the walk through equal chunks") {
    for (int chunks : {1, 2, 3, 17, 200}) {
        const std::vector<Leg> legs = {
            {"a", Limiter::sm_copy, microseconds(300), static_cast<double>(chunks), nanoseconds(500)},
            {"b", Limiter::nic, microseconds(280), static_cast<double>(chunks), microseconds(3)},
            {"c", Limiter::sm_copy, microseconds(310), static_cast<double>(chunks), Time::zero()},
            {"d", Limiter::nvlink, microseconds(10), static_cast<double>(chunks), microseconds(1)}};
        CHECK(to_nanoseconds(pipeline_time(legs)) == Approx(to_nanoseconds(walk(legs, chunks))).margin(1e-3));
    }
}

TEST_CASE("a pipeline without legs is our mistake") { CHECK_THROWS_AS(pipeline_time({}), InternalError); }
