#include "workloads/deepseek_v3/launch_rules.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera::deepseek_v3 {

int blocks_per_sm(const SmConfig& sm, int registers, int threads) {
    const int allocated = (registers + 7) / 8 * 8;
    const int by_registers = sm.registers / (allocated * threads);
    return std::max(1, std::min({by_registers, sm.max_threads / threads, sm.max_ctas}));
}

GemmTiling training_gemm_tiling() {
    GemmTiling t;
    t.bm = t.bn = t.bk = 128;
    t.consumers = ConsumerStyle::cooperative;
    return t;
}

StreamDesc norm_kernel(const SmConfig& sm, std::int64_t rows, std::int64_t cols, bool residual) {
    const bool wide = cols >= kWideNorm;
    const std::int64_t values_per_lane = (cols + (wide ? 127 : 31)) / (wide ? 128 : 32);
    stream_kernels::Geometry g;
    // 32 registers of addressing and sums, and for each value of the row itself, its weight (packed with its
    // neighbour) and a temporary: 2.5 registers. The trace's 72, 152 and 168 at 512, 1536 and 7168 columns.
    g.registers = static_cast<int>(std::min<std::int64_t>(32 + values_per_lane * 5 / 2, 168));
    g.tile_rows = wide ? 1 : 4;
    g.smem = bytes(wide ? 64 : 0);
    g.load_bytes_in_flight = storage(DType::bf16, values_per_lane * (residual ? 2 : 1));
    g.max_ctas = sm.count * blocks_per_sm(sm, g.registers, 128);
    return stream_kernels::with_geometry(stream_kernels::rms_norm(rows, cols, g.max_ctas, residual), g);
}

StreamDesc norm_backward_kernel(const SmConfig& sm, std::int64_t rows, std::int64_t cols, bool residual) {
    const StreamDesc probe = stream_kernels::rms_norm_backward(rows, cols, sm.count, residual);
    return stream_kernels::rms_norm_backward(rows, cols, sm.count * blocks_per_sm(sm, probe.registers, probe.threads),
                                             residual);
}

StreamDesc norm_finalize_kernel(std::int64_t ctas, std::int64_t cols) {
    stream_kernels::Geometry g;
    g.load_bytes_in_flight = storage(DType::fp32, 4);
    return stream_kernels::with_geometry(stream_kernels::rms_norm_backward_finalize(ctas, cols), g);
}

}  // namespace tessera::deepseek_v3
