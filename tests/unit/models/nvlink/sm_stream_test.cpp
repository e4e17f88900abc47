#include "models/nvlink/sm_stream.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

const SystemConfig& h200() {
    static const SystemConfig system = load_system(find_config("systems", "h200"));
    return system;
}

StreamJob long_push(int sms, bool bulk) {
    StreamJob j;
    j.crew.bulk = bulk;
    j.crew.warps = bulk ? 4 : 32;
    j.sms = sms;
    j.per_peer = mib(256);
    j.chunk = kib(8);
    return j;
}

double rate(const StreamJob& job, double wire_ns) {
    const StreamTime t = stream_time(sm_link_params(h200()), job, nanoseconds(wire_ns), megahertz(1980));
    return to_double(job.per_peer) / to_nanoseconds(t.round);
}

}  // namespace

TEST_CASE("one SM's port carries a byte in and a byte out") {
    const SmLinkParams p = sm_link_params(h200());
    const double cycles = 1 / p.read.raw() + 1 / p.write.raw();
    CHECK(port_cycles_per_byte(p, CopyTarget::local, false) == Approx(cycles));
    // H200 micro B.sms, copy, one SM: 97.6 and 100.7 GB/s counting both directions.
    CHECK(2 * 1.98 / cycles == Approx(98).epsilon(0.03));
    CHECK(rate(long_push(1, false), 0) ==
          Approx(1.98 / port_cycles_per_byte(p, CopyTarget::peer, false)).epsilon(0.02));
}

TEST_CASE("more SMs are never slower, until the wires are full") {
    for (const bool bulk : {false, true}) {
        double last = 0;
        const double wire_ns = 268435456 / 360.0;
        for (int sms : {1, 2, 4, 8, 16, 64, 132}) {
            const double now = rate(long_push(sms, bulk), wire_ns);
            CHECK(now >= last * (1 - 1e-6));
            CHECK(now <= 360.01);
            last = now;
        }
        CHECK(last > 355);
        CHECK(rate(long_push(4, bulk), wire_ns) == Approx(4 * rate(long_push(1, bulk), 0)).epsilon(0.03));
    }
}

TEST_CASE("a fence in every round costs small rounds most") {
    StreamJob job = long_push(8, false);
    job.rounds = 16;
    for (std::int64_t size : {std::int64_t{1} << 16, std::int64_t{1} << 24}) {
        job.per_peer = bytes(size);
        job.fenced = false;
        const double stream = rate(job, 0);
        job.fenced = true;
        CHECK(rate(job, 0) < stream);
        CHECK((rate(job, 0) > 0.9 * stream) == (size > 1000000));
    }
}

TEST_CASE("jobs without SMs or bytes are refused") {
    const SmLinkParams p = sm_link_params(h200());
    StreamJob job = long_push(0, false);
    CHECK_THROWS_AS(stream_time(p, job, Time::zero(), megahertz(1980)), ModelError);
    job = long_push(1, true);
    job.chunk = Bytes::zero();
    CHECK_THROWS_AS(stream_time(p, job, Time::zero(), megahertz(1980)), ModelError);
    SystemConfig none = h200();
    none.nvlink.order.store = BytesPerCycle::zero();
    CHECK_THROWS_AS(sm_link_params(none), ModelError);
}
