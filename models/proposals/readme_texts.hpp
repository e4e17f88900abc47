// The READMEs of models/proposals/*/, embedded by the build.
#pragma once

namespace tessera::readme_text {
extern const char* const fused_cast_tma;
extern const char* const warp_cast;
extern const char* const near_memory_quant;
extern const char* const group_scaled_mma;
extern const char* const wide_accumulate;
extern const char* const transposed_gemm;
extern const char* const comm_coprocessor;
extern const char* const unified_fabric;
}  // namespace tessera::readme_text
