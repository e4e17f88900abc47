#include "sim/app/train_step.hpp"

#include "sim/app/composed.hpp"

#include <algorithm>
#include <map>

namespace tessera {
namespace {

using deepseek_v3::ChunkWork;
using pipeline::CellSpan;
using pipeline::PieceKind;

const char* class_of(const pipeline::Cell& cell) {
    if (cell.pieces.size() > 1) { return "forward and backward"; }
    switch (cell.pieces.front().kind) {
        case PieceKind::forward: return "forward";
        case PieceKind::backward: return "backward";
        case PieceKind::input_gradient: return "input gradients";
        case PieceKind::weight_gradient: return "weight gradients";
    }
    return "";
}

TaskPass pass_of(const pipeline::Cell& cell) {
    switch (cell.pieces.back().kind) {
        case PieceKind::forward: return TaskPass::forward;
        case PieceKind::weight_gradient: return TaskPass::weight;
        default: return TaskPass::backward;
    }
}

// The pipeline as a timeline: a stream per rank, a span per cell, the optimizer at the end.
Timeline pipeline_timeline(const TrainStep& step) {
    Timeline t;
    t.wall = step.time();
    for (int r = 0; r < step.plan.ranks; ++r) {
        t.streams.push_back("pipeline rank " + std::to_string(r));
        TaskId task = 0;
        for (const CellSpan& s : step.run.ranks[static_cast<std::size_t>(r)].spans) {
            Span span;
            span.task = task++;
            for (const pipeline::Piece& p : s.cell.pieces) {
                span.name += (span.name.empty() ? "" : " & ") + to_string(p);
            }
            span.role = span.op_class = class_of(s.cell);
            span.region = span.op_class;
            span.stream = t.streams.back();
            span.pass = pass_of(s.cell);
            span.start = s.start;
            span.end = s.end;
            span.alone = s.end - s.start;
            t.spans.push_back(std::move(span));
        }
        Span last;
        last.task = task;
        last.name = last.role = last.op_class = last.region = "optimizer";
        last.stream = t.streams.back();
        last.pass = TaskPass::optimizer;
        last.start = step.run.end;
        last.alone = step.optimizer[static_cast<std::size_t>(r)].time;
        last.end = last.start + last.alone;
        t.spans.push_back(std::move(last));
    }
    std::stable_sort(t.spans.begin(), t.spans.end(), [](const Span& a, const Span& b) { return a.start < b.start; });
    return t;
}

std::map<std::string, double> figures(const TrainStep& step, const RunConfig& config) {
    const WorkloadConfig& w = config.workload;
    const pipeline::RankUse mean = step.run.mean(), &first = step.run.ranks.front();
    const double seconds = to_seconds(step.time()), gpus = w.pipeline.gpus;
    const double pipelines = gpus / w.pipeline.ranks;
    const double tokens = pipelines * w.pipeline.micro_batches * static_cast<double>(w.tokens);
    const double rate = tokens / seconds / gpus;
    Bytes most{};
    for (const RankMemory& m : step.memory) { most = std::max(most, m.all()); }
    const double flops = model_flops_per_token(w.model, w.sequence, false);
    const double causal = model_flops_per_token(w.model, w.sequence, true);
    constexpr double day = 86400, trillion = 1e12, hour = 3600;
    return {{"forward_s", to_seconds(mean.forward)},
            {"backward_s", to_seconds(mean.backward + mean.input_gradient)},
            {"weight_gradient_s", to_seconds(mean.weight_gradient)},
            {"forward_backward_s", to_seconds(mean.overlapped)},
            {"bubble_s", to_seconds(mean.waiting)},
            {"optimizer_s", to_seconds(step.optimizer_time())},
            {"first_rank_forward_s", to_seconds(first.forward)},
            {"first_rank_backward_s", to_seconds(first.backward + first.input_gradient)},
            {"first_rank_weight_gradient_s", to_seconds(first.weight_gradient)},
            {"first_rank_forward_backward_s", to_seconds(first.overlapped)},
            {"first_rank_bubble_s", to_seconds(first.waiting)},
            {"tokens_per_step", tokens},
            {"tokens_per_day", tokens / seconds * day},
            {"tokens_per_s_per_gpu", rate},
            {"gpu_hours_per_trillion_tokens", trillion / rate / hour},
            {"dollars_per_trillion_tokens", trillion / rate / hour * w.dollars_per_gpu_hour},
            {"flops_per_s_per_gpu", rate * flops},
            {"flops_per_s_per_gpu_causal", rate * causal},
            {"memory_peak_bytes", to_double(most)}};
}

}  // namespace

double model_flops_per_token(const ModelConfig& m, std::int64_t sequence, bool causal) {
    ParallelConfig alone;
    alone.expert_ranks = 1;
    double active = 0;
    for (const auto& stage : deepseek_v3::stage_layers(m, 1, 0)) {
        const auto p = deepseek_v3::stage_parameters(m, alone, stage);
        active += p.other + (m.routed_experts > 0 ? p.routed * m.experts_per_token / m.routed_experts : 0.0);
    }
    active -= static_cast<double>(m.vocab * m.hidden);  // looking a token up multiplies nothing
    const double attention = 2.0 * static_cast<double>(sequence) * m.heads * static_cast<double>(m.d_qk() + m.d_v) *
                             m.layers * (causal ? 0.5 : 1.0);
    return 6 * active + 3 * attention;
}

RunResult summarize(const TrainStep& step, const RunConfig& config, const SystemConfig& system) {
    ComposedResult mean;
    for (const StepCell& c : step.cells) { mean.add(c.result, c.per_rank); }
    for (const RunResult& r : step.optimizer) { mean.add(r, 1.0 / static_cast<double>(step.optimizer.size())); }
    RunResult result = mean.finish(step.time(), system);
    result.figures = figures(step, config);
    result.timeline = pipeline_timeline(step);
    for (const StepCell& c : step.cells) { result.parts.push_back(c.result); }
    result.parts.insert(result.parts.end(), step.optimizer.begin(), step.optimizer.end());
    return result;
}

}  // namespace tessera
