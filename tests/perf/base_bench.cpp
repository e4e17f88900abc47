#include "sim/base/hash.hpp"
#include "sim/base/json.hpp"
#include "sim/base/rng.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace tessera;

// A document as results are: many small objects with text, integers and fractions.
std::string document(std::int64_t spans) {
    Rng rng(1);
    JsonValue list = JsonValue::array();
    for (std::int64_t i = 0; i < spans; ++i) {
        JsonValue& span = list.push(JsonValue::object());
        span.set("name", JsonValue::string("F" + std::to_string(i) + ".attn.q_b_proj"));
        span.set("start_fs", JsonValue::integer(static_cast<std::int64_t>(rng.below(1'000'000'000))));
        span.set("energy_j", JsonValue::number(rng.uniform()));
    }
    return write_json(list);
}

void json_parse(benchmark::State& state) {
    const std::string text = document(state.range(0));
    for (auto _ : state) { benchmark::DoNotOptimize(parse_json(text, "bench")); }
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}
BENCHMARK(json_parse)->Arg(1000)->Arg(10000);

void json_write(benchmark::State& state) {
    const JsonValue value = parse_json(document(state.range(0)), "bench");
    std::size_t size = 0;
    for (auto _ : state) { size = write_json(value).size(); }
    state.SetBytesProcessed(static_cast<std::int64_t>(size) * state.iterations());
}
BENCHMARK(json_write)->Arg(1000);

void hash_fields(benchmark::State& state) {
    for (auto _ : state) {
        Hasher h;
        for (int i = 0; i < 32; ++i) { h.add(i).add(0.5 * i); }
        benchmark::DoNotOptimize(h.value());
    }
    state.SetItemsProcessed(64 * state.iterations());
}
BENCHMARK(hash_fields);

void rng_normal(benchmark::State& state) {
    Rng rng(1);
    for (auto _ : state) { benchmark::DoNotOptimize(rng.normal()); }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(rng_normal);

}  // namespace
