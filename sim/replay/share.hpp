// How overlapping kernels share bandwidth.
//
// Each running kernel i progresses at a rate p_i in [0, 1] of its speed alone and then uses p_i * d_ir of resource r.
// Where the demands exceed the capacity C_r, the users get weighted max-min fair shares (water-filling): nobody gets
// more than it asks, and those that are cut get shares in proportion to their weights. A kernel moves all its bytes,
// so p_i = min(1, min over r of share_ir / d_ir); a kernel that asks for less than its share keeps its time.
// What a slowed kernel leaves on its other resources goes to the others: the shares are the fixed point at which every
// resource that slows somebody is full.
//
// The weight of a kernel is the number of SMs it holds: the bytes in flight grow with the SMs, and by Little's law
// the share of a saturated memory is the share of the bytes in flight. Measured on an H200 (micro.json, H.pair): a
// copy on 4, 20 and 32 SMs beside a read on the others gets 0.85 to 0.97 of SMs/132 of the bandwidth, and a GEMM main
// loop beside a copy keeps its cycles within 0.1 %. An engine that holds no SM weighs as many SMs as would sustain
// its demand.
#pragma once

#include "sim/replay/demand.hpp"

#include <vector>

namespace tessera {

struct Sharer {
    ResourceRates demand{};
    double weight = 1;       // > 0
    double write_share = 0;  // of its HBM bytes
    // Of a kernel paced by memory round trips: its time relative to that alone while others use 0, 1/n, ... n/n of the
    // HBM (KernelResult::beside_hbm); nullptr: bandwidth alone matters.
    const std::vector<double>* beside_hbm = nullptr;
    double trips = 1;   // out: what longer round trips leave of its speed, within p_i
    double rate = 1;    // out: p_i
    int bound_by = -1;  // out: index of the SharedResource that cuts it, -1 if none does
};

// HBM offers less than `capacity` while reads and writes mix (mixed_rate).
void share_fairly(std::vector<Sharer>& sharers, const ResourceRates& capacity);

// SMs held, or for an engine the SMs that would sustain its largest relative demand.
double sharing_weight(int sms_held, const ResourceRates& demand, const ResourceRates& capacity, int sm_count);

}  // namespace tessera
