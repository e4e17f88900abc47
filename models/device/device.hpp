// The device as a KernelTimer: one SystemC elaboration, many kernels, answers memoised. This header is free of
// SystemC.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_timer.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>

namespace tessera {

struct SimulationCounters {
    std::uint64_t simulated = 0;   // kernels run through SystemC
    std::uint64_t remembered = 0;  // answered from the memo
    std::uint64_t events = 0;      // wheel events dispatched
};

// Times GEMM, attention and stream kernels by simulating them; exchanges and barriers go to `fabric`, recorded
// kernels answer with their recorded duration. SystemC allows one elaborated device at a time: several DeviceTimers
// may exist, the one that simulates evicts the other and costs it a new elaboration.
class DeviceTimer : public KernelTimer {
public:
    // `fabric` may be null: exchanges and barriers then throw ModelError. Throws ModelError for a system that cannot
    // be built (missing sizes or rates).
    explicit DeviceTimer(const SystemConfig& system, Fabric* fabric = nullptr);
    ~DeviceTimer() override;
    DeviceTimer(const DeviceTimer&) = delete;
    DeviceTimer& operator=(const DeviceTimer&) = delete;

    // Throws ModelError if the kernel does not fit the model or the device.
    KernelResult time(const KernelDesc& kernel, const KernelContext& context) override;

    const SimulationCounters& counters() const { return counters_; }

private:
    struct Built;  // session and modules
    KernelResult simulate(const KernelDesc& kernel, const KernelContext& context);

    SystemConfig system_;
    Fabric* fabric_;
    std::unique_ptr<Built> built_;
    std::unordered_map<std::uint64_t, KernelResult> memo_;  // looked up, never iterated
    SimulationCounters counters_;
};

}  // namespace tessera
