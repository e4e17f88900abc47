// Grouped-query attention: Q, K and V of all heads from one projection, with rotary embedding and, in some models, a
// norm over each head before it. The projection's output is kept for the backward pass; norms and rotation are done
// again there (without norms it is kept rotated). Internal to workloads/deepseek_v3.
#pragma once

#include "workloads/deepseek_v3/latent_projections.hpp"

#include <string>

namespace tessera::deepseek_v3 {

// Columns of the joint projection: queries of all heads, keys and values of the shared ones.
std::int64_t grouped_width(const ModelConfig& m);

// Forward, from the layer's input x: norm, cast, projection, norms per head, rotation.
AttentionInputs project_heads(ChunkBuilder& b, const std::string& x);
// What attention's backward kernel reads.
AttentionInputs restored_heads(ChunkBuilder& b);
// From act(dq), act(dk), act(dv) to act(d_qkv), the gradient of the projection's output.
void heads_gradient(ChunkBuilder& b);

}  // namespace tessera::deepseek_v3
