#include "sim/base/hash.hpp"
#include "sim/ir/kernel_desc.hpp"

namespace tessera {

namespace {

void add(Hasher& h, const Operand& o) {
    h.add(o.dtype).add(o.rows).add(o.cols).add(o.access).add(o.run.raw());
    h.add(o.l2_resident).add(o.near_memory_ratio);
}

void add(Hasher& h, const std::vector<Operand>& operands) {
    h.add(operands.size());
    for (const Operand& o : operands) { add(h, o); }
}

void add(Hasher& h, const GemmTiling& t) {
    h.add(t.bm).add(t.bn).add(t.bk).add(t.stages).add(t.cluster).add(t.multicast_a).add(t.consumers);
    h.add(t.cluster_across).add(t.padded).add(t.epilogue_parts).add(t.group_descriptors);
}

struct AddKernel {
    Hasher& h;
    void operator()(const GemmDesc& k) const {
        h.add(k.form).add(k.m).add(k.n).add(k.k).add(k.group_sizes.size());
        for (const std::int64_t size : k.group_sizes) { h.add(size); }
        h.add(k.scale).add(k.promotion_interval);
        add(h, k.a);
        add(h, k.b);
        add(h, k.d);
        add(h, k.scales);
        h.add(k.accumulate).add(k.a_k_major).add(k.b_k_major);
        h.add(k.fused_cast_a).add(k.fused_cast_b).add(k.epilogue_cast);
        h.add(k.tiling.has_value());
        if (k.tiling) { add(h, *k.tiling); }
        h.add(k.split_k).add(k.power_of_two_scales);
    }
    void operator()(const AttentionDesc& k) const {
        h.add(k.pass).add(k.batch).add(k.heads).add(k.kv_heads).add(k.q_len).add(k.kv_len);
        for (const std::int64_t length : k.kv_lens) { h.add(length); }
        h.add(k.d_qk).add(k.d_v).add(k.causal).add(k.style).add(k.dtype).add(k.max_ctas);
        add(h, k.reads);
        add(h, k.writes);
    }
    void operator()(const StreamDesc& k) const {
        h.add(k.kind).add(k.rows).add(k.cols);
        add(h, k.reads);
        add(h, k.writes);
        h.add(k.tile_rows).add(k.tile_cols).add(k.max_ctas).add(k.threads).add(k.registers);
        h.add(k.smem.raw()).add(k.load_bytes_in_flight.raw());
        h.add(k.alu_per_element).add(k.cast_alu_per_element).add(k.cvt_per_element).add(k.sfu_per_element);
        h.add(k.smem_bytes_per_element).add(k.smem_conflict);
        h.add(k.sync_steps).add(k.dependent_loads).add(k.code_instructions).add(k.warp_cycles).add(k.block_cycles);
        h.add(k.warp_cast);
    }
    void operator()(const ExchangeDesc& k) const {
        h.add(k.kind).add(k.tokens).add(k.unique_tokens).add(k.bytes_per_token.raw());
        h.add(k.ranks).add(k.ranks_per_node).add(k.nodes_per_token).add(k.ranks_per_token);
        h.add(k.sms).add(k.reduce).add(k.low_latency).add(k.busiest_relay).add(k.bulk_copies);
        add(h, k.reads);
        add(h, k.writes);
    }
    void operator()(const BarrierDesc& k) const {
        h.add(k.ranks).add(k.ranks_per_node).add(k.sms).add(k.round_trips).add(k.metadata.raw());
    }
    void operator()(const RecordedDesc& k) const { h.add(k.duration.raw()).add(k.hbm_bytes.raw()).add(k.sms); }
};

}  // namespace

std::uint64_t kernel_hash(const KernelDesc& k) {
    Hasher h;
    h.add(k.index());
    std::visit(AddKernel{h}, k);
    return h.value();
}

}  // namespace tessera
