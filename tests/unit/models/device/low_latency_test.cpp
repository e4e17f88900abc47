#include "models/device/low_latency.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

const SystemConfig& h800() {
    static const SystemConfig system = load_system(find_config("systems", "h800"));
    return system;
}

LowLatencyJob job(int ranks, bool over_nvlink) {
    LowLatencyJob j;
    j.row = bytes(7392);
    j.ranks = ranks;
    j.over_nvlink = over_nvlink;
    return j;
}

Time total(const LowLatencyJob& j) { return low_latency_time(h800(), j, megahertz(1755)).total; }

}  // namespace

TEST_CASE("every message goes somewhere once") {
    for (int ranks : {1, 8, 16, 256}) {
        for (const bool links : {false, true}) {
            const LowLatencyFlow f = low_latency_flow(job(ranks, links));
            CHECK(f.messages == 1024);
            CHECK(f.own + f.on_nic + f.on_nvlink == Approx(1024));
            CHECK(f.own == Approx(1024.0 / ranks));
        }
    }
    CHECK(low_latency_flow(job(8, true)).on_nic == 0);
    CHECK(low_latency_flow(job(16, true)).on_nvlink == Approx(1024 * 7.0 / 16));
}

TEST_CASE("more ranks put more on the NIC, NVLink takes some off") {
    Time last;
    for (int ranks : {8, 16, 32, 64, 128, 256}) {
        const Time now = total(job(ranks, false));
        CHECK(now > last);
        CHECK(total(job(ranks, true)) < now);
        last = now;
    }
}

TEST_CASE("half a node and no tokens are refused") {
    CHECK_THROWS_AS(total(job(12, false)), ModelError);
    LowLatencyJob none = job(8, false);
    none.tokens = 0;
    CHECK_THROWS_AS(total(none), ModelError);
}
