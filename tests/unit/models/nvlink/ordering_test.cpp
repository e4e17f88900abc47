#include "models/nvlink/ordering.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

const SystemConfig& h200() {
    static const SystemConfig system = load_system(find_config("systems", "h200"));
    return system;
}
const Frequency clock_now = megahertz(1980);

}  // namespace

TEST_CASE("what lies further away takes longer") {
    const Time near = load_latency(h200(), clock_now, HeldIn::l2, false);
    CHECK(load_latency(h200(), clock_now, HeldIn::l1, false) < near);
    CHECK(load_latency(h200(), clock_now, HeldIn::hbm, false) == near + h200().hbm.latency);
    CHECK(load_latency(h200(), clock_now, HeldIn::l2, true) == near + h200().nvlink.order.load_trip);
    CHECK(atomic_latency(h200(), clock_now, true) == load_latency(h200(), clock_now, HeldIn::l2, true));
}

TEST_CASE("a turn of stores and a fence is both") {
    const NvlinkOrderConfig& o = h200().nvlink.order;
    CHECK(fence_turn(h200(), clock_now, FenceScope::system, 1, 0, false) == o.fence_sys.idle);
    CHECK(fence_turn(h200(), clock_now, FenceScope::system, 1, 1, true) == o.sync_turn + o.fence_sys.peer_stores);
    // 1024 threads, four stores: 64 KiB at 32 B per clock.
    CHECK(to_nanoseconds(fence_turn(h200(), clock_now, FenceScope::none, 1024, 4, false)) ==
          Approx(65536 / 32 / 1.98).epsilon(1e-3));
}

TEST_CASE("additions are paced by the SM, the wires or the word") {
    const Reductions spread{1, 256, 100, false, true}, word{132, 256, 20, true, true};
    CHECK(reductions_per_second(h200(), clock_now, word) < h200().nvlink.order.reductions_peer_word.raw());
    Reductions more = spread;
    more.blocks = 132;
    CHECK(reductions_per_second(h200(), clock_now, more) > 5 * reductions_per_second(h200(), clock_now, spread));
}

TEST_CASE("a flag follows its payload") {
    Time last;
    for (std::int64_t size : {0, 16, 7168, 65536}) {
        const Time now = signal_latency(h200(), clock_now, Signal::release_to_peer, bytes(size), 1024);
        CHECK(now > last);
        last = now;
    }
    CHECK(signal_latency(h200(), clock_now, Signal::release_to_peer, Bytes::zero(), 1) == h200().nvlink.order.flag);
}

TEST_CASE("a system without these latencies is refused") {
    SystemConfig none = h200();
    none.nvlink.order = {};
    CHECK_THROWS_AS(load_latency(none, clock_now, HeldIn::l2, true), ModelError);
    CHECK_THROWS_AS(signal_latency(none, clock_now, Signal::release_to_peer, Bytes::zero(), 1), ModelError);
    CHECK_THROWS_AS(fence_turn(none, clock_now, FenceScope::gpu, 1, 0, false), ModelError);
}
