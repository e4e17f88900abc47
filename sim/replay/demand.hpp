// What the kernels of one GPU share while they overlap, how much of it there is, and how much a kernel asks for.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_result.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace tessera {

enum class SharedResource : std::uint8_t { hbm, l2, nvlink_out, nvlink_in, nic_out, nic_in };
inline constexpr std::size_t shared_resources = 6;
std::string_view to_string(SharedResource r);
Limiter limiter_of(SharedResource r);  // hbm, l2, nvlink or nic

// Bytes per second on each shared resource, indexed by SharedResource.
using ResourceRates = std::array<double, shared_resources>;

// What one GPU offers at `sm_clock` (the L2 runs with the SMs): pin rate times the share a long stream reaches for
// HBM, payload rates for the links.
ResourceRates capacities(const SystemConfig& system, Frequency sm_clock);

// What is left of the HBM's rate while reads and writes alternate, as `write_share` of the bytes are written: the bus
// turns around most often when both are equal. Linear in the probability that two accesses in a row differ.
double mixed_rate(double write_share);

// Share of the bytes that is written, over several kernels' demands at HBM.
double write_share(const Traffic& traffic);

// Mean demand of a kernel that moves `traffic` in `time`, clipped to `capacity`: a kernel alone is never slowed,
// whatever its own model granted it.
ResourceRates demand(const Traffic& traffic, Time time, const ResourceRates& capacity);

}  // namespace tessera
