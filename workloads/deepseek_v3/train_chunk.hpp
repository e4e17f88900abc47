// DeepSeek-V3 training: one forward chunk overlapped with one backward chunk, as DualPipe runs them.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/config/workload_config.hpp"
#include "sim/ir/task_graph.hpp"
#include "workloads/deepseek_v3/rank_load.hpp"

namespace tessera::deepseek_v3 {

// Names of the streams of the graph, in stream order: main compute, second compute (routed weight gradients fork
// onto it and join), communication.
enum ChunkStream : StreamId { compute_stream = 0, second_compute_stream = 1, communication_stream = 2 };

// The tasks of `workload.layers` iterations on one rank. Iteration i pairs forward layer i with backward layer
// layers-1-i: combine(B), attn(F), mlp(B), dispatch(F), dispatch(B), mlp(W), mlp(F), attn(B), attn(W), combine(F).
// combine(B) sends the output gradient to the experts (a dispatch of FP8 dY), dispatch(B) returns input
// gradients (a combine in BF16): the names follow the forward operation that they are the backward of.
// Everything is derived from the model's shapes, the recipe and the rank's load; nothing is a recorded list.
// ModelError: shapes that the kernels cannot represent, named.
TaskGraph build_train_chunk(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load);

// The same for rank 0 of rank_loads().
TaskGraph build_train_chunk(const WorkloadConfig& workload, const SystemConfig& system);

}  // namespace tessera::deepseek_v3
