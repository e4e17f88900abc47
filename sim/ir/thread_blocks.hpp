// How a stream kernel's grid falls on the SMs: number of thread blocks, how many live on one SM at a time, waves.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_desc.hpp"

#include <cstdint>

namespace tessera {

// Tiles of the iteration space and the blocks that take them.
struct StreamGrid {
    std::int64_t tiles = 0;          // ceil(rows / tile_rows) * ceil(cols / tile_cols)
    std::int64_t ctas = 0;           // blocks launched: min(tiles, max_ctas)
    std::int64_t tile_elements = 0;  // of a full tile
    std::int64_t tiles_per_cta = 0;  // most tiles any block takes
    bool persistent = false;         // blocks loop over tiles
};
StreamGrid stream_grid(const StreamDesc& d);

// Thread blocks of `threads` threads that one SM holds at once; the smallest of four limits:
//   threads    max_threads / threads (whole warps)
//   slots      max_ctas
//   registers  registers / (warps * 32 * registers per thread rounded up to 8)   [CUDA occupancy rules, cc 9.0]
//   smem       capacity / (smem + reserved per block, in units of 128 bytes)
// Throws ModelError if not even one fits.
int resident_ctas(int threads, int registers_per_thread, Bytes smem, const SmConfig& sm);
int resident_ctas(const StreamDesc& d, const SmConfig& sm);

// Rounds in which `ctas` blocks pass through `sms` SMs holding `resident` each.
std::int64_t waves(std::int64_t ctas, int resident, int sms);

}  // namespace tessera
