// Embedding look-up and its gradient, shared by the model's entrance and the prediction module.
// Internal to workloads/deepseek_v3.
#pragma once

#include "workloads/deepseek_v3/chunk_builder.hpp"

#include <string>

namespace tessera::deepseek_v3 {

// out [tokens, hidden] = embedding[ids].
void embed(ChunkBuilder& b, const std::string& role, const std::string& out);
// gradient[ids] += dy: FP32 rows read, added to and written.
void embed_gradient(ChunkBuilder& b, const std::string& role, const std::string& dy);

}  // namespace tessera::deepseek_v3
