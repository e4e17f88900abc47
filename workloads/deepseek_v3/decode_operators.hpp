// Kernels of decode that several of its regions use. Internal to workloads/deepseek_v3.
#pragma once

#include "workloads/deepseek_v3/operators.hpp"

#include <string>

namespace tessera::deepseek_v3 {

// x [tokens, cols] (BF16) -> FP8 with 1x128 scales, 16 lanes a group and eight groups a block: few rows still fill the
// GPU.
Fp8Tensor decode_cast(ChunkBuilder& b, const std::string& role, const std::string& x, std::int64_t cols);

// out (BF16) = x W^T in FP8 with block scales, tiled as DeepGEMM tiles it for these sizes. With rows of experts the
// masked form: each expert has room for more rows than it got.
void decode_linear(ChunkBuilder& b, const std::string& role, const Fp8Tensor& x, const std::string& weight,
                   const GemmShape& shape, const std::string& out);

// out[h] = x[h] W[h] in BF16 for every head: rows tokens, `n` by `k` weights of its own.
void per_head_product(ChunkBuilder& b, const std::string& role, const std::string& x, const std::string& weight,
                      std::int64_t n, std::int64_t k, const std::string& out);

// Rows of each of the rank's experts in this layer, as even as can be.
std::vector<std::int64_t> decode_expert_rows(const ChunkBuilder& b);

}  // namespace tessera::deepseek_v3
