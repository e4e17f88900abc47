// Decode: one step gives every request its next token, and with multi-token prediction checks the tokens drafted after
// it. Two micro-batches overlap, attention in two steps, so that the exchanges of one hide behind the other
// (deepseek-ai/open-infra-index, day 6; deepseek-ai/profile-data, decode; DeepSeek-V3 technical report, section 3.4.2).
#pragma once

#include "workloads/deepseek_v3/chunk_builder.hpp"

namespace tessera::deepseek_v3 {

// The tasks of one rank for both micro-batches of workload.tokens tokens through `layers`, each request having
// workload.sequence tokens in the step. In turn on the compute stream: attn-1 and shared experts of the first
// micro-batch, attn-0 of the second, experts of the first, then the same with the micro-batches exchanged. Exchanges
// have a stream for each micro-batch and no SMs. A prediction layer is the module that drafts the next step's tokens;
// with `head`, the output head runs after the last layer of the model and after each such module. The second
// micro-batch has the load's backward rows. ModelError as build_train_chunk.
TaskGraph build_decode(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load,
                       const ChunkLayers& layers);

// Streams of the exchanges, by micro-batch.
StreamId decode_stream(const ChunkBuilder& b);

}  // namespace tessera::deepseek_v3
