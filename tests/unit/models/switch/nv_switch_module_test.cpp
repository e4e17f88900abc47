#include "models/switch/nv_switch_module.hpp"

#include "sim/base/error.hpp"
#include "sim/engine/sim_session.hpp"

#include <catch2/catch.hpp>

#include <memory>

using namespace tessera;

namespace {

// A link of one byte per nanosecond without latency.
struct PlainLink : sc_core::sc_module, LinkIf {
    sc_core::sc_export<LinkIf> port;
    Time out{}, in{};
    explicit PlainLink(sc_core::sc_module_name name) : sc_module(name), port("port") { port.bind(*this); }
    Time send(Bytes payload, Time when) override {
        return out = max(out, when) + nanoseconds(static_cast<double>(payload.raw()));
    }
    Time receive(Bytes payload, Time when) override {
        return in = max(in, when) + nanoseconds(static_cast<double>(payload.raw()));
    }
};

// Time to deliver 100 bytes from GPU 0 to 0..3 and then to gather 100 bytes from 0..3 at GPU 0.
struct Times {
    Time deliver, gather;
    NvSwitchStats stats;
};

Times times_with(bool multicast, bool reduce) {
    SimSession session([] {});
    NvlinkConfig config;
    config.switch_multicast = multicast;
    config.switch_reduce = reduce;
    NvSwitch node("switch", config);
    std::vector<std::unique_ptr<PlainLink>> links;
    for (int gpu = 0; gpu < 4; ++gpu) {
        links.push_back(std::make_unique<PlainLink>(("link" + std::to_string(gpu)).c_str()));
        node.links.bind(links.back()->port);
    }
    session.elaborate();
    Times t;
    t.deliver = node.deliver(0, {0, 1, 2, 3}, bytes(100), Time::zero());
    t.gather = node.gather({0, 1, 2, 3}, 0, bytes(100), Time::zero()) - Time::zero();
    t.stats = node.stats();
    CHECK_THROWS_AS(node.deliver(0, {4}, bytes(1), Time::zero()), ModelError);
    return t;
}

}  // namespace

TEST_CASE("copies leave one after another, a multicast leaves once") {
    CHECK(times_with(false, false).deliver == nanoseconds(400));  // three sends, then the last arrives
    CHECK(times_with(true, false).deliver == nanoseconds(200));
}

TEST_CASE("rows arrive one after another, a reduced row arrives once") {
    CHECK(times_with(false, false).gather == nanoseconds(400));  // all sent by 100, received one by one
    CHECK(times_with(false, true).gather == nanoseconds(200));
}

TEST_CASE("bytes into and out of the switch are counted") {
    const NvSwitchStats plain = times_with(false, false).stats;
    CHECK(plain.in == plain.out);
    CHECK(plain.in == bytes(600));
    const NvSwitchStats helped = times_with(true, true).stats;
    CHECK(helped.in == bytes(400));
    CHECK(helped.out == bytes(400));
}
