#include "models/sm/attention_plan.hpp"
#include "sim/base/error.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::h200;

namespace {

AttentionDesc flash(AttentionPass pass, std::int64_t head) {
    AttentionDesc k;
    k.pass = pass;
    k.style = AttentionStyle::warp_mma;
    k.heads = k.kv_heads = 4;
    k.q_len = k.kv_len = 1024;
    k.d_qk = k.d_v = head;
    return k;
}

double step(const AttentionDesc& k, const SystemConfig& c) {
    const AttentionPlan p = plan_attention(k, c, 132);
    return p.mma_cycles_per_step + p.exposed_cycles;
}

}  // namespace

TEST_CASE("a FlashAttention-2 step of 192 columns waits for shared memory, then for its exponentials") {
    const AttentionDesc k = flash(AttentionPass::forward, 192);
    const AttentionPlan p = plan_attention(k, h200(), 132);
    CHECK(p.tile_rows == 128);
    CHECK(p.step_rows == 64);
    // Eight warps: each reads its 16 rows of Q and all 64 rows of K, then all of V; K and V come in through the same
    // port. 8192 exponentials at 16 a cycle; two barriers, two shuffle steps.
    const double kv = 64 * 192 * 2, q = 128 * 192 * 2;
    const double port = (8 * kv + q + 8 * kv + 2 * kv) / 128;
    CHECK(step(k, h200()) == Approx(port + 8192.0 / 16 + 2 * 39 + 2 * 31.2));
}

TEST_CASE("faster units are never slower for FlashAttention-2") {
    for (const AttentionPass pass : {AttentionPass::forward, AttentionPass::backward}) {
        for (const std::int64_t head : {64, 96, 128, 160, 256}) {
            const AttentionDesc k = flash(pass, head);
            const double base = step(k, h200());
            SystemConfig c = h200();
            c.sm.smem.bandwidth = c.sm.smem.bandwidth * 2.0;
            CHECK(step(k, c) <= base);
            c.sm.cuda.sfu_lanes *= 2;
            CHECK(step(k, c) <= base);
            c.sm.tensor.bf16_mac_per_clk *= 2;
            CHECK(step(k, c) < base);
        }
    }
}

TEST_CASE("heads wider than FlashAttention-2 knows, FP8 and decode are refused") {
    CHECK_THROWS_AS(plan_attention(flash(AttentionPass::forward, 320), h200(), 132), ModelError);
    AttentionDesc fp8 = flash(AttentionPass::backward, 128);
    fp8.dtype = DType::fp8_e4m3;
    CHECK_THROWS_AS(plan_attention(fp8, h200(), 132), ModelError);
}
