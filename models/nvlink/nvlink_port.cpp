#include "models/nvlink/nvlink_port.hpp"

#include "sim/base/error.hpp"

#include <cmath>

namespace tessera {

NvlinkPort::NvlinkPort(sc_core::sc_module_name name, const NvlinkConfig& config)
    : sc_module(name), port("port"), params_(nvlink_params(config)) {
    port.bind(*this);
}

void NvlinkPort::reset(Time now) {
    state_.reset(now);
    stats_ = NvlinkStats{};
    begin_ = now;
}

void NvlinkPort::check(Time now) const {
    const auto whole = [&](const Server& wire, Bytes payload) {
        const double expected = to_seconds(payload / params_.payload), busy = to_seconds(wire.busy());
        return std::abs(busy - expected) <= 1e-12 + 1e-6 * expected && wire.busy() <= max(now, wire.free()) - begin_;
    };
    invariant(whole(state_.out, stats_.out) && whole(state_.in, stats_.in), "nvlink: bytes and busy time disagree");
}

Time NvlinkPort::send(Bytes payload, Time when) { return nvlink_send(params_, state_, stats_, payload, when); }

Time NvlinkPort::receive(Bytes payload, Time when) { return nvlink_receive(params_, state_, stats_, payload, when); }

}  // namespace tessera
