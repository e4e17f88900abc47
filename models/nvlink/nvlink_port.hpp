// The NVLink port of one GPU as a module: books both wires, keeps count.
#pragma once

#include "models/if/link_if.hpp"
#include "models/nvlink/nvlink.hpp"

namespace tessera {

class NvlinkPort : public sc_core::sc_module, public LinkIf {
public:
    sc_core::sc_export<LinkIf> port;

    NvlinkPort(sc_core::sc_module_name name, const NvlinkConfig& config);  // ModelError as nvlink_params

    void reset(Time now);
    const NvlinkStats& stats() const { return stats_; }
    const NvlinkParams& params() const { return params_; }
    // InternalError unless, per direction, busy time is the bytes over the payload rate and no more than `now` allows.
    void check(Time now) const;

    Time send(Bytes payload, Time when) override;
    Time receive(Bytes payload, Time when) override;

private:
    NvlinkParams params_;
    NvlinkState state_;
    NvlinkStats stats_;
    Time begin_{};
};

}  // namespace tessera
