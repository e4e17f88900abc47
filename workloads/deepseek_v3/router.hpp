// The router's framework kernels: sigmoid scores, group-limited top-k selection, auxiliary loss, and their
// backward. Dozens of launches over at most [tokens, experts] values. Internal to workloads/deepseek_v3.
#pragma once

#include "workloads/deepseek_v3/chunk_builder.hpp"

namespace tessera::deepseek_v3 {

// Reads act("gate_logits") (only its shape: the profiled run draws random logits in its place so that the load
// is balanced in expectation); writes act("topk_ids") and act("topk_weights").
void router_forward(ChunkBuilder& b);

// Reads act("d_topk_weights"); writes act("d_gate_logits") (BF16 [tokens, experts]).
void router_backward(ChunkBuilder& b);

}  // namespace tessera::deepseek_v3
