// covers: workloads/deepseek_v3/decode.cpp workloads/deepseek_v3/decode_operators.cpp
#include "workloads/deepseek_v3/decode.hpp"

#include "sim/base/error.hpp"
#include "sim/lower/lower.hpp"
#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace tessera;
using namespace tessera::deepseek_v3;

namespace {

RunConfig decode_run(const std::vector<std::string>& changes = {}) {
    return load_run_config(std::string(TESSERA_SOURCE_DIR) + "/configs/runs/deepseek_v3_decode.json", changes);
}

TaskGraph build(const RunConfig& run, const ChunkLayers& layers) {
    return finish_lowering(build_decode(run.workload, run.system, rank_loads(run.workload, 1).front(), layers),
                           run.system);
}

const AttentionDesc& attention_of(const TaskGraph& g) {
    return std::get<AttentionDesc>(g.find("F0.attn1.mla_decode")->kernel);
}

}  // namespace

TEST_CASE("decode: whole dataflows of both micro-batches, exchanges on streams of their own without SMs") {
    const TaskGraph g = build(decode_run(), {{LayerKind::dense, LayerKind::moe, LayerKind::moe}, true, true});
    int first = 0, second = 0;
    for (const Task& t : g.tasks) {
        (t.name[0] == 'F' ? first : second) += 1;
        if (const auto* e = std::get_if<ExchangeDesc>(&t.kernel)) {
            CHECK(e->sms == 0);
            CHECK(e->low_latency);
            CHECK(g.streams[static_cast<std::size_t>(t.stream)].role == StreamRole::communication);
            CHECK(t.stream == (t.name[0] == 'F' ? 2 : 1));
        }
    }
    CHECK(first == second);
}

TEST_CASE(
    "decode: a micro-batch's experts come after the other's projections, its attention after the other's experts") {
    const TaskGraph g = build(decode_run(), {{LayerKind::moe, LayerKind::moe}});
    const auto at = [&g](const char* name) {
        const Task* t = g.find(name);
        REQUIRE(t != nullptr);
        return t->id;
    };
    CHECK(at("F0.attn1.mla_decode") < at("G0.attn0.q_b_proj"));
    CHECK(at("G0.attn0.q_b_proj") < at("F0.mlp.routed_gate_up"));
    CHECK(at("F0.mlp.routed_gate_up") < at("G0.attn1.mla_decode"));
    CHECK(at("G0.attn1.mla_decode") < at("F1.attn0.q_b_proj"));
    CHECK(at("F1.attn0.q_b_proj") < at("G0.mlp.routed_gate_up"));
}

TEST_CASE("decode: attention in absorbed form reads one latent row of the cache a token and layer") {
    const RunConfig run = decode_run({"workload.inference.kv_length=1000"});
    const TaskGraph g = build(run, {{LayerKind::moe}});
    const AttentionDesc& a = attention_of(g);
    CHECK(a.batch == 64);
    CHECK(a.q_len == 2);
    CHECK(a.kv_heads == 1);
    CHECK(a.d_qk == 576);
    CHECK(a.d_v == 512);
    CHECK(a.kv_len == 1002);
    CHECK(a.reads.front().size() == bytes(64 * 1002 * 1152));
}

TEST_CASE("decode: experts' rows are those that arrive, of redundant experts too") {
    const auto rows = [](const std::vector<std::string>& changes) {
        const TaskGraph g = build(decode_run(changes), {{LayerKind::moe}});
        return fixtures::gemm_of(*g.find("F0.mlp.routed_gate_up")).group_sizes;
    };
    CHECK(rows({}) == std::vector<std::int64_t>{512, 512});
    CHECK(rows({"workload.parallel.expert_ranks=144", "workload.parallel.redundant_experts=32"}).size() == 2);
    CHECK(rows({"workload.parallel.expert_ranks=320", "workload.parallel.redundant_experts=64"}).size() == 1);
}

TEST_CASE("decode: the drafting module is a layer with a projection, and has a head of its own") {
    const TaskGraph g = build(decode_run(), {{LayerKind::dense, LayerKind::prediction}, true, true});
    CHECK(fixtures::count_role(g, "head_bf16") == 4);
    CHECK(fixtures::count_role(g, "mtp_projection") == 2);
    CHECK(fixtures::gemm_of(*g.find("F2.head.head_bf16")).m == 128);
    const TaskGraph only = build(decode_run(), {{LayerKind::prediction}, true, true});
    CHECK(fixtures::count_role(only, "head_bf16") == 4);
}

TEST_CASE("decode: what cannot be built is refused") {
    RunConfig run = decode_run();
    run.workload.parallel.communication_sms = 4;
    CHECK_THROWS_AS(build(run, {{LayerKind::moe}}), ModelError);
    run = decode_run();
    run.workload.model.attention = AttentionKind::gqa;
    CHECK_THROWS_AS(build(run, {{LayerKind::moe}}), ModelError);
}
