#include "models/sm/sync_costs.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

constexpr int kInStep = 2;     // so few blocks see each other's arrival with their first load
constexpr int kOnOneSide = 8;  // the scheduler's first blocks: H200 micro G.grid_barrier jumps from 8 to 16 blocks

// Lines are near or far in equal shares.
double load_latency(const L2Config& l2) { return (l2.latency_near.raw() + l2.latency_far.raw()) / 2.0; }

}  // namespace

double block_barrier_cycles(int warps, const SyncConfig& s) {
    return std::max(s.block_barrier_least.raw(), s.block_barrier.raw() + s.block_barrier_warp.raw() * warps);
}

double cluster_barrier_cycles(int blocks, const SyncConfig& s) {
    const double doublings = std::max(0.0, std::log2(std::max(1, blocks)) - 1.0);
    return s.cluster_barrier.raw() + s.cluster_barrier_block.raw() * doublings;
}

double flag_round_trip_cycles(bool far, const SystemConfig& c) {
    const SyncConfig& s = c.sm.sync;
    const double load = load_latency(c.l2), poll = load + s.acquire.raw();
    const double one_way = s.fence_gpu.raw() + load / 2 + poll / 2 + load / 2 + s.acquire.raw() / 2;
    return 2 * one_way + (far ? s.far_side.raw() : 0.0);
}

double grid_barrier_cycles(int blocks, int warps, bool library, const SystemConfig& c) {
    const SyncConfig& s = c.sm.sync;
    const double load = load_latency(c.l2), poll = load + s.acquire.raw();
    double cycles = 2 * block_barrier_cycles(warps, s) + s.fence_gpu.raw() + poll;
    if (blocks > kOnOneSide) { cycles += s.far_side.raw(); }
    // While each waits for its own atomic and fences again, the others arrive.
    if (library) { return cycles + load + s.fence_gpu.raw(); }
    if (blocks > kInStep) { cycles += poll / 2; }
    return cycles + s.same_address.raw() * (blocks - 1);
}

}  // namespace tessera
