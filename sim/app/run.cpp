#include "sim/app/run.hpp"

#include "sim/app/composed.hpp"
#include "sim/app/decode.hpp"
#include "sim/app/exchange_limit.hpp"
#include "sim/app/imported_run.hpp"
#include "sim/app/numeric_error.hpp"
#include "sim/app/prefill.hpp"
#include "sim/app/serving.hpp"
#include "sim/app/simulated_graph.hpp"
#include "sim/app/train_step.hpp"
#include "sim/base/error.hpp"

namespace tessera {
namespace {

// Recorded durations cannot be mixed with predicted ones: neither knows what the other's overlap cost.
void check_recorded(const TaskGraph& graph) {
    for (const Task& t : graph.tasks) {
        if (!std::holds_alternative<RecordedDesc>(t.kernel)) {
            throw ModelError("replay of recorded durations was asked for, but task \"" + t.name +
                             "\" has no recorded duration");
        }
    }
}

// Of a chunk pair: each of its tokens passes `layers` layers both ways; as if all of the model took as long and no
// pipeline had a bubble.
std::map<std::string, double> chunk_figures(const WorkloadConfig& w, Time time) {
    const double share = static_cast<double>(w.layers) / w.model.layers;
    return token_figures(static_cast<double>(w.tokens) * share / to_seconds(time), w.dollars_per_gpu_hour);
}

std::string id_of(const std::vector<ActiveProposal>& active) {
    std::string id;
    for (const ActiveProposal& a : active) { id += (id.empty() ? "" : "+") + std::string(a.proposal->slug()); }
    return id.empty() ? "baseline" : id;
}

}  // namespace

RunResult run(const RunConfig& config, TimerPool& timers, const std::string& id) {
    const Bench bench(config, timers);
    RunResult result;
    if (config.workload.kind == "serving") {
        result = simulate_serving(config, timers);
    } else if (!config.workload.file.empty()) {
        result = run_imported(config, timers, bench.active);
    } else if (config.workload.kind == "train_step") {
        result = summarize(simulate_train_step(config, timers), config, bench.system);
    } else if (config.workload.kind == "prefill") {
        result = simulate_prefill(config, timers);
    } else if (config.workload.kind == "decode") {
        result = simulate_decode(config, timers);
    } else if (config.workload.kind == "exchange_limit") {
        RunConfig as_built = config;
        as_built.system = bench.system;
        result = simulate_exchange_limit(as_built);
    } else {
        KernelBook book = bench.book();
        const LoweredWorkload workload = lower_workload(config, bench.system, bench.passes, book);
        if (config.simulation.replay_recorded) { check_recorded(workload.graph); }
        result = simulate_graph(bench, book, workload);
        result.numeric_error = numeric_error(workload.graph, bench.system, &timers);
        result.figures = chunk_figures(config.workload, result.time);
    }
    result.id = id.empty() ? id_of(bench.active) : id;
    for (const ActiveProposal& a : bench.active) { result.proposals.emplace_back(a.proposal->slug()); }
    return result;
}

Time recomposed(const RunConfig& config, const RunResult& baseline, const std::vector<Time>& parts) {
    invariant(parts.size() == baseline.parts.size(), "as many times as parts");
    if (config.workload.kind == "prefill") { return recomposed_prefill(config, parts); }
    return config.workload.kind == "decode" ? recomposed_decode(config, parts) : recomposed_step(config, parts);
}

RunResult run(const RunConfig& config) {
    TimerPool timers(simulated_devices());
    return run(config, timers, {});
}

}  // namespace tessera
