// A whole training step: cells of a pipeline simulated one by one, put in the order of a schedule, and closed by the
// optimizer.
//
// Each kind of cell (forward, backward, gradients alone, a pair that overlaps; at the model's ends or inside) is a task
// graph of its own, replayed with its own settled clock on all expert-parallel ranks. Cells of the same kind take the
// same time on every rank. What a cell made travels to the next stage beside the cell after it; the schedule sees that
// message's time alone as a delay. The GPUs of one expert-parallel group are in step with each other, for barriers tie
// them; pipelines do not wait for each other before the optimizer.
#pragma once

#include "sim/app/timer_pool.hpp"
#include "sim/config/run_config.hpp"
#include "sim/result/run_result.hpp"
#include "workloads/deepseek_v3/stages.hpp"
#include "workloads/pipeline/simulate.hpp"

#include <string>
#include <vector>

namespace tessera {

struct StepCell {
    deepseek_v3::ChunkWork work;
    double per_rank = 0;  // times that a rank runs it, on the mean
    RunResult result;
};

// Bytes that one rank holds at its fullest.
struct RankMemory {
    Bytes weights{}, gradients{}, optimizer{}, activations{}, reserved{};
    Bytes all() const { return weights + gradients + optimizer + activations + reserved; }
};

struct TrainStep {
    pipeline::Plan plan;
    pipeline::PipelineRun run;
    std::vector<deepseek_v3::ChunkLayers> stages;
    std::vector<StepCell> cells;
    std::vector<RunResult> optimizer;  // by rank of the pipeline
    std::vector<RankMemory> memory;    // by rank of the pipeline
    Time message{};                    // hidden states of a micro-batch to the next stage, alone
    Time optimizer_time() const;       // of the slowest rank
    Time time() const { return run.end + optimizer_time(); }
};

// ModelError: what the model cannot represent, and memory that does not fit (the message names the rank and what takes
// most). ConfigError as run().
TrainStep simulate_train_step(const RunConfig& config, TimerPool& timers);

// The step as a result: parts and traffic are means over the ranks of a pipeline, the timeline shows its cells with one
// stream per rank, and the figures are those that published steps are judged by.
RunResult summarize(const TrainStep& step, const RunConfig& config, const SystemConfig& system);

// The time of the step if its parts (cells, then the optimizer by rank) took `parts` and messages nothing. For bounds.
Time recomposed_step(const RunConfig& config, const std::vector<Time>& parts);

// Floating-point operations per token of forward and backward pass as training reports count them: 6 for each activated
// parameter (the head's among them, not the embedding's nor prediction modules'), and three times attention's scores
// and values over a sequence, the lower triangle only if `causal`.
double model_flops_per_token(const ModelConfig& model, std::int64_t sequence, bool causal);

}  // namespace tessera
