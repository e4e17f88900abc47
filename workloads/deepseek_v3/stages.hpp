// How a model is cut into pipeline stages, and what each stage keeps in memory.
#pragma once

#include "sim/config/workload_config.hpp"
#include "workloads/deepseek_v3/train_chunk.hpp"

#include <vector>

namespace tessera::deepseek_v3 {

// The layers of each stage: dense layers first, `prediction_modules` last, the embedding on the first and the output
// head on the last stage. Stages are filled from the front with ceil(layers / stages) each, so that the last one, which
// has the head besides, gets what is left; if that would leave a stage empty, layers are spread evenly. `sizes`, if
// given, are the layers of each stage, prediction modules included.
// ModelError: fewer layers than stages, sizes that do not add up, dense layers beyond the model.
std::vector<ChunkLayers> stage_layers(const ModelConfig& model, int stages, int prediction_modules,
                                      const std::vector<int>& sizes = {});

// Parameters of one rank by how they are spread: experts over the expert-parallel ranks, the rest on every one.
struct StageParameters {
    double routed = 0;  // of the rank's own experts
    double other = 0;   // attention, shared experts, dense FFN, router, norms, embedding, head
    double all() const { return routed + other; }
};
StageParameters stage_parameters(const ModelConfig& model, const ParallelConfig& parallel, const ChunkLayers& stage);

// Bytes of activations that one micro-batch leaves on a rank between a stage's forward and backward pass, under the
// recipe: what the backward regions read as stored. Follows from the graph itself: the tensors that only the backward
// chunk reads.
Bytes stored_activations(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load,
                         const ChunkLayers& stage);

}  // namespace tessera::deepseek_v3
