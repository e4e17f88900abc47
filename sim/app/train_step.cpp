#include "sim/app/train_step.hpp"

#include "sim/app/simulated_graph.hpp"
#include "sim/base/error.hpp"
#include "sim/lower/lower.hpp"
#include "workloads/deepseek_v3/optimizer_step.hpp"
#include "workloads/pipeline/held.hpp"

#include <algorithm>
#include <map>

namespace tessera {
namespace {

using deepseek_v3::ChunkLayers;
using deepseek_v3::ChunkWork;
using deepseek_v3::Gradients;
using pipeline::Cell;
using pipeline::Piece;
using pipeline::PieceKind;

// The graph of a cell: which stages run forward and backward, and how many messages leave beside it.
ChunkWork work_of(const Cell& cell, const pipeline::Plan& plan, const std::vector<ChunkLayers>& stages) {
    ChunkWork work;
    for (const Piece& p : cell.pieces) {
        const ChunkLayers& layers = stages[static_cast<std::size_t>(p.stage)];
        const bool forward = p.kind == PieceKind::forward;
        (forward ? work.forward : work.backward) = layers;
        if (p.kind == PieceKind::input_gradient) { work.gradients = Gradients::inputs; }
        if (p.kind == PieceKind::weight_gradient) { work.gradients = Gradients::weights; }
        const int next = forward ? p.stage + 1 : p.stage - 1;
        const bool leaves = p.kind != PieceKind::weight_gradient && next >= 0 && next < plan.stages &&
                            ranks_of_stage(plan, p.stage) != ranks_of_stage(plan, next);
        work.sends += leaves ? 1 : 0;
    }
    return work;
}

// The kinds of cells of a plan, in the order of their first appearance.
struct CellKinds {
    pipeline::Plan plan;
    std::vector<ChunkLayers> stages;
    std::vector<ChunkWork> works;
    std::vector<double> per_rank;
    std::map<ChunkWork, std::size_t> index;

