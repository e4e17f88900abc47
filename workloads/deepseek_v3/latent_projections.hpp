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

// Without a query latent, act("q") is there before, and the recomputation finds the rotated queries as stored.
AttentionInputs project_latents(ChunkBuilder& b, bool recompute);

// The projection that queries start with: "q_a" to the query latent, "q" to the heads in a model without one.
std::string query_projection(const ModelConfig& m);
std::int64_t query_projection_width(const ModelConfig& m);

// Q, K, V of attention: sequences of the chunk, heads, head sizes.
Operand query_operand(const ChunkBuilder& b, const std::string& tensor);
Operand key_operand(const ChunkBuilder& b, const std::string& tensor);
Operand value_operand(const ChunkBuilder& b, const std::string& kv);       // strided inside kv_b's output
Operand output_operand(const ChunkBuilder& b, const std::string& tensor);  // attention's output and its gradient
std::int64_t key_heads(const ModelConfig& m);                              // heads of keys and values
AttentionDesc attention_kernel(const ChunkBuilder& b, AttentionPass pass);

}  // namespace tessera::deepseek_v3
