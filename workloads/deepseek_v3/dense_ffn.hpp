// An FFN that all tokens pass: the shared experts of an MoE layer, or the FFN of a dense layer.
// Internal to workloads/deepseek_v3.
#pragma once

#include "workloads/deepseek_v3/operators.hpp"

#include <string>

namespace tessera::deepseek_v3 {

struct Ffn {
    std::string name;        // "shared" or "dense": part of the names of its tasks and tensors
    std::int64_t width = 0;  // inner width
    std::string x, dy;       // act() names of its quantized input and output gradient, without ".q" and ".s"
};

Ffn shared_ffn(const ChunkBuilder& b);
Ffn dense_ffn(const ChunkBuilder& b);

// Forward: gate and up projections, act(name_gate_up); SwiGLU and down projection, act(name_down).
void ffn_gate_up(ChunkBuilder& b, const Ffn& f);
void ffn_down(ChunkBuilder& b, const Ffn& f);
// SwiGLU's input x [rows, cols] is kept for the backward pass, in FP8 if the recipe says so.
void store_swiglu_input(ChunkBuilder& b, const std::string& role, const std::string& x, std::int64_t rows,
                        std::int64_t cols);

// SwiGLU's input as the forward pass stored it: cast back from FP8 by `role`, or BF16 as it was.
std::string swiglu_input(ChunkBuilder& b, const std::string& role, const std::string& name, std::int64_t rows,
                         std::int64_t cols);
// Backward: gradient of the activation, act(d_name_gate_up), with the operands of the down projection's weight
// gradient; the FFN's input again; its gradient, act(dx_name), with the operands of the gate and up projections'.
void ffn_activation_gradient(ChunkBuilder& b, const Ffn& f);
Fp8Tensor recompute_ffn_input(ChunkBuilder& b, const Ffn& f);
void ffn_input_gradient(ChunkBuilder& b, const Ffn& f, const Fp8Tensor& x);
// Weight gradients.
void ffn_down_weight_gradient(ChunkBuilder& b, const Ffn& f);
void ffn_gate_up_weight_gradient(ChunkBuilder& b, const Ffn& f);

}  // namespace tessera::deepseek_v3
