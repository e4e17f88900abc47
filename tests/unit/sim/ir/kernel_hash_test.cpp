#include "tests/unit/sim/ir/fixtures.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <set>

using namespace tessera;

namespace {

template <class Desc>
void check_each_change_is_seen(const Desc& base, const std::vector<std::function<void(Desc&)>>& changes) {
    std::set<std::uint64_t> seen = {kernel_hash(KernelDesc(base))};
    for (std::size_t i = 0; i < changes.size(); ++i) {
        Desc changed = base;
        changes[i](changed);
        INFO("change number " << i);
        CHECK(seen.insert(kernel_hash(KernelDesc(changed))).second);
    }
}

}  // namespace

TEST_CASE("kernel hash: tensor names do not enter, everything else does") {
    GemmDesc g = fixtures::gemm(256, 512, 128);
    const std::uint64_t before = kernel_hash(KernelDesc(g));
    g.a.tensor = "other";
    CHECK(kernel_hash(KernelDesc(g)) == before);

    using C = std::function<void(GemmDesc&)>;
    check_each_change_is_seen<GemmDesc>(g, {C([](GemmDesc& k) { k.m = 384; }),
                                            C([](GemmDesc& k) { k.n = 640; }),
                                            C([](GemmDesc& k) { k.k = 256; }),
                                            C([](GemmDesc& k) { k.form = GemmForm::grouped_m; }),
                                            C([](GemmDesc& k) { k.group_sizes = {256}; }),
                                            C([](GemmDesc& k) {
                                                k.group_sizes = {128, 128};
                                            }),
                                            C([](GemmDesc& k) { k.scale = ScaleMode::block_1x128_1x128; }),
                                            C([](GemmDesc& k) { k.promotion_interval = 128; }),
                                            C([](GemmDesc& k) { k.a.dtype = DType::bf16; }),
                                            C([](GemmDesc& k) { k.b.l2_resident = 0.5; }),
                                            C([](GemmDesc& k) { k.d.dtype = DType::fp32; }),
                                            C([](GemmDesc& k) { k.a.near_memory_ratio = 0.5; }),
                                            C([](GemmDesc& k) { k.accumulate = true; }),
                                            C([](GemmDesc& k) { k.scales = {k.a}; }),
                                            C([](GemmDesc& k) { k.a_k_major = false; }),
                                            C([](GemmDesc& k) { k.b_k_major = false; }),
                                            C([](GemmDesc& k) { k.fused_cast_a = true; }),
                                            C([](GemmDesc& k) { k.fused_cast_b = true; }),
                                            C([](GemmDesc& k) { k.epilogue_cast = true; }),
                                            C([](GemmDesc& k) { k.tiling = GemmTiling{}; }),
                                            C([](GemmDesc& k) {
                                                k.tiling = GemmTiling{128, 64};
                                            }),
                                            C([](GemmDesc& k) { k.split_k = true; }),
                                            C([](GemmDesc& k) { k.power_of_two_scales = true; })});
}

TEST_CASE("kernel hash: streams, attention, exchanges and barriers") {
    using S = std::function<void(StreamDesc&)>;
    check_each_change_is_seen<StreamDesc>(fixtures::copy(4096, 7168),
                                          {S([](StreamDesc& k) { k.kind = StreamKind::transpose; }),
                                           S([](StreamDesc& k) { k.rows = 4; }),
                                           S([](StreamDesc& k) { k.reads.clear(); }),
                                           S([](StreamDesc& k) { k.reads[0].run = bytes(64); }),
                                           S([](StreamDesc& k) { k.reads[0].access = Access::strided; }),
                                           S([](StreamDesc& k) { k.tile_rows = 4; }),
                                           S([](StreamDesc& k) { k.tile_cols = 4; }),
                                           S([](StreamDesc& k) { k.max_ctas = 4; }),
                                           S([](StreamDesc& k) { k.threads = 512; }),
                                           S([](StreamDesc& k) { k.registers = 64; }),
                                           S([](StreamDesc& k) { k.smem = kib(16); }),
                                           S([](StreamDesc& k) { k.load_bytes_in_flight = bytes(64); }),
                                           S([](StreamDesc& k) { k.alu_per_element = 1; }),
                                           S([](StreamDesc& k) { k.cvt_per_element = 1; }),
                                           S([](StreamDesc& k) { k.sfu_per_element = 1; }),
                                           S([](StreamDesc& k) { k.smem_bytes_per_element = 1; }),
                                           S([](StreamDesc& k) { k.smem_conflict = 2; }),
                                           S([](StreamDesc& k) { k.sync_steps = 1; }),
                                           S([](StreamDesc& k) { k.dependent_loads = 1; }),
                                           S([](StreamDesc& k) { k.code_instructions = 1; }),
                                           S([](StreamDesc& k) { k.warp_cycles = 1; }),
                                           S([](StreamDesc& k) { k.block_cycles = 1; }),
                                           S([](StreamDesc& k) { k.warp_cast = true; })});
    using A = std::function<void(AttentionDesc&)>;
    check_each_change_is_seen<AttentionDesc>(
        fixtures::attention(AttentionPass::forward),
        {A([](AttentionDesc& k) { k.pass = AttentionPass::backward; }), A([](AttentionDesc& k) { k.heads = 64; }),
         A([](AttentionDesc& k) { k.causal = false; }), A([](AttentionDesc& k) { k.d_v = 64; })});
    using E = std::function<void(ExchangeDesc&)>;
    check_each_change_is_seen<ExchangeDesc>(
        fixtures::exchange(),
        {E([](ExchangeDesc& k) { k.kind = ExchangeKind::combine; }), E([](ExchangeDesc& k) { k.tokens = 1; }),
         E([](ExchangeDesc& k) { k.unique_tokens = 1; }), E([](ExchangeDesc& k) { k.busiest_relay = 2; }),
         E([](ExchangeDesc& k) { k.nodes_per_token = 3; }), E([](ExchangeDesc& k) { k.sms = 4; }),
         E([](ExchangeDesc& k) { k.reduce = true; })});
    BarrierDesc b;
    BarrierDesc wide = b;
    wide.ranks = 64;
    CHECK(kernel_hash(KernelDesc(b)) != kernel_hash(KernelDesc(wide)));
    CHECK(kernel_hash(KernelDesc(b)) != kernel_hash(KernelDesc(RecordedDesc{})));
}
