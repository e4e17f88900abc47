#include "sim/app/relevant_config.hpp"

#include <algorithm>

namespace tessera {

bool multiplies_fp8(const KernelDesc& kernel) {
    const auto* gemm = std::get_if<GemmDesc>(&kernel);
    return gemm != nullptr && (is_fp8(gemm->a.dtype) || gemm->fused_cast_a);
}

unsigned capability_use(const KernelDesc& kernel) {
    unsigned used = uses_nothing;
    if (const auto* gemm = std::get_if<GemmDesc>(&kernel)) {
        used |= uses_tensor_core;
        if (gemm->fused_cast_a || gemm->fused_cast_b) { used |= uses_tma_cast; }
        if (gemm->epilogue_cast) { used |= uses_warp_cast; }
        if (multiplies_fp8(kernel)) {
            if (!gemm->a_k_major || !gemm->b_k_major) { used |= uses_transposed_read; }
            const bool blocks =
                gemm->scale == ScaleMode::block_1x128_128x128 || gemm->scale == ScaleMode::block_1x128_1x128;
            if (blocks) { used |= uses_group_scales; }
        }
    } else if (const auto* stream = std::get_if<StreamDesc>(&kernel)) {
        if (stream->warp_cast) { used |= uses_warp_cast; }
    } else if (std::holds_alternative<ExchangeDesc>(kernel) || std::holds_alternative<BarrierDesc>(kernel)) {
        return all_capability_uses;  // cheap to carry: no need to share
    }
    const auto cast_beside_memory = [](const Operand* o) { return o->near_memory_ratio != 1.0 || o->cast_by_memory; };
    const std::vector<const Operand*> in = reads(kernel), out = writes(kernel);
    if (std::any_of(in.begin(), in.end(), cast_beside_memory) ||
        std::any_of(out.begin(), out.end(), cast_beside_memory)) {
        used |= uses_near_memory_cast;
    }
    return used;
}

SystemConfig relevant_config(const SystemConfig& system, unsigned used) {
    SystemConfig c = system;
    if ((used & uses_tma_cast) == 0) {
        c.tma.cast = TmaConfig{}.cast;
        c.tma.cast_throughput = TmaConfig{}.cast_throughput;
        c.tma.cast_latency = TmaConfig{}.cast_latency;
    }
    if ((used & uses_warp_cast) == 0) {
        c.sm.cuda.warp_cast = CudaCoreConfig{}.warp_cast;
        c.sm.cuda.warp_cast_elements_per_clk = CudaCoreConfig{}.warp_cast_elements_per_clk;
    }
    if ((used & uses_near_memory_cast) == 0) {
        c.hbm.near_memory_cast = HbmConfig{}.near_memory_cast;
        c.hbm.cast_throughput = HbmConfig{}.cast_throughput;
        c.hbm.core_rate = HbmConfig{}.core_rate;
        c.hbm.cast_latency = HbmConfig{}.cast_latency;
    }
    if ((used & uses_tensor_core) == 0) { c.sm.tensor.wide_accumulate_rate = TensorCoreConfig{}.wide_accumulate_rate; }
    if ((used & uses_group_scales) == 0) {
        const TensorCoreConfig off;
        c.sm.tensor.group_scaling = off.group_scaling;
        c.sm.tensor.group_size = off.group_size;
        c.sm.tensor.group_scaling_rate = off.group_scaling_rate;
        c.sm.tensor.scale_bits = off.scale_bits;
    }
    if ((used & uses_accumulators) == 0) {
        c.sm.tensor.accumulator_fraction_bits = TensorCoreConfig{}.accumulator_fraction_bits;
        c.power.wide_accumulate_energy = PowerConfig{}.wide_accumulate_energy;
    }
    if ((used & uses_transposed_read) == 0) {
        c.sm.tensor.fp8_transposed = TensorCoreConfig{}.fp8_transposed;
        c.sm.smem.transposed_read_rate = SharedMemoryConfig{}.transposed_read_rate;
    }
    if ((used & uses_fabric) == 0) {
        c.nvlink = NvlinkConfig{};  // whole: a proposal may change rates and latencies too
        c.nic = NicConfig{};
        c.coprocessor = CoprocessorConfig{};
        // The cap acts on the clock, which a kernel is told.
        const PowerConfig off;
        c.power.cap = off.cap;
        c.power.peak = off.peak;
        c.power.cap_fall = off.cap_fall;
        c.power.cap_rise = off.cap_rise;
        c.power.idle = off.idle;
        c.power.nvlink_pj_per_byte = off.nvlink_pj_per_byte;
        c.power.nic_pj_per_byte = off.nic_pj_per_byte;
    }
    return c;
}

}  // namespace tessera
