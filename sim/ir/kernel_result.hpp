// What a kernel's simulation answers: time, what limited it, where the time went, what it asked of the rest
// of the chip (replay() shares L2, HBM, links and power between kernels that overlap by this demand).
#pragma once

#include "sim/base/units.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tessera {

enum class Limiter : std::uint8_t {
    none,
    tensor_core,
    cuda_core,
    smem,
    tma,
    l2,
    hbm,
    latency,
    launch,
    nvlink,
    nic,
    sm_copy,
    coprocessor,
    wait
};
std::string_view to_string(Limiter l);

// Bytes over each shared resource for the kernel's whole run.
struct Traffic {
    Bytes hbm_read{}, hbm_write{};  // bytes at the HBM pins
    Bytes l2_read{}, l2_write{};    // bytes between SMs and L2
    Bytes smem{};                   // shared-memory port bytes
    Bytes nvlink_out{}, nvlink_in{};
    Bytes nic_out{}, nic_in{};
    Bytes hbm() const { return hbm_read + hbm_write; }
    Bytes l2() const { return l2_read + l2_write; }
    Traffic& operator+=(const Traffic& o);
};

// Dynamic energy by component at the given clock and its voltage; idle power is added by the replay.
struct EnergyUse {
    Energy tensor{}, cuda{}, smem{}, l2{}, hbm{}, link{}, engine{};
    Energy total() const { return tensor + cuda + smem + l2 + hbm + link + engine; }
    EnergyUse& operator+=(const EnergyUse& o);
};

// A named share of the kernel's time, e.g. {"main loop", t}; shares add up to the kernel's time.
struct TimeShare {
    std::string label;
    Time time{};
};

struct KernelResult {
    Time time{};  // alone on its SM partition, launch latency included, stream gap excluded
    Limiter limiter = Limiter::none;
    Traffic traffic;
    EnergyUse energy;
    Flops tensor_flops{};
    Time tensor_busy{};        // Tensor-Core busy time summed over SMs / SMs used
    Time cuda_busy{};          // CUDA-core issue busy time, likewise
    double clock_bound = 1.0;  // share of the time that scales with 1 / SM clock (the rest is HBM, links)
    int sms = 0;               // SMs used
    int waves = 0;
    std::vector<TimeShare> shares;
    // Of a kernel whose pace is memory round trips: its time over `time` while other kernels use 0, 1/n, ... n/n of the
    // HBM's rate, never falling. Empty: only bandwidth matters to it.
    std::vector<double> beside_hbm;
};

}  // namespace tessera
