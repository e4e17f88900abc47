#include "models/switch/nv_switch_module.hpp"

#include "sim/base/error.hpp"

#include <string>

namespace tessera {

NvSwitch::NvSwitch(sc_core::sc_module_name name, const NvlinkConfig& config)
    : sc_module(name), links("links"), port("port"), params_(switch_params(config)) {
    port.bind(*this);
}

void NvSwitch::end_of_elaboration() { invariant(links.size() > 0, "NVSwitch without links"); }

LinkIf& NvSwitch::link(int gpu) {
    if (gpu < 0 || gpu >= links.size()) {
        throw ModelError("NVSwitch: GPU " + std::to_string(gpu) + " is not among its " + std::to_string(links.size()));
    }
    return *links[gpu];
}

Time NvSwitch::deliver(int from, const std::vector<int>& to, Bytes payload, Time when) {
    ++stats_.deliveries;
    Time last = when, at_switch;
    bool sent = false;
    for (int target : to) {
        LinkIf& far = link(target);
        if (target == from) { continue; }
        if (!sent || !params_.multicast) {
            at_switch = link(from).send(payload, when);
            stats_.in += payload;
            sent = true;
        }
        last = max(last, far.receive(payload, at_switch));
        stats_.out += payload;
    }
    return last;
}

Time NvSwitch::gather(const std::vector<int>& from, int to, Bytes payload, Time when) {
    ++stats_.gathers;
    Time last = when;
    bool any = false;
    for (int source : from) {
        if (source == to) { continue; }
        any = true;
        const Time at_switch = link(source).send(payload, when);
        stats_.in += payload;
        if (params_.reduce) {
            last = max(last, at_switch);
        } else {
            last = max(last, link(to).receive(payload, at_switch));
            stats_.out += payload;
        }
    }
    if (any && params_.reduce) {
        last = link(to).receive(payload, last);
        stats_.out += payload;
    }
    return last;
}

}  // namespace tessera
