#include "models/sm/attention_program.hpp"

#include "tests/support/bench.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::Bench;
using tessera::testing::h200;

namespace {

AttentionDesc attention(AttentionPass pass, std::int64_t heads, std::int64_t length) {
    AttentionDesc k;
    k.pass = pass;
    k.heads = k.kv_heads = heads;
    k.q_len = k.kv_len = length;
    k.d_qk = 192;
    k.d_v = 128;
    return k;
}

struct Run {
    double cycles = 0;
    Bytes hbm_read{}, l2_read{};
    double macs = 0;
    ProgramReport report;
};

Run run(const AttentionDesc& k, const SystemConfig& system, int sms = 132) {
    Bench bench(system);
    bench.scope.sms = sms;
    AttentionProgram program(k, bench.scope, bench.units());
    bench.run(program);
    REQUIRE(program.done());
    Run r;
    r.cycles = bench.scope.clock.cycles(program.finish() - bench.scope.begin);
    r.hbm_read = bench.hbm().stats().read_pins;
    r.l2_read = bench.l2().stats().read;
    r.macs = bench.tensor().stats().macs;
    r.report = program.report(UnitUse{});
    Time sum{};
    for (const TimeShare& s : r.report.shares) { sum += s.time; }
    CHECK(sum == program.finish() - bench.scope.begin);
    return r;
}

}  // namespace

TEST_CASE("one tile without a mask costs its steps, its fill and its ends", "[attention_program]") {
    AttentionDesc k = attention(AttentionPass::forward, 1, 128);
    k.kv_len = 4096;
    k.causal = false;
    AttentionDesc longer = k;
    longer.kv_len = 8192;
    // 32 more steps, each its MMAs and what they do not hide; two drains of the pipe every four steps.
    const AttentionPlan p = plan_attention(k, h200(), 132);
    const double per_step = p.mma_cycles_per_step + p.exposed_cycles;
    const double more = run(longer, h200()).cycles - run(k, h200()).cycles;
    CHECK(more == Approx(32 * per_step).epsilon(0.02));
}

TEST_CASE("the arithmetic done is the arithmetic planned", "[attention_program]") {
    const Run r = run(attention(AttentionPass::forward, 2, 1024), h200());
    const double steps = 2 * (8 * 9 / 2);
    CHECK(r.macs == Approx(steps * 128 * 128 * (192 + 128)));
    CHECK(r.report.tensor_flops.raw() == Approx(2 * r.macs));
}

TEST_CASE("keys and values come from memory once and from L2 for every tile", "[attention_program]") {
    const Run r = run(attention(AttentionPass::forward, 4, 4096), h200());
    const double once = 4.0 * 4096 * (192 + 192 + 128) * 2;
    CHECK(to_double(r.hbm_read) == Approx(once).epsilon(0.01));
    CHECK(to_double(r.l2_read) > 5 * once);
}

TEST_CASE("a masked kernel takes more than half of an unmasked one", "[attention_program]") {
    AttentionDesc k = attention(AttentionPass::forward, 32, 4096);
    const double masked = run(k, h200()).cycles;
    k.causal = false;
    const double all = run(k, h200()).cycles;
    CHECK(masked > 0.5 * all);
    CHECK(masked < 0.7 * all);
}

TEST_CASE("backward costs more than the ratio of its operations", "[attention_program]") {
    const double forward = run(attention(AttentionPass::forward, 32, 2048), h200()).cycles;
    const double backward = run(attention(AttentionPass::backward, 32, 2048), h200()).cycles;
    CHECK(backward > (3.0 * 192 + 2.0 * 128) / (192 + 128) * forward);
}

TEST_CASE("a persistent grid overlaps its ends, fewer SMs take longer", "[attention_program]") {
    AttentionDesc k = attention(AttentionPass::forward, 32, 2048);
    const double once = run(k, h200()).cycles;
    CHECK(run(k, h200(), 66).cycles > 1.7 * once);
    k.max_ctas = 132;
    CHECK(run(k, h200()).cycles < once);
}

TEST_CASE("decode reads the latent once and grows with the keys", "[attention_program]") {
    AttentionDesc k;
    k.pass = AttentionPass::decode;
    k.batch = 16;
    k.heads = 128;
    k.kv_heads = 1;
    k.q_len = 1;
    k.kv_len = 4096;
    k.d_qk = 576;
    k.d_v = 512;
    k.causal = false;
    const Run r = run(k, h200());
    const double latent = 16.0 * 4096 * 576 * 2;
    const double queries = 16.0 * 128 * 576 * 2;
    CHECK(to_double(r.hbm_read) == Approx(latent + queries).epsilon(0.03));
    k.kv_len = 8192;
    CHECK(run(k, h200()).cycles > 1.6 * r.cycles);
}
