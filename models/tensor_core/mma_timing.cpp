#include "models/tensor_core/mma_timing.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

namespace {

constexpr std::int64_t warpgroup_rows = 64, n_granularity = 8;

std::int64_t round_up(std::int64_t v, std::int64_t to) { return (v + to - 1) / to * to; }

}  // namespace

double mma_cycles(const MmaShape& s, const TensorCoreConfig& t, const SharedMemoryConfig& smem) {
    const bool fp8 = is_fp8(s.dtype);
    if (!fp8 && s.dtype != DType::bf16 && s.dtype != DType::fp16) {
        throw ModelError("the Tensor Core model takes FP8, BF16 and FP16 operands only");
    }
    const bool transposed_fp8 = fp8 && (s.transposed_a || s.transposed_b);
    if (transposed_fp8 && !t.fp8_transposed) {
        throw ModelError(
            "an FP8 operand is MN-major, which these Tensor Cores cannot read (capability fp8_transposed)");
    }
    if (s.group_scaled && !t.group_scaling) {
        throw ModelError("these Tensor Cores take no group scales (capability group_scaling)");
    }
    double rate = (fp8 ? t.fp8_mac_per_clk : t.bf16_mac_per_clk) * t.wide_accumulate_rate;
    if (rate <= 0) { throw ModelError("the Tensor Core rate of this operand type is missing"); }
    if (s.group_scaled) { rate *= t.group_scaling_rate; }
    if (transposed_fp8) { rate *= std::min(1.0, smem.transposed_read_rate); }
    const double macs = static_cast<double>(round_up(s.m, warpgroup_rows)) *
                        static_cast<double>(round_up(s.n, n_granularity)) * static_cast<double>(s.k);
    return macs / rate;
}

}  // namespace tessera
