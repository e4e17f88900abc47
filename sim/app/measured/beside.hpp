// Two kernels that run beside each other on one GPU: how fast each goes, relative to alone.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_result.hpp"

#include <array>

namespace tessera::measured {

// One of the two: what a repetition of it does and takes alone, at SM clock `at`, on its own SMs.
struct Side {
    KernelResult work;
    Frequency at{};
    double weight = 1;  // its bytes in flight, in SMs that saturate memory
};

struct Beside {
    std::array<double, 2> progress{};  // speed beside the other / speed alone
    std::array<Frequency, 2> alone{};  // SM clocks
    Frequency together{};
    int bound_by = -1;  // the SharedResource that cuts one of them, -1: none does
};

// Bandwidth is shared as in a replay (sim/replay/share.hpp) and the SM clock follows from the power that both draw:
// what the power model allows over `window` after a rest, alone and together. ModelError as clock_under_cap.
Beside beside(const Side& a, const Side& b, const SystemConfig& system, Time window);

// Bytes in flight in units of what one SM's even share of the memory bandwidth keeps in flight (Little's law with the
// idle latency of memory).
double weight_of(double bytes_in_flight, const SystemConfig& system);

}  // namespace tessera::measured
