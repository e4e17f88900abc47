// Prefill: prompts pass the model forward only. Two micro-batches overlap, one computing while the other is being
// dispatched or combined (DeepSeek-V3 technical report, section 3.4.1; deepseek-ai/profile-data, prefill).
#pragma once

#include "workloads/deepseek_v3/train_chunk.hpp"

namespace tessera::deepseek_v3 {

// The tasks of one rank for both micro-batches through `layers`: attention of the first, of the second, experts of the
// first, of the second, each exchange beside the other micro-batch's computing. The second micro-batch has the load's
// backward rows. Embedding and head as `layers` says; the head runs for the last token of each prompt only.
// ModelError as build_train_chunk.
TaskGraph build_prefill(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load,
                        const ChunkLayers& layers);

}  // namespace tessera::deepseek_v3
