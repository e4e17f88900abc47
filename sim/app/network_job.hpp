// Traffic among many GPUs, asked for directly: `tessera network`.
#pragma once

#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tessera {

enum class NetworkPattern { all_to_all, all_reduce, all_gather, reduce_scatter, incast, dispatch, combine };
enum class NetworkTopology { planes, rails, node, nvl72 };
// classes: GPUs and links that behave alike are one; messages: each is followed, fluid; packets: each packet is.
enum class NetworkMode { classes, messages, packets };

struct NetworkJob {
    NetworkPattern pattern = NetworkPattern::all_to_all;
    NetworkTopology topology = NetworkTopology::planes;
    NetworkMode mode = NetworkMode::classes;
    bool roce = false;
    int gpus = 0;
    Bytes each{};             // all_to_all, incast: that a GPU sends; collectives: the buffer on each GPU
    int nodes_per_leaf = 32;  // of a leaf switch
    double uplink_ratio = 1;  // rate up over rate down of a leaf
    // Dispatch and combine.
    std::int64_t tokens = 4096, hidden = 7168;
    int experts = 256, top_k = 8, node_limit = 4, sms = 20;
    bool bulk_copies = false;  // DeepEP V2 instead of V1
    double hbm_load = 0;       // share of the HBM's rate that other kernels use meanwhile
};

struct NetworkLimit {
    std::string label;  // "NVLink", "NIC", "leaf and spine", ...
    Time alone{};       // what it would need by itself
};

struct NetworkAnswer {
    Time time{};
    std::vector<NetworkLimit> limits;                // the largest sets the pace
    double on_nvlink = 0, on_nic = 0, on_spine = 0;  // bytes that a GPU sends on each
    Bytes injected{}, delivered{};                   // of all GPUs
    int flows = 0, links = 0;                        // followed; 0: closed form
};

// ModelError: GPUs that do not fill nodes or a single NVSwitch, links without bandwidth, ranks that do not divide the
// experts, more communication SMs than SMs, too many messages or packets to follow one by one. InternalError unless
// every byte that was injected was delivered.
NetworkAnswer run_network(const SystemConfig& system, const NetworkJob& job);

}  // namespace tessera
