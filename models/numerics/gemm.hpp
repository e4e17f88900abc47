// Whole GEMMs, D = A * B^T, with the arithmetic of a Tensor Core kernel: instructions run along k in order, partial
// sums are promoted to FP32 registers every so many elements, k may be split among thread blocks, operands may carry
// scales per group. Tiling along m and n does not change a result, so it plays no part here.
#pragma once

#include "models/numerics/mma.hpp"

#include <cstdint>
#include <vector>

namespace tessera::numerics {

// Scale factors of an operand: one per block of `rows` x `k` elements, [row group][k group]. Empty: none (all 1).
struct ScaleGrid {
    int rows = 1, k = 1;  // extents of one group
    int k_groups = 0;     // groups along k
    std::vector<float> factors;

    bool empty() const { return factors.empty(); }
    float at(int row, int element) const {
        return empty() ? 1.0F
                       : factors[static_cast<std::size_t>(row / rows) * static_cast<std::size_t>(k_groups) +
                                 static_cast<std::size_t>(element / k)];
    }
};

// rows x k codes, k contiguous: A as m x k, B as n x k.
struct GemmOperand {
    Format format = Format::e4m3;
    int rows = 0, k = 0;
    std::vector<std::uint16_t> codes;
    ScaleGrid scales;
};

struct GemmNumerics {
    MmaSpec mma;
    int promotion = 0;  // elements of k between promotions; 0: never
    int split_k = 1;    // parts of k, each summed by itself, then added in order in FP32
    // Group scales go into the instruction; without, they are applied at promotion: part += (sa * sb) * sum, one FP32
    // multiplication and one fused multiply-add, as DeepGEMM does on the CUDA cores. Scales whose groups span all of k
    // multiply the finished sum.
    bool scale_inside = false;
    Format output = Format::fp32;  // or bf16, rounded to nearest even at the end
    int threads = 0;               // 0: one per processor; the result does not depend on it
};

// Throws ConfigError with every problem: shapes that differ or are no multiple of the instruction, groups that do not
// divide k or that change inside an instruction, a promotion interval or a split that is no multiple of it, operands
// of different formats, wrong number of codes or scales.
void check(const GemmOperand& a, const GemmOperand& b, const GemmNumerics& g);

// m x n results, row by row, one output after the other by mma_dot(): the oracle. Both throw as check().
std::vector<float> gemm_reference(const GemmOperand& a, const GemmOperand& b, const GemmNumerics& g);
// The same bits by vectorised floating-point arithmetic in threads.
std::vector<float> gemm(const GemmOperand& a, const GemmOperand& b, const GemmNumerics& g);

// One output of gemm_reference().
float gemm_output(const GemmOperand& a, const GemmOperand& b, const GemmNumerics& g, int row, int column);

// part + scale * sum with one rounding, as FFMA; the same bits on processors with and without such an instruction.
float fused_multiply_add(float scale, float sum, float part);

}  // namespace tessera::numerics
