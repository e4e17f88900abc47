// The CUDA cores of every SM, one module for all: issue time on three pipes that run side by side.
#pragma once

#include "models/if/clock.hpp"
#include "models/if/cuda_core_if.hpp"
#include "models/if/server.hpp"
#include "sim/config/system_config.hpp"

#include <systemc>
#include <vector>

namespace tessera {

struct CudaCoreStats {
    Time busy{};              // summed over SMs: time in which the SM issued
    double instructions = 0;  // thread instructions
};

// Cycles one SM needs to issue `work`: each pipe at its own rate, all of them behind the warp schedulers' issue
// slots (32 thread instructions each; an FFMA of three registers takes fused_slots of them). Throws ModelError for
// warp-cast work without the capability.
double issue_cycles(const CudaWork& work, const CudaCoreConfig& config);

class CudaCores : public sc_core::sc_module, public CudaCoreIf {
public:
    sc_core::sc_export<CudaCoreIf> port;

    CudaCores(sc_core::sc_module_name name, const SmConfig& config);

    void reset(Time now, const Clock& clock);
    CudaCoreStats stats() const;

    Time issue(int sm, const CudaWork& work, Time when) override;

private:
    CudaCoreConfig config_;
    Clock clock_;
    std::vector<Server> units_;
    CudaCoreStats stats_;
};

}  // namespace tessera
