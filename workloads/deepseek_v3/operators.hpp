// Operators that several regions use: quantization, FP8 linear layers, norms, weight transposes. Each adds its
// tasks and returns the names of the tensors it made. Internal to workloads/deepseek_v3.
#pragma once

#include "workloads/deepseek_v3/chunk_builder.hpp"

#include <string>
#include <string_view>

namespace tessera::deepseek_v3 {

// Reporting classes that more than one file uses.
namespace op_class {
inline constexpr char per_token_cast[] = "quant_per_token_cast";
inline constexpr char cast_transpose[] = "quant_per_channel_cast_T";
inline constexpr char cast_back[] = "quant_cast_back";
inline constexpr char special_cast[] = "quant_E5M6";
inline constexpr char scale_transpose[] = "scale_transpose";
inline constexpr char weight_transpose[] = "weight_transpose";
inline constexpr char gemm_forward[] = "gemm_fp8_fwd";
inline constexpr char gemm_dgrad[] = "gemm_fp8_dgrad";
inline constexpr char gemm_wgrad[] = "gemm_fp8_wgrad";
inline constexpr char gemm_gate[] = "gemm_bf16_gate";
inline constexpr char layout_copy[] = "attn_layout_copy";
inline constexpr char rope[] = "rope";
inline constexpr char norm_forward[] = "norm_fwd";
inline constexpr char norm_backward[] = "norm_bwd";
inline constexpr char eltwise[] = "residual_eltwise";
inline constexpr char router[] = "router_small";
}  // namespace op_class

// Matrix sizes of a linear layer as its GEMM runs it; groups > 1 or rows of experts make it a grouped GEMM.
struct GemmShape {
    std::int64_t m = 0, n = 0, k = 0;
    std::vector<std::int64_t> group_rows;  // grouped along m: rows per expert
};

// x [rows, cols] (BF16) -> FP8 with 1x128 scales, one task.
Fp8Tensor cast(ChunkBuilder& b, const Op& op, const std::string& x, std::int64_t rows, std::int64_t cols);
// Scales [rows, cols/128] turned so that the GEMM's TMA reads a column of them; returns the new name.
std::string transpose_scales(ChunkBuilder& b, const Op& op, const std::string& scales, std::int64_t rows,
                             std::int64_t cols);
// The same for expanded rows, by a generic strided copy.
std::string copy_scales(ChunkBuilder& b, const Op& op, const std::string& scales, std::int64_t rows, std::int64_t cols);
// What a quantized operand is called and how it enters a GEMM: cast, then scales turned.
struct CastRoles {
    std::string cast, scales;
    TaskPass pass = TaskPass::forward;
};
Fp8Tensor cast_for_gemm(ChunkBuilder& b, const CastRoles& roles, const std::string& x, std::int64_t rows,
                        std::int64_t cols);

// x [rows, cols] (BF16) -> x^T [cols, rows] FP8 with one scale per column and 128 rows (operand of a wgrad).
Fp8Tensor cast_transposed(ChunkBuilder& b, const Op& op, const std::string& x, std::int64_t rows, std::int64_t cols);

// W [rows, cols] FP8 (`batch` experts) -> W^T. With recipe.cache_transposed_weights the transposed copy exists
// already and no task is added.
std::string transposed_weight(ChunkBuilder& b, const Op& op, std::string_view weight, std::int64_t rows,
                              std::int64_t cols, std::int64_t batch = 1);

// out (BF16) = a W^T with 1x128 x 128x128 scales: forward, recomputation and input gradients.
void fp8_linear(ChunkBuilder& b, const Op& op, const Fp8Tensor& a, const std::string& w, const GemmShape& shape,
                const std::string& out);
// gradient (FP32) += a^T b with 1x128 scales on both operands; a [m, k], b [n, k] are the turned operands. `add_at`
// places it on another stream with extra waits. Returns the task.
TaskId fp8_weight_gradient(ChunkBuilder& b, const std::string& role, const Fp8Tensor& a, const Fp8Tensor& other,
                           const GemmShape& shape, const std::string& gradient, StreamId stream,
                           std::initializer_list<TaskId> also = {});

// Backward of out = x W^T for a BF16 output gradient: act(dx_WEIGHT), and the turned operands of the weight gradient.
struct LinearGradient {
    std::string weight;      // "q_a"
    std::string cast_role;   // of the output gradient
    std::string gradient;    // of the output
    std::int64_t width = 0;  // of the output
    std::string turn_x;      // role of the turned input; empty: another projection's is used
};
void linear_gradient(ChunkBuilder& b, const LinearGradient& p, const std::string& x);

// RMSNorm over x, each of its `parts` of a token (heads) by itself; with `residual` also sum = x + residual leaves.
struct NormTensors {
    std::string x, y;
    std::string residual, sum;  // both empty: none
};
void rms_norm(ChunkBuilder& b, const Op& op, const NormTensors& t, std::string_view weight, std::int64_t cols,
              std::int64_t parts = 1);
// Gradient of the norm: input gradient, partial weight gradients, their sum, and its accumulation (three tasks).
struct NormGradientTensors {
    std::string x, dy, dx;
    std::string residual_gradient;  // added to dx; empty: none
};
void rms_norm_backward(ChunkBuilder& b, const std::string& role, const NormGradientTensors& t, std::string_view weight,
                       std::int64_t cols, std::int64_t parts = 1);

}  // namespace tessera::deepseek_v3
