// Times of many kernels on one system, spread over child processes.
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/app/parallel.hpp"
#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_result.hpp"

#include <string>
#include <vector>

namespace tessera {

// What the device answers for one launch.
struct LaunchPrice {
    Time time{};
    Time launch{};             // the part of it before the first block's first instruction and after the last store
    std::string limiter;       // empty if it was refused
    std::string problem;       // why the model refused the kernel; empty if it did not
    Time tensor_busy{};        // of the Tensor Cores, summed over SMs / SMs used
    double clock_bound = 1.0;  // share of the time that scales with 1 / SM clock
    EnergyUse energy{};        // dynamic, at the case's clock and its supply
};

// Prices of every case's launches, in order; cases with a problem have none. Equal launches are simulated once; a
// refused kernel concerns only its own case. The answers do not depend on `jobs`.
std::vector<std::vector<LaunchPrice>> price_launches(const std::vector<measured::Case>& cases,
                                                     const SystemConfig& system, bool exact, int jobs,
                                                     const ProgressFn& progress = {});

}  // namespace tessera
