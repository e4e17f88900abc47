// The HBM model behind its TLM socket, driven through L2's socket of the bench by plain payloads.
#include "models/hbm/hbm.hpp"

#include "sim/base/error.hpp"
#include "sim/engine/sc_time.hpp"
#include "tests/support/bench.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::Bench;
using tessera::testing::round_system;

namespace {

struct Call {
    Time done{};
    HbmAccess access;
};

Call transport(Bench& bench, bool write, std::uint64_t address, unsigned bytes, Time when, double ratio = 1.0,
               double core = 1.0, std::int64_t run = 0, bool scattered = false) {
    Call call;
    call.access.near_memory_ratio = ratio;
    call.access.core_ratio = core;
    call.access.run = tessera::bytes(run);
    call.access.scattered = scattered;
    tlm::tlm_generic_payload payload;
    payload.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload.set_address(address);
    payload.set_data_length(bytes);
    payload.set_extension(&call.access);
    sc_core::sc_time delay = to_sc_time(when);
    bench.hbm().b_transport(payload, delay);
    payload.clear_extension(&call.access);
    CHECK(payload.is_response_ok());
    call.done = from_sc_time(delay);
    return call;
}

}  // namespace

TEST_CASE("an idle channel answers after its transfer and the latency") {
    Bench bench(round_system());
    // 256 B on one channel of 10 B/ns and 200 ns of latency.
    CHECK(transport(bench, false, 0, 256, Time::zero()).done == nanoseconds(225.6));
}

TEST_CASE("a channel is blocked until its data bus is free and free at that instant") {
    Bench bench(round_system());
    transport(bench, false, 0, 256, Time::zero());  // bus busy until 25.6 ns; opens the row
    CHECK(transport(bench, false, 0, 256, nanoseconds(25.599999)).done == nanoseconds(25.6 + 25.6 + 200));
    CHECK(transport(bench, false, 0, 256, nanoseconds(51.2)).done == nanoseconds(51.2 + 25.6 + 200));
}

TEST_CASE("runs that lie apart meet channels unevenly, what stores scatter is written back together") {
    const auto access = [](std::int64_t run, bool write, bool scattered) {
        Bench bench(round_system());
        return transport(bench, write, 0, 4096, Time::zero(), 1.0, 1.0, run, scattered).done;
    };
    // Four channels of 10 B/ns take 1 KiB of the 4 KiB each.
    CHECK(access(0, false, false) == nanoseconds(102.4 + 200));
    CHECK(access(256, false, false) > nanoseconds(102.4 + 25 + 200));
    CHECK(access(256, true, true) == access(0, true, true));
}

TEST_CASE("two rows of one bank are a row cycle apart") {
    const SystemConfig c = round_system();
    Bench bench(c);
    const HbmParams& p = bench.hbm().params();
    // Find a later unit on the same channel and bank but in another row.
    const HbmUnit first(0, hbm_chunk, p);
    std::uint64_t other = 1;
    for (;; ++other) {
        const HbmUnit u(other, hbm_chunk, p);
        const auto banks = static_cast<std::uint64_t>(p.banks);
        if (u.channel() == first.channel() && u.row() != first.row() && u.row() % banks == first.row() % banks) {
            break;
        }
    }
    transport(bench, false, 0, 64, Time::zero());
    const Time done = transport(bench, false, other * 256, 64, nanoseconds(10)).done;
    CHECK(done >= nanoseconds(40 + 6.4 + 200));  // activation at row_cycle = 40 ns
}

TEST_CASE("logic beside the memory halves the bytes at the pins, not those of the arrays") {
    SystemConfig c = round_system();
    c.hbm.near_memory_cast = true;
    c.hbm.cast_throughput = gb_per_second(1000);
    c.hbm.cast_latency = nanoseconds(7);
    c.hbm.core_rate = 2;
    Bench bench(c);
    const Call call = transport(bench, false, 0, 256, Time::zero(), 0.5);
    CHECK(call.done == nanoseconds(12.8 + 200 + 7));
    CHECK(call.access.pin_bytes == bytes(128));
    CHECK(bench.hbm().stats().read_pins == bytes(128));
    CHECK(bench.hbm().stats().core == bytes(256));
}

TEST_CASE("arrays no faster than the pins leave a casting read as slow as a plain one") {
    SystemConfig c = round_system();
    c.hbm.near_memory_cast = true;
    c.hbm.cast_throughput = gb_per_second(1000);
    {
        Bench bench(c);
        CHECK(transport(bench, false, 0, 256, Time::zero(), 0.5).done == nanoseconds(25.6 + 200));
    }
    Bench narrow(c);  // FP8 out of BF16: the arrays read twice what is delivered
    const Call call = transport(narrow, false, 0, 256, Time::zero(), 1.03125, 2.0);
    CHECK(call.done == nanoseconds(51.2 + 200));
    CHECK(narrow.hbm().stats().core == bytes(512));
    CHECK(call.access.pin_bytes == bytes(264));
}

TEST_CASE("casting writes occupy a channel for the bytes that cross it") {
    SystemConfig c = round_system();
    c.hbm.near_memory_cast = true;
    c.hbm.cast_throughput = gb_per_second(1000);
    c.hbm.core_rate = 4;
    const auto last_of = [](const SystemConfig& system, double ratio) {
        Bench bench(system);
        Time last{};
        for (std::uint64_t i = 0; i < 64; ++i) {
            last = max(last, transport(bench, true, i * 256, 256, Time::zero(), ratio).done);
        }
        return last;
    };
    CHECK(last_of(c, 0.5) < last_of(round_system(), 1.0));
}

TEST_CASE("a starved casting unit makes such reads slower than plain ones") {
    SystemConfig c = round_system();
    c.hbm.near_memory_cast = true;
    c.hbm.cast_throughput = gb_per_second(1);
    Bench bench(c);
    CHECK(transport(bench, false, 0, 256, Time::zero(), 0.5).done > nanoseconds(225.6));
}

TEST_CASE("the protocol is loosely timed only") {
    Bench bench(round_system());
    tlm::tlm_generic_payload payload;
    tlm::tlm_phase phase;
    sc_core::sc_time delay;
    CHECK_THROWS_AS(bench.hbm().nb_transport_fw(payload, phase, delay), InternalError);
}
