// What a rank of an inference deployment holds.
#pragma once

#include "sim/config/run_config.hpp"
#include "workloads/deepseek_v3/train_chunk.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace tessera {

// Attention is data-parallel: everything but routed experts is on every rank.
struct InferenceMemory {
    Bytes experts{}, other_weights{}, kv_cache{}, activations{}, reserved{};
    Bytes all() const { return experts + other_weights + kv_cache + activations + reserved; }
};

// `layers` are all of the rank's, prediction modules included; `requests` sequences of `cached` tokens each, in whole
// pages; `activations` as peak_live_bytes.
struct InferenceLoad {
    deepseek_v3::ChunkLayers layers;
    std::int64_t requests = 0, cached = 0;
    Bytes activations{};
};
InferenceMemory inference_memory(const WorkloadConfig& workload, const InferenceLoad& load);

// ModelError that names the largest consumers first if a rank holds more than the memory.
void check_capacity(const InferenceMemory& memory, Bytes capacity);

// "memory_peak_bytes", and of each part "memory_kv_cache_bytes" and so on.
void add_figures(const InferenceMemory& memory, std::map<std::string, double>& figures);

}  // namespace tessera
