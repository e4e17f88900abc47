// The Tensor Cores of every SM, one module for all: wgmma groups occupy an SM's unit in the order of the calls.
#pragma once

#include "models/if/clock.hpp"
#include "models/if/server.hpp"
#include "models/if/tensor_core_if.hpp"
#include "sim/config/system_config.hpp"

#include <systemc>
#include <vector>

namespace tessera {

struct TensorCoreStats {
    Time busy{};  // summed over SMs
    double macs = 0;
};

class TensorCore : public sc_core::sc_module, public TensorCoreIf {
public:
    sc_core::sc_export<TensorCoreIf> port;

    TensorCore(sc_core::sc_module_name name, const SmConfig& config);

    void reset(Time now, const Clock& clock);
    TensorCoreStats stats() const;

    double cycles(const MmaShape& shape) const override;
    double smem_bytes(const MmaShape& shape) const override;
    Time mma(int sm, const MmaShape& shape, Time when) override;

private:
    SmConfig config_;
    Clock clock_;
    std::vector<Server> units_;
    TensorCoreStats stats_;
};

}  // namespace tessera
