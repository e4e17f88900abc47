// The fabric seen from one GPU: NVLink and NVSwitch within the node, one NIC per GPU between nodes, and whoever drives
// the copies (SMs as DeepEP does, or the communication co-processor).
//
// An exchange is a pipeline of legs (send copies, NIC, forwarding, NVLink, receive copies) through which chunks pass;
// each leg's time is its bytes over what its resource sustains at the given SM clock. Times are those of a rank among
// ranks that send alike and start together: waiting for slower ranks, and sharing HBM, L2 and links with other
// kernels, is replay's part. Not modelled: congestion in the leaf and spine switches, and queues between peers.
//
// Against measurements that no constant was fitted to: DeepEP on 2 and 4 H200 GPUs from 4 to 32 SMs, median error 5 %
// and 11 %, worst 18 %; DeepEP's first published H800 table, EP8 to EP64, within 15 %. DeepSeek's training trace takes
// longer than the exchange alone: combine 1.2 times, dispatch 1.2 (of dY) to 1.6 times (of x, the same bytes beside
// more memory-bound kernels). The clock explains none of it, as the NIC sets the pace; what is left is contention
// for HBM and L2 on the copies' memory round trips and waiting for peers.
#pragma once

#include "models/device/deepep.hpp"
#include "models/device/exchange_roles.hpp"
#include "models/device/pipeline.hpp"
#include "sim/ir/kernel_timer.hpp"

#include <vector>

namespace tessera {

class DeviceFabric : public Fabric {
public:
    // ModelError if the links or the power figures cannot be used.
    explicit DeviceFabric(const SystemConfig& system, const DeepEpProtocol& protocol = {});

    // ModelError: more SMs than there are, ranks that do not fill nodes, or a dispatch or combine that nothing can
    // drive (no SMs, no co-processor, no fabric that forwards by itself).
    KernelResult exchange(const ExchangeDesc& exchange, const KernelContext& context) override;
    // Round trips over both networks and the metadata; no waiting.
    KernelResult barrier(const BarrierDesc& barrier, const KernelContext& context) override;

private:
    Frequency clock_of(const KernelContext& context) const;
    int sms_of(int wanted, const KernelContext& context) const;
    std::vector<Leg> routed_legs(const ExchangeDesc& exchange, const ExchangeFlow& flow,
                                 const std::vector<ExchangeRole>& roles, int sms, Frequency clock) const;
    // More channels than chunks to fill them only delay the first chunks: of `sms`, those that help; the others idle.
    int useful_sms(const ExchangeDesc& exchange, const ExchangeFlow& flow, const std::vector<ExchangeRole>& roles,
                   int sms, Frequency clock) const;
    std::vector<Leg> collective_legs(const ExchangeDesc& exchange, int sms, Frequency clock) const;
    Time routed_time(const ExchangeDesc& exchange, int sms, Frequency clock) const;
    Time collective_time(const ExchangeDesc& exchange, int sms, Frequency clock) const;
    KernelResult routed(const ExchangeDesc& exchange, int sms, Frequency clock) const;
    KernelResult collective(const ExchangeDesc& exchange, int sms, Frequency clock) const;
    Time launch() const { return system_.launch.kernel_latency + system_.launch.drain; }

    SystemConfig system_;
    DeepEpProtocol protocol_;
};

}  // namespace tessera
