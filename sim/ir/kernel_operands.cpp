// What kernels read, write and compute.
#include "sim/ir/kernel_desc.hpp"

#include <numeric>

namespace tessera {

namespace {

// One walk for const and mutable kernels: `Kernel` is KernelDesc or const KernelDesc, `Pointer` the operand pointer.
template <class Kernel, class Pointer>
struct Reads {
    std::vector<Pointer> out;
    template <class G>
    void operator()(G& k) {
        using Plain = std::remove_const_t<G>;
        if constexpr (std::is_same_v<Plain, GemmDesc>) {
            out = {&k.a, &k.b};
            for (auto& o : k.scales) { out.push_back(&o); }
            if (k.accumulate) { out.push_back(&k.d); }
        } else if constexpr (!std::is_same_v<Plain, BarrierDesc> && !std::is_same_v<Plain, RecordedDesc>) {
            for (auto& o : k.reads) { out.push_back(&o); }
        }
    }
};

template <class Kernel, class Pointer>
struct Writes {
    std::vector<Pointer> out;
    template <class G>
    void operator()(G& k) {
        using Plain = std::remove_const_t<G>;
        if constexpr (std::is_same_v<Plain, GemmDesc>) {
            out = {&k.d};
        } else if constexpr (!std::is_same_v<Plain, BarrierDesc> && !std::is_same_v<Plain, RecordedDesc>) {
            for (auto& o : k.writes) { out.push_back(&o); }
        }
    }
};

template <template <class, class> class Walk, class Kernel>
auto collect(Kernel& k) {
    using Pointer = std::conditional_t<std::is_const_v<Kernel>, const Operand*, Operand*>;
    Walk<Kernel, Pointer> walk;
    std::visit(walk, k);
    return std::move(walk.out);
}

// Causal attention computes the lower triangle including the diagonal's half: 0.5 of the full square.
Flops attention_flops(const AttentionDesc& k) {
    double keys = static_cast<double>(k.batch) * static_cast<double>(k.kv_len);
    if (!k.kv_lens.empty()) { keys = static_cast<double>(std::accumulate(k.kv_lens.begin(), k.kv_lens.end(), 0LL)); }
    const double pairs = keys * static_cast<double>(k.heads) * static_cast<double>(k.q_len) *
                         (k.causal && k.pass != AttentionPass::decode ? 0.5 : 1.0);
    const double qk = 2.0 * static_cast<double>(k.d_qk), pv = 2.0 * static_cast<double>(k.d_v);
    // Backward: S = QK^T again, dQ, dK over d_qk; dP = dO V^T and dV over d_v (Dao, FlashAttention-2, section 3.1.2).
    return flops(pairs * (k.pass == AttentionPass::backward ? 3.0 * qk + 2.0 * pv : qk + pv));
}

struct FlopCount {
    Flops operator()(const GemmDesc& k) const { return k.flops(); }
    Flops operator()(const AttentionDesc& k) const { return attention_flops(k); }
    template <class Other>
    Flops operator()(const Other&) const {
        return Flops::zero();
    }
};

}  // namespace

std::vector<const Operand*> reads(const KernelDesc& k) { return collect<Reads>(k); }
std::vector<const Operand*> writes(const KernelDesc& k) { return collect<Writes>(k); }
std::vector<Operand*> mutable_reads(KernelDesc& k) { return collect<Reads>(k); }
std::vector<Operand*> mutable_writes(KernelDesc& k) { return collect<Writes>(k); }

Bytes compulsory_bytes(const KernelDesc& k) {
    if (const auto* recorded = std::get_if<RecordedDesc>(&k)) { return recorded->hbm_bytes; }
    if (const auto* barrier = std::get_if<BarrierDesc>(&k)) { return barrier->metadata; }
    Bytes sum{};
    for (const Operand* o : reads(k)) { sum += o->size(); }
    for (const Operand* o : writes(k)) { sum += o->size(); }
    return sum;
}

Flops flops(const KernelDesc& k) { return std::visit(FlopCount{}, k); }

}  // namespace tessera
