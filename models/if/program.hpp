// A kernel as a state machine: it schedules its own events on the device's wheel and asks units through their
// interfaces. One class per kind of kernel, in models/sm.
#pragma once

#include "models/if/clock.hpp"
#include "models/if/cuda_core_if.hpp"
#include "models/if/memory_if.hpp"
#include "models/if/smem_if.hpp"
#include "models/if/tensor_core_if.hpp"
#include "models/if/tma_if.hpp"
#include "sim/config/system_config.hpp"
#include "sim/engine/timing_wheel.hpp"
#include "sim/ir/kernel_desc.hpp"
#include "sim/ir/kernel_result.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tessera {

// What a program may use while it runs; everything outlives it.
struct Units {
    TimingWheel& wheel;
    MemoryIf& memory;
    TmaIf& tma;
    SmemIf& smem;
    TensorCoreIf& tensor;
    CudaCoreIf& cuda;
    const SystemConfig& config;
};

// The resolved context of one run.
struct RunScope {
    int sms = 0;  // SMs 0..sms-1 run the kernel
    Clock clock;  // of the SMs and L2
    bool exact = false;
    Time begin{};  // first instruction of the first thread block; the device adds launch latency and drain
};

// How busy the shared units were over the run, 0..1 of the elapsed time.
struct UnitUse {
    double hbm = 0, l2_slices = 0, l2_link = 0;
    double sm_port = 0, smem = 0, tensor = 0, cuda = 0, tma = 0;  // mean over the SMs of the run
};

// What only the program knows. Counts are added to those of the units it used.
struct ProgramReport {
    Limiter limiter = Limiter::none;
    Flops tensor_flops{};
    Time tensor_busy{}, cuda_busy{};  // per SM used, beyond what the tensor and cuda units counted
    double cuda_ops = 0;              // thread instructions beyond those issued through CudaCoreIf
    Bytes smem{};                     // bytes beyond those counted by SmemIf
    double clock_bound = 1.0;         // share of the time that scales with 1 / SM clock
    int sms = 0, waves = 0;
    std::vector<TimeShare> shares;  // add up to finish() - begin + skipped()
};

class Program : public EventSink {
public:
    virtual ~Program() = default;
    // Maps regions, schedules the first events. The first instruction may run at RunScope::begin.
    virtual void start() = 0;
    virtual bool done() const = 0;  // asked when no event is left
    // End of the last thread block, stores included.
    virtual Time finish() const = 0;
    // Time of the periods that were skipped (steady state); finish() does not contain it.
    virtual Time skipped() const { return Time::zero(); }
    virtual std::string waiting() const = 0;  // for the watchdog: who waits for what
    virtual ProgramReport report(const UnitUse& use) const = 0;
};

// Makes the program for one kernel; throws ModelError for kernels it cannot represent.
using ProgramFactory = std::unique_ptr<Program> (*)(const KernelDesc& kernel, const RunScope& scope, Units& units);

}  // namespace tessera
