// What barriers and flags cost the threads that wait at them, from the figures of SyncConfig. Cycles.
#pragma once

#include "sim/config/system_config.hpp"

namespace tessera {

// __syncthreads of a block of `warps` that arrive together: the barrier takes one warp after another (H200 micro
// G.barrier: max(29, 23 + 2 per warp), 1 to 32 warps).
double block_barrier_cycles(int warps, const SyncConfig& sync);

// barrier.cluster of `blocks` blocks of four warps each.
double cluster_barrier_cycles(int blocks, const SyncConfig& sync);

// A flag in L2 from a store with release on one SM to the end of a spinning acquire on another and back: each way a
// fence, half a load's latency for the store, half a period of the spinning load and half of its latency.
double flag_round_trip_cycles(bool far, const SystemConfig& system);

// All blocks add to one counter in L2 and spin on it, the block's threads waiting at a barrier before and after.
// `library`: cooperative groups' grid.sync, which waits for its atomic and fences again.
double grid_barrier_cycles(int blocks, int warps, bool library, const SystemConfig& system);

}  // namespace tessera
