#include "models/nvlink/sm_copy.hpp"

#include "sim/base/error.hpp"
#include "sim/config/link_rates.hpp"
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

TEST_CASE("the port carries what is read and what is written one after the other, and follows the clock") {
    const SystemConfig h200 = load_system(find_config("systems", "h200"));
    const SmCopyParams p = sm_copy_params(h200);
    PortWork push;
    push.read = push.remote = mib(1);
    const Time fast = port_time(p, megahertz(1980), push);
    // nvlink_2gpu.json section C, uni1, ldst_push with one SM: 45.1 GB/s.
    CHECK((mib(1) / fast).raw() == Approx(45.1e9).epsilon(0.01));
    CHECK(port_time(p, megahertz(990), push) / fast == Approx(2));
    PortWork more = push;
    more.local = mib(1);
    CHECK(port_time(p, megahertz(1980), more) > fast);
    more = push;
    more.added = 1e7;
    CHECK(port_time(p, megahertz(1980), more) > fast);
}

TEST_CASE("a trip to a busy memory is longer by its share and its wait") {
    const SystemConfig h200 = load_system(find_config("systems", "h200"));
    const SmCopyParams p = sm_copy_params(h200);
    const Time near = load_trip(p, megahertz(1980), 0, nanoseconds(100));
    CHECK(load_trip(p, megahertz(1980), 1, Time::zero()) - near == h200.hbm.latency);
    CHECK(to_nanoseconds(load_trip(p, megahertz(1980), 0.5, nanoseconds(100)) - near) ==
          Approx(0.5 * (to_nanoseconds(h200.hbm.latency) + 100)));
}

TEST_CASE("bandwidth against SMs follows the silicon up to the link") {
    // nvlink_2gpu.json section C, uni1, ldst_push, 64 MiB: GB/s with 1, 2, 4, 8, 64 SMs.
    const SystemConfig h200 = load_system(find_config("systems", "h200"));
    const SmCopyParams p = sm_copy_params(h200);
    PortWork push;
    push.read = push.remote = mib(1);
    const double one = (mib(1) / port_time(p, megahertz(1980), push)).raw(), link = payload_rate(h200.nvlink).raw();
    const double measured[][2] = {{1, 45.1}, {2, 90.1}, {4, 178.9}, {8, 351.0}, {64, 362.4}};
    for (const auto& m : measured) { CHECK(std::min(m[0] * one, link) / 1e9 == Approx(m[1]).epsilon(0.04)); }
}

TEST_CASE("an SM that cannot copy is refused") {
    SystemConfig c = load_system(find_config("systems", "h200"));
    c.nvlink.order.store = BytesPerCycle::zero();
    CHECK_THROWS_AS(sm_copy_params(c), ModelError);
    c = load_system(find_config("systems", "h200"));
    c.sm.cuda.fp32_lanes = 0;
    CHECK_THROWS_AS(sm_copy_params(c), ModelError);
}
