// Expert-parallel exchanges as DeepEP's normal (high-throughput) kernels run them. Internal to
// workloads/deepseek_v3.
#pragma once

#include "workloads/deepseek_v3/chunk_builder.hpp"

#include <string>
#include <vector>

namespace tessera::deepseek_v3 {

// Payload of one token: FP8 values and one FP32 scale per 128 of them; BF16 values.
Bytes dispatch_bytes_per_token(const ModelConfig& m);
Bytes combine_bytes_per_token(const ModelConfig& m);

// Sends `x` (FP8, tokens of this rank) to the ranks of their experts; `received` arrives with its scales.
TaskId dispatch(ChunkBuilder& b, const Op& op, const Fp8Tensor& x, const Fp8Tensor& received, TaskId notify,
                const std::vector<Operand>& also_sent = {}, const std::vector<Operand>& also_received = {});
// Returns `y` (BF16, one row per received token) to the token's rank, where contributions and `biases` are summed.
TaskId combine(ChunkBuilder& b, const Op& op, const std::string& y, const std::vector<std::string>& biases,
               const std::string& out, TaskId notify, const std::vector<Operand>& also_sent = {},
               const std::vector<Operand>& also_received = {});

// Barrier before an exchange. `fresh`: counts are exchanged too (notify_dispatch); else they are cached.
TaskId notify(ChunkBuilder& b, const std::string& role, TaskPass pass, bool fresh);

// Small tensors that travel with the tokens.
Operand routing_operand(const std::string& tensor, DType dtype, std::int64_t rows, std::int64_t cols);

}  // namespace tessera::deepseek_v3
