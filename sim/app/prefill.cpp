#include "sim/app/prefill.hpp"

#include "sim/app/composed.hpp"
#include "sim/app/inference_memory.hpp"
#include "sim/app/simulated_graph.hpp"
#include "sim/base/error.hpp"
#include "sim/lower/live_bytes.hpp"
#include "workloads/deepseek_v3/prefill.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

using deepseek_v3::ChunkLayers;
using deepseek_v3::LayerKind;

constexpr int kMicroBatches = 2;

// The graphs of a batch, and how often each is run.
struct Part {
    ChunkLayers layers;
    double times = 0;
};

std::vector<Part> parts_of(const WorkloadConfig& w) {
    const auto row = [](LayerKind kind, int n) { return std::vector<LayerKind>(static_cast<std::size_t>(n), kind); };
    std::vector<Part> parts;
    const int routed = w.model.layers - w.model.dense_layers;
    if (routed > 0) { parts.push_back({{row(LayerKind::moe, w.layers)}, static_cast<double>(routed) / w.layers}); }
    if (w.model.dense_layers > 0) { parts.push_back({{row(LayerKind::dense, w.model.dense_layers), true, true}, 1.0}); }
    return parts;
}

// Loads are drawn for as many layers as the longest graph has.
RunConfig with_loads_for(RunConfig config) {
    config.workload.layers = std::max(config.workload.layers, config.workload.model.dense_layers);
    return config;
}

// Both micro-batches' prompts are in the cache when their last layer ends.
InferenceMemory memory_of(const WorkloadConfig& w, Bytes activations) {
    InferenceLoad load;
    for (const Part& p : parts_of(w)) {
        const auto copies =
            static_cast<std::size_t>(std::llround(p.times * static_cast<double>(p.layers.layers.size())));
        load.layers.layers.insert(load.layers.layers.end(), copies, p.layers.layers.front());
    }
    load.requests = kMicroBatches * w.tokens / w.sequence;
    load.cached = w.sequence;
    load.activations = activations;
    return inference_memory(w, load);
}

}  // namespace

RunResult simulate_prefill(const RunConfig& given, TimerPool& timers) {
    const std::vector<Part> parts = parts_of(given.workload);
    const RunConfig config = with_loads_for(given);
    const Bench bench(config, timers);
    ComposedResult sum;
    std::vector<RunResult> results;
    Time wall{};
    Bytes activations{};
    for (const Part& p : parts) {
        KernelBook book = bench.book();
        const LoweredWorkload lowered = lower_graph(
            config, bench.system, bench.passes, book,
            [&](const deepseek_v3::RankLoad& load) {
                return deepseek_v3::build_prefill(config.workload, bench.system, load, p.layers);
            },
            FirstRank::interpolated);
        activations = std::max(activations, peak_live_bytes(lowered.graph));
        results.push_back(simulate_graph(bench, book, lowered));
        sum.add(results.back(), p.times);
        wall += results.back().time * p.times;
    }
    const InferenceMemory memory = memory_of(given.workload, activations);
    check_capacity(memory, bench.system.hbm.capacity);
    RunResult r = sum.finish(wall, bench.system);
    r.timeline = results.front().timeline;
    const double tokens = static_cast<double>(kMicroBatches * config.workload.tokens), rate = tokens / to_seconds(wall);
    const double hours = 1e12 / rate / 3600;
    r.figures = {{"tokens_per_s_per_gpu", rate},
                 {"tokens_per_s_per_node", rate * config.workload.parallel.ranks_per_node},
                 {"gpu_hours_per_trillion_tokens", hours},
                 {"dollars_per_trillion_tokens", hours * config.workload.dollars_per_gpu_hour}};
    add_figures(memory, r.figures);
    r.parts = std::move(results);
    return r;
}

Time recomposed_prefill(const RunConfig& config, const std::vector<Time>& times) {
    const std::vector<Part> parts = parts_of(config.workload);
    invariant(parts.size() == times.size(), "a prefill's parts are its graphs");
    Time sum{};
    for (std::size_t i = 0; i < parts.size(); ++i) { sum += times[i] * parts[i].times; }
    return sum;
}

}  // namespace tessera
