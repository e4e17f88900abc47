#include "models/analytic/analytic_timer.hpp"
#include "sim/ir/thread_blocks.hpp"

#include <algorithm>

namespace tessera {
namespace {

struct Machine {
    const SystemConfig& system;
    int sms;
    Frequency clock;
    Time cycles(double n) const { return tessera::cycles(n) / clock; }
};

double mac_per_clk(DType t, const TensorCoreConfig& c) { return is_fp8(t) ? c.fp8_mac_per_clk : c.bf16_mac_per_clk; }

// Work of the SM that gets most: `full` equal tiles of `each` over the SMs, but never less than an even share of
// `total` (edge tiles are smaller than `each`).
double busiest(double total, std::int64_t full, double each, int sms) {
    const double whole = static_cast<double>((full + sms - 1) / sms) * each;
    return std::max(total / sms, whole);
}

double tensor_cycles(const GemmDesc& k, const Machine& m) {
    const TensorCoreConfig& c = m.system.sm.tensor;
    const DType t = k.fused_cast_a ? DType::fp8_e4m3 : k.a.dtype;
    double rate = mac_per_clk(t, c);
    if (c.group_scaling && k.scale != ScaleMode::none) { rate *= std::max(1.0, c.group_scaling_rate); }
    const double macs = k.flops().raw() / 2.0;
    double cycles = macs / rate / m.sms;
    if (k.tiling && k.form == GemmForm::dense && !k.split_k) {
        const std::int64_t full = (k.m / k.tiling->bm) * (k.n / k.tiling->bn);
        const double each = static_cast<double>(k.tiling->bm) * k.tiling->bn * static_cast<double>(k.k);
        cycles = busiest(macs, full, each, m.sms) / rate;
    }
    return cycles;
}

double tensor_cycles(const AttentionDesc& k, const Machine& m) {
    return flops(KernelDesc(k)).raw() / 2.0 / mac_per_clk(k.dtype, m.system.sm.tensor) / m.sms;
}

double cuda_cycles(const StreamDesc& k, const Machine& m) {
    const CudaCoreConfig& c = m.system.sm.cuda;
    const bool cast_unit = k.warp_cast && c.warp_cast;
    double each = std::max({k.alu_per_element / c.fp32_lanes, k.sfu_per_element / c.sfu_lanes,
                            cast_unit ? 0.0 : k.cvt_per_element / c.convert_lanes});
    if (cast_unit) { each = 1.0 / c.warp_cast_elements_per_clk; }
    const std::int64_t tile_cols = k.tile_cols > 0 ? std::min(k.tile_cols, k.cols) : k.cols;
    const std::int64_t full = (k.rows / std::min(k.tile_rows, k.rows)) * (k.cols / tile_cols);
    const double total = static_cast<double>(k.rows) * static_cast<double>(k.cols) * each;
    return busiest(total, full, static_cast<double>(stream_grid(k).tile_elements) * each, m.sms);
}

Bytes sum(const std::vector<const Operand*>& list) {
    Bytes b{};
    for (const Operand* o : list) { b += o->size(); }
    return b;
}

Time hbm_time(const KernelDesc& kernel, const Machine& m) {
    double pins = 0;
    for (const Operand* o : reads(kernel)) {
        const double held = o->cast_by_memory ? 0.0 : o->l2_resident;
        pins += to_double(o->size()) * (1.0 - held) * std::min(1.0, o->near_memory_ratio);
    }
    const double kept = to_double(m.system.l2.capacity);
    pins += std::max(0.0, to_double(sum(writes(kernel))) - kept);
    return seconds(pins / m.system.hbm.peak.raw());
}

Time l2_time(const KernelDesc& kernel, const Machine& m) {
    const L2Config& l2 = m.system.l2;
    const double in = to_double(sum(reads(kernel))), out = to_double(sum(writes(kernel)));
    const double cycles = std::max({in / l2.bandwidth.raw(), out / l2.write_bandwidth.raw(),
                                    in / (l2.sm_port_read.raw() * m.sms * m.system.tma.max_multicast),
                                    out / (l2.sm_port_write.raw() * m.sms)});
    return m.cycles(cycles);
}

}  // namespace

std::vector<Roof> roofline(const KernelDesc& kernel, const SystemConfig& system, int sms, Frequency clock) {
    const Machine m{system, sms, clock};
    double tensor = 0, cuda = 0;
    if (const auto* g = std::get_if<GemmDesc>(&kernel)) { tensor = tensor_cycles(*g, m); }
    if (const auto* a = std::get_if<AttentionDesc>(&kernel)) { tensor = tensor_cycles(*a, m); }
    if (const auto* s = std::get_if<StreamDesc>(&kernel)) { cuda = cuda_cycles(*s, m); }
    return {{Limiter::tensor_core, m.cycles(tensor)},
            {Limiter::cuda_core, m.cycles(cuda)},
            {Limiter::hbm, hbm_time(kernel, m)},
            {Limiter::l2, l2_time(kernel, m)}};
}

}  // namespace tessera
