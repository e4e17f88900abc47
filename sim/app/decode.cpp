#include "sim/app/decode.hpp"

#include "sim/app/composed.hpp"
#include "sim/app/inference_memory.hpp"
#include "sim/app/simulated_graph.hpp"
#include "sim/base/error.hpp"
#include "sim/lower/live_bytes.hpp"
#include "workloads/deepseek_v3/decode.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

using deepseek_v3::ChunkLayers;
using deepseek_v3::LayerKind;

constexpr int kMicroBatches = 2;

struct Part {
    ChunkLayers layers;
    double times = 0;
};

std::vector<LayerKind> row(LayerKind kind, std::int64_t n) {
    return std::vector<LayerKind>(static_cast<std::size_t>(n), kind);
}

std::int64_t drafted(const WorkloadConfig& w) { return w.sequence - 1; }

std::vector<Part> parts_of(const WorkloadConfig& w) {
    std::vector<Part> parts;
    const int routed = w.model.layers - w.model.dense_layers;
    if (routed > 0) { parts.push_back({{row(LayerKind::moe, w.layers)}, static_cast<double>(routed) / w.layers}); }
    Part ends{{row(LayerKind::dense, w.model.dense_layers), true, true}, 1.0};
    ends.layers.layers.insert(ends.layers.layers.end(), static_cast<std::size_t>(drafted(w)), LayerKind::prediction);
    parts.push_back(std::move(ends));
    return parts;
}

// Loads for the longest graph, and gaps between the nodes of a replayed graph in place of those between launches.
RunConfig prepared(RunConfig config) {
    WorkloadConfig& w = config.workload;
    w.layers = std::max(w.layers, w.model.dense_layers + static_cast<int>(drafted(w)));
    LaunchConfig& launch = config.system.launch;
    if (w.inference.cuda_graph) { launch.kernel_gap = max(launch.graph_gap - launch.kernel_latency, Time::zero()); }
    return config;
}

InferenceMemory memory_of(const RunConfig& config, Bytes activations) {
    const WorkloadConfig& w = config.workload;
    InferenceLoad load;
    load.layers.layers = row(LayerKind::dense, w.model.dense_layers);
    const auto more = row(LayerKind::moe, w.model.layers - w.model.dense_layers + drafted(w));
    load.layers.layers.insert(load.layers.layers.end(), more.begin(), more.end());
    load.requests = kMicroBatches * w.tokens / w.sequence;
    load.cached = w.inference.kv_length + w.sequence;
    load.activations = activations;
    return inference_memory(w, load);
}

std::map<std::string, double> figures(const RunConfig& config, Time step) {
    const WorkloadConfig& w = config.workload;
    const double requests = static_cast<double>(kMicroBatches * w.tokens / w.sequence);
    const double accepted = accepted_tokens(drafted(w), w.inference.acceptance), seconds = to_seconds(step);
    const double rate = requests * accepted / seconds, hours = 1e12 / rate / 3600;
    return {{"tokens_per_s_per_gpu", rate},
            {"tokens_per_s_per_node", rate * w.parallel.ranks_per_node},
            {"tpot_s", seconds / accepted},
            {"requests_per_gpu", requests},
            {"accepted_tokens_per_step", accepted},
            {"gpu_hours_per_trillion_tokens", hours},
            {"dollars_per_trillion_tokens", hours * w.dollars_per_gpu_hour}};
}

}  // namespace

double accepted_tokens(std::int64_t drafted, double acceptance) {
    double sum = 1, all = 1;
    for (std::int64_t i = 0; i < drafted; ++i) {
        all *= acceptance;
        sum += all;
    }
    return sum;
}

RunResult simulate_decode(const RunConfig& given, TimerPool& timers) {
    const std::vector<Part> parts = parts_of(given.workload);
    const RunConfig config = prepared(given);
    const Bench bench(config, timers);
    ComposedResult sum;
    std::vector<RunResult> results;
    Time wall = config.workload.inference.step_overhead;
    Bytes activations{};
    for (const Part& p : parts) {
        KernelBook book = bench.book();
        const LoweredWorkload lowered =
            lower_graph(config, bench.system, bench.passes, book, [&](const deepseek_v3::RankLoad& load) {
                return deepseek_v3::build_decode(config.workload, bench.system, load, p.layers);
            });
        activations = std::max(activations, peak_live_bytes(lowered.graph));
        results.push_back(simulate_graph(bench, book, lowered));
        sum.add(results.back(), p.times);
        wall += results.back().time * p.times;
    }
    const InferenceMemory memory = memory_of(given, activations);
    check_capacity(memory, bench.system.hbm.capacity);
    RunResult r = sum.finish(wall, bench.system);
    r.timeline = results.front().timeline;
    r.figures = figures(given, wall);
    add_figures(memory, r.figures);
    r.parts = std::move(results);
    return r;
}

Time recomposed_decode(const RunConfig& config, const std::vector<Time>& times) {
    const std::vector<Part> parts = parts_of(config.workload);
    invariant(parts.size() == times.size(), "a decode step's parts are its graphs");
    Time sum = config.workload.inference.step_overhead;
    for (std::size_t i = 0; i < parts.size(); ++i) { sum += times[i] * parts[i].times; }
    return sum;
}

}  // namespace tessera