    explicit CellKinds(const WorkloadConfig& w)
        : plan(pipeline::make_plan(w.pipeline.schedule, w.pipeline.ranks, w.pipeline.micro_batches)),
          stages(deepseek_v3::stage_layers(w.model, plan.stages, w.pipeline.prediction_modules,
                                           {w.pipeline.stage_layers.begin(), w.pipeline.stage_layers.end()})) {
        for (const std::vector<Cell>& cells : plan.cells) {
            for (const Cell& c : cells) {
                const auto [it, fresh] = index.emplace(work_of(c, plan, stages), works.size());
                if (fresh) {
                    works.push_back(it->first);
                    per_rank.push_back(0);
                }
                per_rank[it->second] += 1.0 / plan.ranks;
            }
        }
    }
};

class StepTimes : public pipeline::CellTimes {
public:
    StepTimes(const CellKinds& kinds, std::vector<Time> cells, Time message)
        : kinds_(kinds), cells_(std::move(cells)), message_(message) {}
    Time cell(const Cell& cell) const override {
        return cells_[kinds_.index.at(work_of(cell, kinds_.plan, kinds_.stages))];
    }
    Time transfer(int, int) const override { return message_; }

private:
    const CellKinds& kinds_;
    std::vector<Time> cells_;
    Time message_;
};

// Layers of the longest cell, for loads with an entry each; routing is drawn per layer of a cell.
RunConfig with_loads_for(RunConfig config, const std::vector<ChunkLayers>& stages) {
    std::size_t most = 0;
    for (const ChunkLayers& s : stages) { most = std::max(most, s.layers.size()); }
    config.workload.layers = static_cast<int>(most);
    return config;
}

RunResult simulate_cell(const Bench& bench, const ChunkWork& work) {
    KernelBook book = bench.book();
    const LoweredWorkload lowered = lower_graph(
        bench.run, bench.system, bench.passes, book,
        [&](const deepseek_v3::RankLoad& load) {
            return deepseek_v3::build_train_chunk(bench.run.workload, bench.system, load, work);
        },
        FirstRank::interpolated);
    return simulate_graph(bench, book, lowered);
}

// A graph that is the same on every rank.
RunResult simulate_alike(const Bench& bench, TaskGraph graph) {
    KernelBook book = bench.book();
    LoweredWorkload lowered;
    lowered.graph = finish_lowering(run_passes(std::move(graph), bench.passes, bench.system), bench.system);
    lowered.simulated_ranks = 1;
    RankKernels kernels;
    for (const Task& t : lowered.graph.tasks) { kernels.kernels.push_back(book.add(t.kernel)); }
    lowered.ranks.push_back(std::move(kernels));
    return simulate_graph(bench, book, lowered);
}

Time message_time(const Bench& bench) {
    TaskGraph g;
    g.name = "message";
    g.streams = {{"pipeline", StreamRole::copy, 0}};
    Task t;
    t.name = t.role = "send_to_stage";
    t.op_class = "comm_pipeline";
    t.kernel = deepseek_v3::pipeline_message(bench.run.workload);
    g.tasks.push_back(std::move(t));
    return simulate_alike(bench, std::move(g)).time;
}

// Stages whose parameters a rank keeps.
std::vector<int> stages_of_rank(const pipeline::Plan& plan, int rank) {
    std::vector<int> out;
    for (int s = 0; s < plan.stages; ++s) {
        const std::vector<int> holders = ranks_of_stage(plan, s);
        if (std::find(holders.begin(), holders.end(), rank) != holders.end()) { out.push_back(s); }
    }
    return out;
}

deepseek_v3::StageParameters parameters_of(const RunConfig& config, const TrainStep& step, int rank) {
    deepseek_v3::StageParameters sum;
    for (const int s : stages_of_rank(step.plan, rank)) {
        const auto p = deepseek_v3::stage_parameters(config.workload.model, config.workload.parallel,
                                                     step.stages[static_cast<std::size_t>(s)]);
        sum.routed += p.routed;
        sum.other += p.other;
    }
    return sum;
}

int copies_of(const pipeline::Plan& plan) { return static_cast<int>(ranks_of_stage(plan, 0).size()); }

Bytes bytes_of(double parameters, double each) { return bytes(1) * (parameters * each); }

RankMemory memory_of(const RunConfig& config, const TrainStep& step, int rank, const std::vector<Bytes>& activations) {
    const TrainingMemoryConfig& m = config.workload.memory;
    const deepseek_v3::StageParameters p = parameters_of(config, step, rank);
    const deepseek_v3::Replicas same = deepseek_v3::replicas(config.workload, copies_of(step.plan));
    RankMemory out;
    out.weights = bytes_of(p.all(), m.weight);
    out.gradients = bytes_of(p.all(), m.gradient);
    out.optimizer =
        bytes_of(p.routed / std::max(1, same.experts) + p.other / std::max(1, same.other), m.master + m.moments);
    out.activations = most_held(step.run.ranks[static_cast<std::size_t>(rank)], activations);
    out.reserved = m.reserved;
    return out;
}

std::string gib(Bytes b) {
    const double tenths = static_cast<double>(b.raw() * 10 / mib(1024).raw()) / 10;
    std::string text = std::to_string(tenths);
    return text.substr(0, text.find('.') + 2) + " GiB";
}

void check_capacity(const std::vector<RankMemory>& ranks, Bytes capacity) {
    for (std::size_t r = 0; r < ranks.size(); ++r) {
        const RankMemory& m = ranks[r];
        if (m.all() <= capacity) { continue; }
        std::vector<std::pair<Bytes, std::string>> parts = {{m.activations, "stored activations"},
                                                            {m.gradients, "gradients"},
                                                            {m.weights, "weights"},
                                                            {m.optimizer, "optimizer state"},
                                                            {m.reserved, "reserved"}};
        std::stable_sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
        std::string text = "out of memory: rank " + std::to_string(r) + " of the pipeline needs " + gib(m.all()) +
                           " of " + gib(capacity) + ":";
        for (const auto& [size, name] : parts) { text += " " + name + " " + gib(size) + ","; }
        text.back() = ';';
        throw ModelError(text + " use more pipeline or expert-parallel ranks, fewer tokens, or recompute more");
    }
}

}  // namespace

Time TrainStep::optimizer_time() const {
    Time most{};
    for (const RunResult& r : optimizer) { most = std::max(most, r.time); }
    return most;
}

TrainStep simulate_train_step(const RunConfig& given, TimerPool& timers) {
    const CellKinds kinds(given.workload);
    TrainStep step;
    step.plan = kinds.plan;
    step.stages = kinds.stages;
    const RunConfig config = with_loads_for(given, step.stages);
    const Bench bench(config, timers);
    std::vector<Time> times;
    for (std::size_t i = 0; i < kinds.works.size(); ++i) {
        step.cells.push_back({kinds.works[i], kinds.per_rank[i], simulate_cell(bench, kinds.works[i])});
        times.push_back(step.cells.back().result.time);
    }
    step.message = message_time(bench);
    step.run = simulate(step.plan, StepTimes(kinds, std::move(times), step.message));

    const deepseek_v3::RankLoad load = deepseek_v3::rank_loads(config.workload, 1).front();
    std::vector<Bytes> activations;
    for (const ChunkLayers& s : step.stages) {
        activations.push_back(stored_activations(config.workload, bench.system, load, s));
    }
    std::map<std::pair<double, double>, RunResult> known;  // ranks with the same parameters
    for (int r = 0; r < step.plan.ranks; ++r) {
        step.memory.push_back(memory_of(config, step, r, activations));
        const deepseek_v3::StageParameters owned = parameters_of(config, step, r);
        RunResult& result = known[{owned.routed, owned.other}];
        if (result.time == Time::zero()) {
            result = simulate_alike(
                bench, deepseek_v3::build_optimizer_step(config.workload, bench.system, owned, copies_of(step.plan)));
        }
        step.optimizer.push_back(result);
    }
    check_capacity(step.memory, bench.system.hbm.capacity);
    return step;
}

Time recomposed_step(const RunConfig& config, const std::vector<Time>& parts) {
    const CellKinds kinds(config.workload);
    invariant(parts.size() > kinds.works.size(), "a step's parts are its cells and its optimizer by rank");
    const auto optimizer = parts.begin() + static_cast<std::ptrdiff_t>(kinds.works.size());
    const pipeline::PipelineRun run =
        simulate(kinds.plan, StepTimes(kinds, std::vector<Time>(parts.begin(), optimizer), Time::zero()));
    return run.end + *std::max_element(optimizer, parts.end());
}

}  // namespace tessera
