#include "models/nvlink/sm_copy.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("a warp needs a trip per unrolled group and one per step of the remainder") {
    const WarpCopy plain{5, 0};
    CHECK(copy_trips(plain, bytes(7168)) == 6);   // 14 steps of 512 bytes: 2 groups of 5, then 4
    CHECK(copy_trips(plain, bytes(14336)) == 8);  // 28 steps: 5 groups, then 3
    CHECK(copy_trips(plain, bytes(7392)) == 7);   // the 224 bytes of scales take a trip of their own
    CHECK(copy_trips(plain, bytes(512)) == 1);
    CHECK(copy_trips({1, 3}, bytes(14336)) == 31);  // no unrolling, three extra trips
}

TEST_CASE("one customer never waits, many are paced by the port") {
    const Time think = nanoseconds(900), service = nanoseconds(100);
    CHECK(shared_port_round(think, service, 1) == nanoseconds(1000));
    // Two customers: the first finds a queue of 100/1000 on arrival of the second, 900 + 100 (1 + 0.1).
    CHECK(to_nanoseconds(shared_port_round(think, service, 2)) == Approx(1010));
    for (int n = 1; n < 200; n += 7) {
        const double round = to_nanoseconds(shared_port_round(think, service, n));
        CHECK(round >= std::max(1000.0, n * 100.0) - 1e-3);
        CHECK(round <= 900 + n * 100.0 + 1e-3);
    }
    CHECK(to_nanoseconds(shared_port_round(think, service, 200)) == Approx(20000).epsilon(0.001));
}

TEST_CASE("the push rate is the measured bytes per clock and follows the clock") {
    const SystemConfig h200 = load_system(find_config("systems", "h200"));
    const SmCopyParams p = sm_copy_params(h200);
    CHECK(p.push.raw() == Approx(22.8).epsilon(0.02));
    const Time fast = port_time(p, megahertz(1980), mib(1), mib(1), 0);
    CHECK((mib(1) / fast).raw() == Approx(h200.nvlink.per_sm.raw()).epsilon(1e-6));
    CHECK(port_time(p, megahertz(990), mib(1), mib(1), 0) / fast == Approx(2));
    CHECK(port_time(p, megahertz(1980), mib(1), mib(40), 0) > fast);   // loads limit
    CHECK(port_time(p, megahertz(1980), mib(1), mib(1), 1e7) > fast);  // additions limit
    CHECK(load_trip(p, megahertz(1980), true) - load_trip(p, megahertz(1980), false) == h200.hbm.latency);
}

TEST_CASE("bandwidth against SMs follows the silicon up to the link") {
    // nvlink_2gpu.json section C, uni1, ldst_push, 64 MiB: GB/s with 1, 2, 4, 8, 64 SMs.
    const SystemConfig h200 = load_system(find_config("systems", "h200"));
    const SmCopyParams p = sm_copy_params(h200);
    const double link = h200.nvlink.per_direction.raw() * h200.nvlink.efficiency;
    const double measured[][2] = {{1, 45.1}, {2, 90.1}, {4, 178.9}, {8, 351.0}, {64, 362.4}};
    for (const auto& m : measured) {
        const double sms = m[0] * (p.push * megahertz(1980)).raw();
        CHECK(std::min(sms, link) / 1e9 == Approx(m[1]).epsilon(0.07));  // the link counts rows, not one long stream
    }
}

TEST_CASE("an SM that cannot copy is refused") {
    SystemConfig c = load_system(find_config("systems", "h200"));
    c.nvlink.per_sm = Bandwidth::zero();
    CHECK_THROWS_AS(sm_copy_params(c), ModelError);
}
