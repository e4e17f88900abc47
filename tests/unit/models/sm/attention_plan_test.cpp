#include "models/sm/attention_plan.hpp"

#include "sim/base/error.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::h200;

namespace {

AttentionDesc attention(AttentionPass pass, std::int64_t length, std::int64_t d_qk, std::int64_t d_v) {
    AttentionDesc k;
    k.pass = pass;
    k.heads = k.kv_heads = 4;
    k.q_len = k.kv_len = length;
    k.d_qk = d_qk;
    k.d_v = d_v;
    return k;
}

}  // namespace

TEST_CASE("forward tiles skip the blocks above the diagonal", "[attention_plan]") {
    const AttentionPlan p = plan_attention(attention(AttentionPass::forward, 1024, 192, 128), h200(), 132);
    CHECK(p.tile_rows == 128);
    CHECK(p.step_rows == 128);  // 48 KiB of Q and two stages of 80 KiB fit
    REQUIRE(p.tiles.size() == 4 * 8);
    std::int64_t steps = 0;
    for (const AttentionTile& t : p.tiles) { steps += t.steps; }
    CHECK(steps == 4 * (8 * 9 / 2));    // 1 + 2 + ... + 8 per head
    CHECK(p.tiles.front().steps == 8);  // longest first
    for (const AttentionTile& t : p.tiles) { CHECK(t.masked == 1); }
}

TEST_CASE("without a mask every tile walks all keys", "[attention_plan]") {
    AttentionDesc k = attention(AttentionPass::forward, 1024, 128, 128);
    k.causal = false;
    for (const AttentionTile& t : plan_attention(k, h200(), 132).tiles) {
        CHECK(t.steps == 8);
        CHECK(t.masked == 0);
    }
}

TEST_CASE("wider heads take narrower blocks of keys", "[attention_plan]") {
    const AttentionPlan p = plan_attention(attention(AttentionPass::forward, 1024, 192, 192), h200(), 132);
    CHECK(p.step_rows < 128);
    CHECK(p.step_rows % 16 == 0);
    CHECK_THROWS_AS(plan_attention(attention(AttentionPass::forward, 1024, 2048, 2048), h200(), 132), ModelError);
}

TEST_CASE("backward keeps two stages only if they fit beside what it stages", "[attention_plan]") {
    AttentionDesc k = attention(AttentionPass::backward, 1024, 192, 128);
    const AttentionPlan pipelined = plan_attention(k, h200(), 132);
    k.style = AttentionStyle::turns;
    const AttentionPlan turns = plan_attention(k, h200(), 132);
    CHECK(pipelined.stages == 2);  // P stays in registers
    CHECK_FALSE(pipelined.reload_exposed);
    CHECK(turns.stages == 1);
    CHECK(turns.reload_exposed);
    CHECK(turns.reduced == bytes(64 * 192 * 4));  // dQ in FP32
    CHECK(turns.mmas.size() == 5);
}

TEST_CASE("a pipelined warpgroup exposes less, unless registers forbid it", "[attention_plan]") {
    for (const AttentionPass pass : {AttentionPass::forward, AttentionPass::backward}) {
        AttentionDesc k = attention(pass, 1024, 128, 128);
        const AttentionPlan pipelined = plan_attention(k, h200(), 132);
        k.style = AttentionStyle::turns;
        CHECK(pipelined.exposed_cycles < plan_attention(k, h200(), 132).exposed_cycles);
    }
    // Accumulators of dK and dV take 64 + 64 registers a thread at 128 columns, 96 + 64 at 192: S and dP (32 each)
    // no longer fit beside them, and the exponentials (512 cycles of the SFU, 64 of scaling) come into the open.
    const AttentionPlan narrow = plan_attention(attention(AttentionPass::backward, 1024, 128, 128), h200(), 132);
    const AttentionPlan wide = plan_attention(attention(AttentionPass::backward, 1024, 192, 128), h200(), 132);
    const double dq_port = 64.0 * (192 - 128) * 4 / 128;
    CHECK(wide.exposed_cycles - narrow.exposed_cycles == Approx(512 + dq_port));
}

TEST_CASE("backward covers the lower triangle once", "[attention_plan]") {
    const AttentionPlan p = plan_attention(attention(AttentionPass::backward, 1024, 128, 128), h200(), 132);
    std::int64_t steps = 0;
    for (const AttentionTile& t : p.tiles) {
        CHECK(t.first + t.steps == 16);
        CHECK(t.masked == 2);  // 128 keys cross 64-row steps twice
        steps += t.steps;
    }
    CHECK(steps == 4 * (16 + 14 + 12 + 10 + 8 + 6 + 4 + 2));
}

TEST_CASE("MMA cycles per step are the products over the peak rate", "[attention_plan]") {
    const AttentionPlan p = plan_attention(attention(AttentionPass::forward, 1024, 192, 128), h200(), 132);
    CHECK(p.mma_cycles_per_step == Approx(128.0 * 128 * (192 + 128) / 2048));
}

TEST_CASE("decode deals all keys to parts of equal cost", "[attention_plan]") {
    AttentionDesc k;
    k.pass = AttentionPass::decode;
    k.batch = 3;
    k.heads = 128;
    k.kv_heads = 1;
    k.q_len = 1;
    k.kv_len = 4096;
    k.d_qk = 576;
    k.d_v = 512;
    k.causal = false;
    const AttentionPlan p = plan_attention(k, h200(), 132);
    CHECK(p.step_rows == 64);
    CHECK(p.streamed == bytes(64 * 576 * 2));  // V is part of the latent
    std::vector<std::int64_t> share(132, 0);
    std::int64_t blocks = 0;
    for (const AttentionTile& t : p.tiles) {
        REQUIRE(t.block < 132);
        share[static_cast<std::size_t>(t.block)] += t.steps;
        blocks = std::max(blocks, t.block + 1);
    }
    // 3 x (64 + 5) blocks over 66 parts: 4 each and 5 for the ends, so 4 of keys; 16 parts for each of 3 requests.
    CHECK(blocks == 66 + 48);
    std::int64_t sum = 0;
    for (const std::int64_t s : share) {
        CHECK((s == 0 || s == 4));
        sum += s;
    }
    CHECK(sum == 2 * 3 * 64);
    for (const AttentionTile& t : p.tiles) { CHECK_FALSE(t.whole); }
}
