// NVSwitch as a module between the NVLink ports of a node. Ports are bound in the order of the GPUs.
#pragma once

#include "models/if/link_if.hpp"
#include "models/switch/nv_switch.hpp"

namespace tessera {

struct NvSwitchStats {
    std::int64_t deliveries = 0, gathers = 0;
    Bytes in{}, out{};  // into and out of the switch
};

class NvSwitch : public sc_core::sc_module, public SwitchIf {
public:
    sc_core::sc_port<LinkIf, 0> links;
    sc_core::sc_export<SwitchIf> port;

    NvSwitch(sc_core::sc_module_name name, const NvlinkConfig& config);

    void reset() { stats_ = NvSwitchStats{}; }
    const NvSwitchStats& stats() const { return stats_; }

    // A target equal to `from` costs no link. ModelError for a GPU that is not bound.
    Time deliver(int from, const std::vector<int>& to, Bytes payload, Time when) override;
    Time gather(const std::vector<int>& from, int to, Bytes payload, Time when) override;

private:
    LinkIf& link(int gpu);
    void end_of_elaboration() override;

    SwitchParams params_;
    NvSwitchStats stats_;
};

}  // namespace tessera
