// How a stream kernel is cut into bulk steps of the SMs: pure arithmetic, no SystemC.
//
// The threads that live on one SM form up to kLanes lanes; a lane moves in lockstep and takes `units` of work at a
// time. A unit is a thread block, or, where the threads of a block need not meet, an even part of one. Each tile of a
// unit passes through `rounds`: as many bytes as its threads may have in flight are loaded, then computed on, then
// stored (kernels that turn the tile in shared memory compute and store after the last round).
#pragma once

#include "models/if/cuda_core_if.hpp"
#include "sim/config/system_config.hpp"
#include "sim/ir/thread_blocks.hpp"

#include <cstdint>
#include <vector>

namespace tessera {

// Lanes per SM: enough for loads, arithmetic and stores of different warps to overlap; more change the time of the
// kernels in the validation set by less than 1 %.
inline constexpr int kLanes = 4;

// What one pass of a customer (a warp, or a block whose warps meet at barriers) asks of its SM, in cycles.
struct SmPass {
    double issue = 0;    // of a scheduler
    double data = 0;     // of the data path that shared memory, shuffles, loads and stores have in common
    double waiting = 0;  // for nobody else: latencies; below zero where a block's warps overlap the two
    int schedulers = 1;  // customers spread over so many
};

struct StreamOperandPlan {
    Operand operand;
    bool write = false;
    bool once_per_sm = false;   // broadcast: every SM reads it once, then L1 serves it
    bool every_round = false;   // else with the first round (reads) or the last (writes)
    double bytes_per_unit = 0;  // per tile of a unit, all rounds
    std::int64_t total = 0;     // bytes over the whole kernel (broadcast: per SM)
    std::int64_t source = 0;    // distinct bytes (gathered operands may read a row more than once)
};

struct StreamPlan {
    StreamGrid grid;
    int resident = 0;        // thread blocks per SM
    int parts = 1;           // units per thread block
    int lanes = 0;           // per SM
    std::int64_t units = 0;  // ctas * parts
    std::int64_t units_per_lane = 0;
    int rounds = 1;
    bool tile_wide = false;        // compute and store after the last round
    double elements_per_unit = 0;  // of one tile
    CudaWork work_per_element;
    double warp_cycles = 0;          // a warp alone, per tile (0: from its instructions)
    double customers_per_block = 0;  // that share an SM: the block or its warps
    SmPass pass;                     // of one of them, per tile; its waiting without global memory
    double sync_cycles = 0;          // latency chain per computing round
    bool meets_once = false;         // a reduction: threads meet after the last round only
    double code_fetch_cycles = 0;    // first blocks of an SM wait for their code
    std::vector<StreamOperandPlan> operands;
    std::int64_t waves = 0;

    // Tiles that the units [first, first + n) take in their `loop`-th pass (blocks of a persistent grid loop).
    double active(std::int64_t first, std::int64_t n, std::int64_t loop) const;
    std::int64_t loops(std::int64_t first) const;  // passes of the longest of the units from `first` on
};

// Throws ModelError if the kernel does not fit on an SM or asks for a cast instruction that the SM lacks.
StreamPlan plan_stream(const StreamDesc& d, const SystemConfig& system, int sms);

// Cycles from pass to pass of each of `customers` that share an SM: mean value analysis of a closed network of queues
// (Reiser and Lavenberg 1980) with constant service times (Reiser 1979); several schedulers as one and a delay
// (Seidmann 1987). Never faster than the busiest
// queue allows, nor than one customer alone.
double closed_network_cycles(double customers, const SmPass& pass);

// Latency of one step of the dependent chain: a block barrier of `threads` threads, or a shuffle tree.
double sync_step_cycles(int threads);

}  // namespace tessera
