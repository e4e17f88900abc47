// The regions of a chunk, one file each. First the ten of an iteration with MoE layers, in issue order. Internal to
// workloads/deepseek_v3.
#pragma once

#include "workloads/deepseek_v3/chunk_builder.hpp"

namespace tessera::deepseek_v3 {

void combine_backward(ChunkBuilder& b);  // combine(B): cast of dY, its dispatch to the experts
// attn(F): attention; then router and cast for dispatch, or the cast of a dense FFN's input
void attention_forward(ChunkBuilder& b, LayerKind kind);
void mlp_backward(ChunkBuilder& b);       // mlp(B): input gradients of the experts
void dispatch_forward(ChunkBuilder& b);   // dispatch(F): layout, counts, tokens to the experts
void dispatch_backward(ChunkBuilder& b);  // dispatch(B): input gradients back to their tokens
void mlp_weight(ChunkBuilder& b);         // mlp(W): weight gradients of the experts
void mlp_forward(ChunkBuilder& b);        // mlp(F): routed and shared experts
// attn(B): router (none in a dense layer), output projection, attention, latents
void attention_backward(ChunkBuilder& b, LayerKind kind);
void attention_weight(ChunkBuilder& b);  // attn(W): weight gradients of the projections
void combine_forward(ChunkBuilder& b);   // combine(F): expert outputs back to their tokens

// Dense layers, in place of mlp and the exchanges.
void dense_forward(ChunkBuilder& b);
void dense_backward(ChunkBuilder& b);
void dense_weight(ChunkBuilder& b);

// Multi-token prediction: input projection of the module; its layer is an MoE layer.
void prediction_forward(ChunkBuilder& b);
void prediction_backward(ChunkBuilder& b);
void prediction_weight(ChunkBuilder& b);

// The ends of the model. The output head and its loss run once for the main model and once per prediction module.
void embedding_forward(ChunkBuilder& b);
void embedding_weight(ChunkBuilder& b);
void head_forward(ChunkBuilder& b);
void head_inference(ChunkBuilder& b);  // of the last token of each sequence: logits only
void head_backward(ChunkBuilder& b);
void head_weight(ChunkBuilder& b);

}  // namespace tessera::deepseek_v3
