// From the latent vectors to Q, K and V: norms, casts, up-projections, rotary embedding and assembly of K. Runs in
// the forward pass and again, as recomputation, in the backward pass. Internal to workloads/deepseek_v3.
#pragma once

#include "workloads/deepseek_v3/chunk_builder.hpp"

#include <string>

namespace tessera::deepseek_v3 {

struct AttentionInputs {
    std::string q, k, kv;  // Q [T, heads x d_qk], K likewise, kv_b's output, which holds V
    std::string q_latent;  // normed latents, BF16: operands of the up-projections' weight gradients
    std::string kv_latent;
    std::string kv_latent_source;  // kv latent before its norm, contiguous
};

AttentionInputs project_latents(ChunkBuilder& b, bool recompute);

// Q, K, V of attention: sequences of the chunk, heads, head sizes.
Operand query_operand(const ChunkBuilder& b, const std::string& tensor);
Operand key_operand(const ChunkBuilder& b, const std::string& tensor);
Operand value_operand(const ChunkBuilder& b, const std::string& kv);  // strided inside kv_b's output
AttentionDesc attention_kernel(const ChunkBuilder& b, AttentionPass pass);

}  // namespace tessera::deepseek_v3
