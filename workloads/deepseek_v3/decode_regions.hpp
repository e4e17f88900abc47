// The regions of a decode step, one micro-batch of one layer each. Internal to workloads/deepseek_v3.
#pragma once

#include "workloads/deepseek_v3/chunk_builder.hpp"

namespace tessera::deepseek_v3 {

// attn-0(F): norm, projections, queries absorbed into the latent space, the tokens' rows appended to the KV cache.
// Before it, what the layer before returned is added up.
void decode_projections(ChunkBuilder& b, LayerKind kind);
// attn-1(F): attention over the cache, out of the latent space, output projection, norm; then router and the cast into
// the send buffers, or nothing for a dense FFN.
void decode_attention(ChunkBuilder& b, LayerKind kind);
void decode_dispatch(ChunkBuilder& b);  // dispatch(F): in flight, on no SM
void decode_shared(ChunkBuilder& b);    // shared(F): shared experts, beside the dispatch
void decode_experts(ChunkBuilder& b);   // mlp(F): received rows, routed experts, the send buffers
void decode_combine(ChunkBuilder& b);   // combine(F): in flight
void decode_dense(ChunkBuilder& b);     // mlp(F) of a dense layer
void decode_collect(ChunkBuilder& b);   // collect(F): experts' rows of each token, the shared experts' and the residual

void decode_embedding(ChunkBuilder& b);
void decode_prediction(ChunkBuilder& b);  // mtp(F): the drafting module's input from hidden state and embedding
void decode_head(ChunkBuilder& b);        // head(F): logits of all tokens and the choice of one

}  // namespace tessera::deepseek_v3
