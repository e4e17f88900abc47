// DeepSeek-V3 training: one forward chunk overlapped with one backward chunk, as DualPipe runs them.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/config/workload_config.hpp"
#include "sim/ir/task_graph.hpp"
#include "workloads/deepseek_v3/rank_load.hpp"

#include <cstdint>
#include <tuple>
#include <vector>

namespace tessera::deepseek_v3 {

// Names of the streams of the graph, in stream order: main compute, second compute (routed weight gradients fork
// onto it and join), communication, messages between pipeline stages (only if there are any).
enum ChunkStream : StreamId {
    compute_stream = 0,
    second_compute_stream = 1,
    communication_stream = 2,
    pipeline_stream = 3
};

// The tasks of `workload.layers` iterations on one rank. Iteration i pairs forward layer i with backward layer
// layers-1-i: combine(B), attn(F), mlp(B), dispatch(F), dispatch(B), mlp(W), mlp(F), attn(B), attn(W), combine(F).
// combine(B) sends the output gradient to the experts (a dispatch of FP8 dY), dispatch(B) returns input
// gradients (a combine in BF16): the names follow the forward operation that they are the backward of.
// Everything is derived from the model's shapes, the recipe and the rank's load; nothing is a recorded list.
// ModelError: shapes that the kernels cannot represent, named.
TaskGraph build_train_chunk(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load);

// What a chunk's layer is: attention with routed experts or with a dense FFN; a multi-token prediction module is an
// MoE layer whose input is projected from the previous hidden state and the next token's embedding (DeepSeek-V3
// technical report, section 2.2).
enum class LayerKind : std::uint8_t { moe, dense, prediction };

// The layers of one pipeline stage, first to last.
struct ChunkLayers {
    std::vector<LayerKind> layers;
    bool embedding = false;  // before the first layer
    bool head = false;       // final norm, output head and loss; once more for each prediction module
    friend bool operator==(const ChunkLayers& a, const ChunkLayers& b) {
        return a.layers == b.layers && a.embedding == b.embedding && a.head == b.head;
    }
    friend bool operator<(const ChunkLayers& a, const ChunkLayers& b) {
        return std::tie(a.layers, a.embedding, a.head) < std::tie(b.layers, b.embedding, b.head);
    }
};

// Which gradients a backward chunk computes. Weight gradients left out are a later chunk of their own, with what they
// need stored in between.
enum class Gradients : std::uint8_t { all, inputs, weights };

// One cell of a pipeline: a forward chunk, a backward chunk, or both overlapped.
struct ChunkWork {
    ChunkLayers forward;   // no layers: none
    ChunkLayers backward;  // no layers: none
    Gradients gradients = Gradients::all;
    int sends = 0;  // hidden states or their gradients that leave for other stages meanwhile, made by the cell before
    friend bool operator<(const ChunkWork& a, const ChunkWork& b) {
        return std::tie(a.forward, a.backward, a.gradients, a.sends) <
               std::tie(b.forward, b.backward, b.gradients, b.sends);
    }
};

// The tasks of any such cell. The load has an entry per iteration; dense layers do not look at it.
TaskGraph build_train_chunk(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load,
                            const ChunkWork& work);

// ModelError unless the model's and the system's shapes can be built and the load has an entry for each of
// `iterations`.
void check_chunk(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load,
                 std::size_t iterations);

// One such message: the hidden states of a micro-batch in BF16, by RDMA to the same GPU of another node.
ExchangeDesc pipeline_message(const WorkloadConfig& workload);

// The same for rank 0 of rank_loads().
TaskGraph build_train_chunk(const WorkloadConfig& workload, const SystemConfig& system);

}  // namespace tessera::deepseek_v3
