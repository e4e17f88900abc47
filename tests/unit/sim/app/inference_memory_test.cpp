#include "sim/app/inference_memory.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using deepseek_v3::LayerKind;

namespace {

WorkloadConfig workload() { return load_run_config(find_config("runs", "deepseek_v3_decode")).workload; }

InferenceLoad whole_model() {
    InferenceLoad load;
    load.layers.layers.assign(3, LayerKind::dense);
    load.layers.layers.insert(load.layers.layers.end(), 58, LayerKind::moe);
    return load;
}

}  // namespace

TEST_CASE("inference memory: weights of DeepSeek-V3 are its published parameters") {
    WorkloadConfig w = workload();
    w.inference.table_bytes = w.inference.weight_bytes = 1;
    w.parallel.expert_ranks = 1;
    const InferenceMemory m = inference_memory(w, whole_model());
    CHECK(to_double(m.experts + m.other_weights) == Approx(671e9).epsilon(0.001));
}

TEST_CASE("inference memory: a cached token takes 70.272 KB, in whole pages") {
    InferenceLoad load = whole_model();
    load.requests = 2;
    load.cached = 65;
    CHECK(inference_memory(workload(), load).kv_cache == bytes(2 * 128 * 70272));
}

TEST_CASE("inference memory: redundant experts are more experts") {
    WorkloadConfig w = workload();
    const Bytes before = inference_memory(w, whole_model()).experts;
    w.parallel.redundant_experts = 128;
    CHECK(to_double(inference_memory(w, whole_model()).experts) == Approx(1.5 * to_double(before)));
}

TEST_CASE("inference memory: what takes most is named first") {
    InferenceMemory m;
    m.experts = bytes(5);
    m.kv_cache = bytes(9);
    CHECK_NOTHROW(check_capacity(m, bytes(14)));
    CHECK_THROWS_AS(check_capacity(m, bytes(13)), ModelError);
    CHECK_THROWS_WITH(check_capacity(m, bytes(13)), Catch::Contains(": KV cache 9 B, routed experts 5 B"));
}
