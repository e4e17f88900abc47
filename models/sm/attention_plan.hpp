// How an attention kernel of the FlashAttention-3 kind runs on an SM: tiles, the tiles' main loop, and what of the
// softmax the Tensor Core cannot hide. Pure arithmetic, no SystemC.
//
// One producer warpgroup loads through the TMA, two consumer warpgroups compute. A thread block owns a tile of rows
// (forward: 128 queries; backward: 128 keys; decode: 64 heads x queries against a share of the keys) and walks the
// other side in steps. Per step and warpgroup:
//   forward   S = Q K^T, softmax, O += P V. The warpgroups take turns on the Tensor Core, so one's exponentials run
//             beside the other's MMAs; what stays exposed is the serial part of each turn: the hand-over by two
//             barriers, drains of the wgmma pipe, the row maximum (half-rate maxima, two shuffle steps). In pipelined
//             style the next S is already in the pipe: one drain instead of two, and the maxima run beside it.
//   backward  S and dP again, dV += P^T dO, dK += dS^T Q, dQ = dS K. Both warpgroups share one tile and one dS, so
//             the element-wise chain is exposed: exponentials, dS, conversions, P and dS through shared memory, dQ
//             through shared memory, drains, four barriers. dQ is added to global memory in FP32. In pipelined style
//             P stays in registers, dS runs beside the MMA of dV, and the exponentials run beside the MMA of dP if
//             the registers of a thread hold the accumulators of S and dP beside those of dK and dV.
//             If shared memory holds only one stage of Q and dO, the next load starts after the last use of this one.
// In warp_mma style (FlashAttention-2) there is no producer: see attention_warp_mma.cpp.
//   decode    one tile of 64 rows; the warpgroups take turns with blocks of keys and each keeps half of the columns
//             of O, so P goes through shared memory and the rescale of O is exposed as well; in turns the softmax too.
#pragma once

#include "models/if/cuda_core_if.hpp"
#include "models/if/tensor_core_if.hpp"
#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_desc.hpp"

#include <cstdint>
#include <vector>

namespace tessera {

// A tile of rows with the steps it takes.
struct AttentionTile {
    std::int64_t block = 0;   // thread block that owns it; a block may own several in a row
    std::int64_t owned = 0;   // which owned rows: tiles of a split decode share them
    std::int64_t stream = 0;  // which streamed tensor (head, or sequence) it walks
    std::int64_t first = 0;   // first step of it
    std::int64_t steps = 0;
    std::int64_t masked = 0;  // steps that cross the diagonal
    bool whole = true;        // the rows' only tile: its output is final
};

struct AttentionPlan {
    std::int64_t tile_rows = 0, step_rows = 0;  // rows of the owned and of the streamed side
    int stages = 0;                             // of the streamed operands in shared memory
    int resident = 1;                           // thread blocks per SM
    std::vector<AttentionTile> tiles;           // in launch order
    std::int64_t owned_blocks = 0;
    std::int64_t streams = 0, steps_per_stream = 0;
    // Per step of a thread block.
    std::vector<MmaShape> mmas;   // both warpgroups together
    double exposed_cycles = 0;    // not hidden behind the MMAs
    double masked_cycles = 0;     // more for a step that crosses the diagonal
    bool reload_exposed = false;  // one stage only: a step waits for its own load
    bool shortest_first = false;  // of a head's tiles, in launch order
    bool output_in_way = false;   // it is staged where the next tile's operands go: they wait until it has been stored
    CudaWork work;                // thread instructions
    Bytes smem{};                 // besides wgmma operands
    Bytes streamed{};             // loaded
    Bytes reduced{};              // added to global memory in FP32
    // Per tile.
    Bytes stationary{};              // loaded once
    Bytes output{};                  // stored at the end
    Bytes partial_output{};          // by a tile that is not whole
    double fill_cycles = 0;          // first softmax chain, before the loop is in step
    double drain_cycles = 0;         // normalise, convert, to shared memory
    double mma_cycles_per_step = 0;  // of `mmas`
};

// FlashAttention-2's tiles and steps on this GPU. `smem`: bytes that one thread block may have.
void plan_warp_mma(AttentionPlan& plan, const AttentionDesc& k, const SystemConfig& system, std::int64_t smem);

// Throws ModelError for shapes that no tile of this kind holds in shared memory.
AttentionPlan plan_attention(const AttentionDesc& k, const SystemConfig& system, int sms);

}  // namespace tessera
