#include "models/tensor_core/mma_timing.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

namespace {

constexpr std::int64_t warpgroup_rows = 64, n_granularity = 8;
constexpr double wgmma_k_bytes = 32;  // of one row of an operand (m64nNk32 FP8, k16 BF16)

struct Slice {  // 64 rows of the product
    double macs = 0;
    double a_bytes = 0, b_bytes = 0, scale_bytes = 0;
};

Slice slice(const MmaShape& s, const TensorCoreConfig& t) {
    const auto n = static_cast<double>((s.n + n_granularity - 1) / n_granularity * n_granularity);
    const auto k = static_cast<double>(s.k);
    const double element = bits(s.dtype) / 8.0;
    Slice r;
    r.macs = static_cast<double>(warpgroup_rows) * n * k;
    r.a_bytes = s.a_in_registers ? 0.0 : static_cast<double>(warpgroup_rows) * k * element;
    r.b_bytes = n * k * element;
    if (s.group_scaled) {
        r.scale_bytes = (static_cast<double>(warpgroup_rows) + n) * k / t.group_size * t.scale_bits / 8.0;
    }
    return r;
}

double slices(const MmaShape& s) { return static_cast<double>((s.m + warpgroup_rows - 1) / warpgroup_rows); }

void check_capabilities(const MmaShape& s, const TensorCoreConfig& t) {
    const bool fp8 = is_fp8(s.dtype);
    if (!fp8 && s.dtype != DType::bf16 && s.dtype != DType::fp16) {
        throw ModelError("the Tensor Core model takes FP8, BF16 and FP16 operands only");
    }
    if (fp8 && (s.transposed_a || s.transposed_b) && !t.fp8_transposed) {
        throw ModelError(
            "an FP8 operand is MN-major, which these Tensor Cores cannot read (capability fp8_transposed)");
    }
    if (s.group_scaled && !t.group_scaling) {
        throw ModelError("these Tensor Cores take no group scales (capability group_scaling)");
    }
}

double wgmmas_per_slice(const MmaShape& s) { return static_cast<double>(s.k) * bits(s.dtype) / 8.0 / wgmma_k_bytes; }

}  // namespace

double mma_smem_bytes(const MmaShape& s, const TensorCoreConfig& t) {
    const Slice r = slice(s, t);
    return slices(s) * (r.a_bytes + r.b_bytes + r.scale_bytes);
}

WgmmaCycles wgmma_cycles(const MmaShape& s, const TensorCoreConfig& t, const SharedMemoryConfig& smem) {
    check_capabilities(s, t);
    const bool fp8 = is_fp8(s.dtype);
    double rate = (fp8 ? t.fp8_mac_per_clk : t.bf16_mac_per_clk) * t.wide_accumulate_rate;
    if (s.group_scaled) { rate *= t.group_scaling_rate; }
    if (rate <= 0 || smem.bandwidth.raw() <= 0 || smem.transposed_read_rate <= 0) {
        throw ModelError("a rate of the Tensor Cores or of shared memory is missing");
    }
    const Slice r = slice(s, t);
    const auto turned = [&](bool transposed) { return fp8 && transposed ? 1.0 / smem.transposed_read_rate : 1.0; };
    const double fetch = (r.a_bytes * turned(s.transposed_a) + r.b_bytes * turned(s.transposed_b) + r.scale_bytes) /
                         smem.bandwidth.raw();
    const double count = wgmmas_per_slice(s);
    WgmmaCycles c;
    if (count <= 0) { return c; }
    c.multiply = r.macs / rate / count;
    c.interval = std::max({c.multiply, fetch / count, t.wgmma_interval.raw()});
    return c;
}

double mma_cycles(const MmaShape& s, const TensorCoreConfig& t, const SharedMemoryConfig& smem) {
    return slices(s) * wgmmas_per_slice(s) * wgmma_cycles(s, t, smem).interval;
}

}  // namespace tessera
