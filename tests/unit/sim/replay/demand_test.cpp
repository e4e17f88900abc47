#include "sim/replay/demand.hpp"

#include "tests/unit/sim/replay/replay_fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

namespace {
double of(const ResourceRates& r, SharedResource which) { return r[static_cast<std::size_t>(which)]; }
}  // namespace

TEST_CASE("capacities are payload rates, the L2 with its clock") {
    SystemConfig system = small_system();
    system.hbm.read_efficiency = 0.9;
    system.nic.packet = bytes(80);
    system.nic.header = bytes(20);
    const ResourceRates c = capacities(system, megahertz(2000));
    CHECK(of(c, SharedResource::hbm) == Approx(900e9));
    CHECK(of(c, SharedResource::l2) == Approx(4000 * 2e9 * 37.44 / 36.08));
    CHECK(of(c, SharedResource::nvlink_in) == Approx(100e9));
    CHECK(of(c, SharedResource::nic_out) == Approx(40e9));
}

TEST_CASE("demand is bytes over time, never beyond the capacity") {
    const ResourceRates c = capacities(small_system(), megahertz(1000));
    Traffic t;
    t.hbm_read = bytes(300'000);
    t.hbm_write = bytes(100'000);
    t.nic_in = bytes(1'000'000);
    const ResourceRates d = demand(t, microseconds(1), c);
    CHECK(of(d, SharedResource::hbm) == Approx(400e9));
    CHECK(of(d, SharedResource::nic_in) == Approx(50e9));  // asked 1 TB/s
    CHECK(of(d, SharedResource::l2) == 0);
}

TEST_CASE("every resource has a name and a limiter") {
    CHECK(to_string(SharedResource::nvlink_out) == "nvlink_out");
    CHECK(limiter_of(SharedResource::nvlink_out) == Limiter::nvlink);
    CHECK(limiter_of(SharedResource::nic_in) == Limiter::nic);
    CHECK(limiter_of(SharedResource::hbm) == Limiter::hbm);
    CHECK(limiter_of(SharedResource::l2) == Limiter::l2);
}
