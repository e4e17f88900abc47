#include "sim/ir/thread_blocks.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <string>

namespace tessera {
namespace {

constexpr int kWarp = 32;
constexpr int kRegisterUnit = 8;         // registers per thread are handed out in units of 8 (256 per warp)
constexpr std::int64_t kSmemUnit = 128;  // bytes

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

StreamGrid stream_grid(const StreamDesc& d) {
    const std::int64_t tile_rows = std::min(d.tile_rows, d.rows);
    const std::int64_t tile_cols = d.tile_cols > 0 ? std::min(d.tile_cols, d.cols) : d.cols;
    StreamGrid g;
    g.tiles = ceil_div(d.rows, tile_rows) * ceil_div(d.cols, tile_cols);
    g.tile_elements = tile_rows * tile_cols;
    g.persistent = d.max_ctas > 0 && d.max_ctas < g.tiles;
    g.ctas = g.persistent ? d.max_ctas : g.tiles;
    g.tiles_per_cta = ceil_div(g.tiles, g.ctas);
    return g;
}

int resident_ctas(int threads, int registers_per_thread, Bytes smem, const SmConfig& sm) {
    const int warps = (threads + kWarp - 1) / kWarp;
    const int registers = std::max(1, (registers_per_thread + kRegisterUnit - 1) / kRegisterUnit) * kRegisterUnit;
    const std::int64_t smem_each = ceil_div(smem.raw() + sm.smem.reserved_per_cta.raw(), kSmemUnit) * kSmemUnit;
    std::int64_t n = std::min<std::int64_t>(sm.max_ctas, sm.max_threads / (warps * kWarp));
    n = std::min<std::int64_t>(n, sm.registers / (warps * kWarp * registers));
    if (smem_each > 0) { n = std::min(n, sm.smem.capacity.raw() / smem_each); }
    if (n < 1) {
        throw ModelError("a thread block of " + std::to_string(threads) + " threads, " +
                         std::to_string(registers_per_thread) + " registers a thread and " +
                         std::to_string(smem.raw()) + " bytes of shared memory does not fit on an SM");
    }
    return static_cast<int>(n);
}

int resident_ctas(const StreamDesc& d, const SmConfig& sm) { return resident_ctas(d.threads, d.registers, d.smem, sm); }

std::int64_t waves(std::int64_t ctas, int resident, int sms) {
    return ceil_div(ctas, static_cast<std::int64_t>(resident) * sms);
}

}  // namespace tessera
