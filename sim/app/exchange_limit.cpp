#include "sim/app/exchange_limit.hpp"

#include "models/device/fabric.hpp"
#include "sim/app/composed.hpp"
#include "sim/ir/task_graph.hpp"

namespace tessera {
namespace {

constexpr double kMicroBatches = 2;

ExchangeDesc exchange(const WorkloadConfig& w, ExchangeKind kind) {
    ExchangeDesc e;
    e.kind = kind;
    e.low_latency = true;
    e.tokens = w.tokens;
    e.unique_tokens = w.tokens * w.model.experts_per_token;
    e.bytes_per_token = storage(kind == ExchangeKind::dispatch ? DType::fp8_e4m3 : DType::bf16, w.model.hidden);
    e.ranks = w.parallel.expert_ranks;
    e.ranks_per_node = w.parallel.ranks_per_node;
    e.ranks_per_token = w.model.experts_per_token;
    e.nodes_per_token = 1;
    return e;
}

// A result as of a timeline that holds this exchange alone.
RunResult alone(const KernelResult& k, const std::string& name) {
    RunResult r;
    r.time = k.time;
    r.traffic = k.traffic;
    r.energy = k.energy;
    r.energy_j = k.energy.total().raw();
    r.limiter = k.limiter;
    r.critical_share[std::string(to_string(k.limiter))] = 1;
    ClassTotal c;
    c.op_class = name;
    c.kernels = 1;
    c.time = c.critical = k.time;
    c.traffic = k.traffic;
    c.energy_j = r.energy_j;
    r.classes = {c};
    return r;
}

}  // namespace

RunResult simulate_exchange_limit(const RunConfig& config) {
    const WorkloadConfig& w = config.workload;
    DeviceFabric fabric(config.system);
    const double times = kMicroBatches * w.model.layers;
    ComposedResult sum;
    Time wall{};
    for (const ExchangeKind kind : {ExchangeKind::dispatch, ExchangeKind::combine}) {
        const ExchangeDesc e = exchange(w, kind);
        validate(e);
        const RunResult r =
            alone(fabric.exchange(e, {}), kind == ExchangeKind::dispatch ? "comm_dispatch" : "comm_combine");
        sum.add(r, times);
        wall += r.time * times;
    }
    RunResult r = sum.finish(wall, config.system);
    r.sm_clock = config.system.power.sustained_clock;
    r.timeline.wall = wall;
    r.figures = {{"tpot_s", to_seconds(wall)}, {"tokens_per_s_per_request", 1 / to_seconds(wall)}};
    return r;
}

}  // namespace tessera
