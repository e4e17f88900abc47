// Dense matrix products of cuBLASLt and DeepGEMM as GEMM descriptions.
#pragma once

#include "sim/app/measured/library_kernel.hpp"
#include "sim/app/measured/measured_case.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tessera::measured {

// How a variant of the measured set computes: "bf16_tn", "bf16_nn", "bf16_nt", "fp8_tensor_fast" (accumulated in the
// Tensor Core alone), "fp8_tensor", "fp8_row", "fp8_block" (1x128 x 128x128), "fp8_block11" (1x128 x 1x128).
// ModelError for others.
GemmDesc gemm_of_variant(const std::string& variant, std::int64_t m, std::int64_t n, std::int64_t k);

// One call of cuBLASLt: the tile from the kernel's name or `tile`, the SMs from its grid; without either, as the
// library's block-scaled kernels are (128 x 128 x 128, a cluster of two), or as the model chooses. `members` is the
// case: kernels, tile, carve (SMs left to others).
std::vector<Launch> library_gemm(GemmDesc gemm, const JsonCursor& members);

// Kernel cases: gemm, router_gemm, mla_qk, mla_pv and the GEMMs of the energy section. `variant` names the arithmetic.
std::vector<Launch> gemm_launches(const std::string& family, const std::string& variant, const JsonCursor& members);

// A row of deepgemm.json with its published tile.
std::vector<Launch> deepgemm_launches(const JsonCursor& row);

}  // namespace tessera::measured
