// Dispatch and combine of mixture-of-experts layers: the one model behind DeepEP's tables, the training chunk and the
// proposals. Legs of a pipeline through which chunks pass; each leg's time is its bytes over what its resource
// sustains: packets on NVLink (nvlink/wire.hpp) and through leaves and spines (network/folded.hpp), copy loops of SMs
// with their memory round trips (sm_legs.hpp), jobs of a co-processor's engines. Warps that push rows meet those of
// other GPUs on the wires, and the longest of their queues ends last (wire_sharing.hpp).
#pragma once

#include "models/device/deepep.hpp"
#include "models/device/exchange_roles.hpp"
#include "models/device/pipeline.hpp"
#include "models/device/sm_legs.hpp"
#include "sim/ir/kernel_desc.hpp"

#include <vector>

namespace tessera {

class RoutedExchange {
public:
    // `sms` that drive it; those that more channels than chunks would leave idle do nothing. ModelError: nothing can
    // drive it (no SMs, no co-processor, no fabric that forwards by itself), too few SMs for a channel, or what
    // exchange_flow() refuses.
    RoutedExchange(const SystemConfig& system, const DeepEpProtocol& protocol, const ExchangeDesc& exchange, int sms);

    // Legs while other kernels use `load` (0 to 1) of the HBM's rate. Without SMs `clock` does not matter.
    std::vector<Leg> legs(Frequency clock, double load) const;
    Time time(Frequency clock, double load) const { return pipeline_time(legs(clock, load)); }

    const ExchangeFlow& flow() const { return flow_; }
    const std::vector<ExchangeRole>& roles() const { return roles_; }
    const Traffic& traffic() const { return traffic_; }

private:
    std::vector<Leg> legs_on(int sms, Frequency clock, double load) const;
    std::vector<Leg> legs_lasting(int sms, Frequency clock, double load, Time lasts) const;
    Time busiest_queues(const SmDrive& drive, const ExchangeRole& role) const;
    int useful_sms(Frequency clock) const;
    Leg nvlink_leg() const;
    Leg nic_leg() const;
    bool proxied() const;
    Bytes put_bytes() const;  // through the NIC of the busiest relay

    const SystemConfig& system_;
    DeepEpProtocol protocol_;
    DeepEpChunks chunks_;
    ExchangeKind kind_;
    double busiest_relay_ = 1;
    int sms_ = 0;
    ExchangeFlow flow_;
    std::vector<ExchangeRole> roles_;
    Traffic traffic_;
    Leg nvlink_, nic_;  // their chunks depend on who drives
};

}  // namespace tessera
