#include "models/device/device.hpp"
#include "models/proposals/selection.hpp"
#include "sim/app/numerics_experiment.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {
namespace {

constexpr int kHopperBits = 13;  // FP8 accumulator of the timing model's Tensor Core

DType dtype_of(numerics::Format f) {
    switch (f) {
        case numerics::Format::e4m3: return DType::fp8_e4m3;
        case numerics::Format::e5m2: return DType::fp8_e5m2;
        case numerics::Format::bf16: return DType::bf16;
        default: break;
    }
    throw ModelError("GEMMs of " + std::string(numerics::spec(f).name) + " are not timed: fp8 and bf16 are");
}

Operand operand(DType type, std::int64_t rows, std::int64_t columns) {
    Operand o;
    o.dtype = type;
    o.rows = rows;
    o.cols = columns;
    return o;
}

struct Groups {
    numerics::GroupShape a, b;
    bool along_k = false;  // scales change along k
};

Groups groups_of(const NumericsProblem& p, const NumericsSwitch& s) {
    Groups g{numerics::group_named(s.a_group, p.m, p.k, "--a-group"),
             numerics::group_named(s.b_group, p.n, p.k, "--b-group"), false};
    g.along_k = g.a.k < p.k || g.b.k < p.k;
    return g;
}

ScaleMode scale_mode(const NumericsProblem& p, const NumericsSwitch& s, const Groups& g, DType type) {
    if (!is_fp8(type)) { return ScaleMode::none; }
    if (g.along_k) { return g.b.rows > 1 ? ScaleMode::block_1x128_128x128 : ScaleMode::block_1x128_1x128; }
    if (g.a.rows < p.m || g.b.rows < p.n) { return ScaleMode::row; }
    return s.promotion > 0 ? ScaleMode::tensor_promoted : ScaleMode::none;
}

std::vector<ProposalChoice> proposals_of(const NumericsSwitch& s, const Groups& g, bool fp8) {
    std::vector<ProposalChoice> list;
    if (s.scale_inside) {
        list.push_back({"group-scaled-mma",
                        {{"group_size", std::to_string(std::min({g.a.k, g.b.k, 128}))},
                         {"scale_bits", std::to_string(numerics::scale_bits(s.scale))}}});
    }
    if (fp8 && s.accumulator_bits > kHopperBits) {
        list.push_back({"wide-accumulate", {{"fraction_bits", std::to_string(s.accumulator_bits)}}});
    }
    return list;
}

}  // namespace

TimedGemm timed_gemm(const NumericsProblem& p, const NumericsSwitch& s, const SystemConfig& base) {
    if (s.architecture != "hopper") {
        throw ModelError("the timing model knows Hopper's Tensor Cores and the proposals, not those of " +
                         s.architecture);
    }
    const DType type = dtype_of(s.format);
    const Groups groups = groups_of(p, s);
    TimedGemm t;
    t.system = configured(base, select_proposals(proposals_of(s, groups, is_fp8(type)), "numerics"));
    GemmDesc& g = t.kernel;
    g.m = p.m;
    g.n = p.n;
    g.k = p.k;
    g.scale = scale_mode(p, s, groups, type);
    g.promotion_interval = s.scale_inside ? 0 : s.promotion;
    g.a = operand(type, p.m, p.k);
    g.b = operand(type, p.n, p.k);
    g.d = operand(s.output == numerics::Format::fp32 ? DType::fp32 : DType::bf16, p.m, p.n);
    g.split_k = s.split_k > 1;
    g.power_of_two_scales = s.scale != numerics::ScaleFormat::fp32;
    if (is_fp8(type) && (groups.along_k || g.scale == ScaleMode::row)) {
        const DType scale = s.scale == numerics::ScaleFormat::ue8m0 ? DType::u8 : DType::fp32;
        g.scales = {operand(scale, p.m / groups.a.rows, p.k / groups.a.k),
                    operand(scale, p.n / groups.b.rows, p.k / groups.b.k)};
    }
    return t;
}

KernelResult time_gemm(const TimedGemm& gemm) {
    DeviceTimer timer(gemm.system);
    return timer.time(gemm.kernel, KernelContext{});
}

}  // namespace tessera
