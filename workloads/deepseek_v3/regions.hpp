// The ten regions of one iteration, one file each, in issue order. Internal to workloads/deepseek_v3.
#pragma once

#include "workloads/deepseek_v3/chunk_builder.hpp"

namespace tessera::deepseek_v3 {

void combine_backward(ChunkBuilder& b);    // combine(B): cast of dY, its dispatch to the experts
void attention_forward(ChunkBuilder& b);   // attn(F): attention, router, cast for dispatch
void mlp_backward(ChunkBuilder& b);        // mlp(B): input gradients of the experts
void dispatch_forward(ChunkBuilder& b);    // dispatch(F): layout, counts, tokens to the experts
void dispatch_backward(ChunkBuilder& b);   // dispatch(B): input gradients back to their tokens
void mlp_weight(ChunkBuilder& b);          // mlp(W): weight gradients of the experts
void mlp_forward(ChunkBuilder& b);         // mlp(F): routed and shared experts
void attention_backward(ChunkBuilder& b);  // attn(B): router, output projection, attention, latents
void attention_weight(ChunkBuilder& b);    // attn(W): weight gradients of the projections
void combine_forward(ChunkBuilder& b);     // combine(F): expert outputs back to their tokens

}  // namespace tessera::deepseek_v3
