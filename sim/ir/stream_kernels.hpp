// Memory-bound kernels in the words of StreamDesc: for each, what one thread block takes per step, how many
// load bytes a thread keeps in flight, which instructions an element costs and how long the dependent chain is.
//
// The functions are pure and know nothing about a machine. The geometry is the one of DeepSeek's training
// kernels (grid, block and registers as the public trace shows them); with_geometry() puts another one in its
// place. Operands come without tensor names, in the order each function documents: named() fills them in.
// A caller may then change dtype, access, l2_resident or near_memory_ratio of an operand.
//
// Instruction slots are counted from the code of such a kernel, per logical element of `rows` x `cols`:
//   alu  slots of the 128-wide FP32/INT issue; a half-rate instruction (integer, logic, min/max, shuffle at a
//        quarter) counts as often as it blocks the pipe,
//   cvt  conversion instructions (packed conversions produce two values, so 0.5 per element),
//   sfu  exp2, reciprocal, reciprocal square root.
#pragma once

#include "sim/ir/kernel_desc.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tessera::stream_kernels {

// How a library launches a stream kernel. Zero or empty fields keep the value that is there.
struct Geometry {
    std::int64_t tile_rows = 0, tile_cols = 0;
    int max_ctas = 0;
    int threads = 0;
    int registers = 0;
    Bytes smem{};
    Bytes load_bytes_in_flight{};
};
StreamDesc with_geometry(StreamDesc d, const Geometry& g);

// Names the operands in order. InternalError if the counts differ.
StreamDesc named(StreamDesc d, const std::vector<std::string>& reads, const std::vector<std::string>& writes);

// ------------------------------------------------------------------------------------------------ casts

// The code of a 1x128 cast, both measured on silicon (scripts/silicon/structures).
enum class CastCode : std::uint8_t {
    divide,   // a warp a group, 8-byte accesses, every value divided by the scale (as DeepSeek's published act_quant)
    multiply  // 16 lanes a group, 16-byte accesses, values times the reciprocal
};
// x (BF16) -> q (FP8), s (one FP32 scale per row and 128 columns). One 128-thread block a row.
StreamDesc per_token_cast(std::int64_t rows, std::int64_t cols, DType from = DType::bf16,
                          CastCode code = CastCode::divide);

// What per_channel_cast_transpose reads.
enum class CastSource : std::uint8_t {
    bf16,            // x
    fp8,             // q, s: dequantized first
    fp8_rows_by_map  // as fp8, rows through an index (expansion to experts fused in); reads q, s, index
};
// -> q^T (FP8 [cols, rows]), s (one FP32 per column and 128 rows). 128 x 128 tiles turned in shared memory.
// `source_rows` distinct rows exist when rows come by an index (0: as many as `rows`).
StreamDesc per_channel_cast_transpose(std::int64_t rows, std::int64_t cols, CastSource source = CastSource::bf16,
                                      std::int64_t source_rows = 0);

// x (BF16) -> q (FP8), s (one FP32 scale per 128 x 128 block).
StreamDesc block_cast(std::int64_t rows, std::int64_t cols);

// q (FP8), s -> x (BF16). A persistent grid of `ctas` blocks of 1024 threads.
StreamDesc cast_back(std::int64_t rows, std::int64_t cols, int ctas);

// x (BF16) -> q (E5M6, 12 bits packed; no scales leave). One 128-thread block a row.
StreamDesc special_cast_e5m6(std::int64_t rows, std::int64_t cols);
// q (E5M6) -> x (BF16). A persistent grid of `ctas` blocks of 128 threads.
StreamDesc special_cast_back_e5m6(std::int64_t rows, std::int64_t cols, int ctas);

// ------------------------------------------------------------------------------------------- transposes

// q (FP8 [rows, cols]) -> q^T, 128 x 128 byte tiles; `batch` matrices of that size.
StreamDesc transpose_fp8(std::int64_t rows, std::int64_t cols, std::int64_t batch = 1);
// s (FP32 [rows, groups]) -> s^T: one 512-thread block takes 128 rows and all their groups.
StreamDesc scale_transpose(std::int64_t rows, std::int64_t groups);
// s (FP32 [rows, groups]) -> s^T by a generic element-wise copy (one side in 4-byte runs, absorbed by L2).
StreamDesc scale_copy(std::int64_t rows, std::int64_t groups);

// ----------------------------------------------------------------------------------------------- SwiGLU
// `cols` is the width of the result; gate|up is BF16 [rows, 2 cols].

// gate|up [, w] -> h (BF16).
StreamDesc swiglu(std::int64_t rows, std::int64_t cols, bool weighted = false);
// gate|up [, w] -> q (FP8), s. One 128-thread block a row.
StreamDesc swiglu_cast(std::int64_t rows, std::int64_t cols, bool weighted = false);
// gate|up [, w] -> q^T (FP8 [cols, rows]), s.
StreamDesc swiglu_cast_transpose(std::int64_t rows, std::int64_t cols, bool weighted = false);
// gate|up, dh [, w] -> d(gate|up). With `recompute` also h (weighted by w) leaves, as the routed experts need it.
StreamDesc swiglu_backward(std::int64_t rows, std::int64_t cols, bool weighted = false, bool recompute = false,
                           int ctas = 0);
// h, dh -> dw (FP32 [rows]): row-wise dot product for the gradient of the routing weights.
StreamDesc swiglu_weight_gradient(std::int64_t rows, std::int64_t cols);

// ------------------------------------------------------------------------------------------------ norms

// x [, residual], w -> y [, sum]. Persistent grid of `ctas` blocks of 128 threads, a warp a row.
StreamDesc rms_norm(std::int64_t rows, std::int64_t cols, int ctas, bool residual = false);
// x, dy, dx_in (gradient of the residual path, if `residual`), w -> dx, partial dw (FP32 [ctas, cols]).
StreamDesc rms_norm_backward(std::int64_t rows, std::int64_t cols, int ctas, bool residual = true);
// partial dw (FP32 [ctas, cols]) -> dw.
StreamDesc rms_norm_backward_finalize(std::int64_t ctas, std::int64_t cols);

// ------------------------------------------------------------------------- layout, rope and element-wise

// Rotates the last `rope_dim` of `head_dim` values of each head in place; reads q, table, writes q.
StreamDesc rope(std::int64_t tokens, std::int64_t heads, std::int64_t rope_dim = 64, std::int64_t head_dim = 192);
// y = a x (reads x) and y = x1 + x2 (reads x1, x2).
StreamDesc elementwise_scale(std::int64_t rows, std::int64_t cols, DType t = DType::bf16);
StreamDesc elementwise_add(std::int64_t rows, std::int64_t cols, DType t = DType::bf16);
// Any vectorized element-wise map: `inputs` tensors of `in` to one of `out`.
StreamDesc elementwise(std::int64_t rows, std::int64_t cols, int inputs, DType in, DType out);
// Writes a constant.
StreamDesc fill(std::int64_t rows, std::int64_t cols, DType t = DType::bf16);
// Copies runs: `read_run` / `write_run` contiguous bytes on either side (0: whole rows). x -> y.
StreamDesc layout_copy(std::int64_t rows, std::int64_t cols, Bytes read_run, Bytes write_run, DType t = DType::bf16);
// x [rows, run_elements] -> y: each run repeated `copies` times at a stride (k_rope into every head of K).
StreamDesc broadcast_copy(std::int64_t rows, std::int64_t run_elements, std::int64_t copies, DType t = DType::bf16);
// x [rows, groups * cols] -> y [rows, cols]: sum over groups (gradient of a broadcast).
StreamDesc sum_over_groups(std::int64_t rows, std::int64_t cols, std::int64_t groups, DType t = DType::bf16);

// ------------------------------------------------------------------------------------------ permutation

// x (FP8 [source_rows, cols]), s, index -> x, s for `rows` expanded rows (token copies grouped by expert).
StreamDesc expand(std::int64_t rows, std::int64_t source_rows, std::int64_t cols, DType t = DType::fp8_e4m3);
// y (BF16 [rows_in, cols]), index -> z (BF16 [rows_out, cols]): weighted sum of the copies of each token.
StreamDesc weighted_reduce(std::int64_t rows_in, std::int64_t rows_out, std::int64_t cols);
// y[i] = x[index[i]]: one block a row; x has `source_rows` rows.
StreamDesc gather_rows(std::int64_t rows, std::int64_t source_rows, std::int64_t cols, DType t = DType::bf16);

// -------------------------------------------------------------------------------- attention's companions

// O, dO -> D (FP32 [tokens, heads]), dQ accumulator (FP32 [tokens, heads, d_qk], cleared).
StreamDesc attention_preprocess(std::int64_t tokens, std::int64_t heads, std::int64_t d_v, std::int64_t d_qk);
// dQ accumulator (FP32) -> dQ (BF16), through shared memory.
StreamDesc attention_postprocess(std::int64_t tokens, std::int64_t heads, std::int64_t d_qk);

// ----------------------------------------------------------------------------------------------- router

// scores (FP32 [tokens, experts]), bias -> ids, weights: group-limited top-k selection, a warp a token.
StreamDesc router_topk(std::int64_t tokens, std::int64_t experts, std::int64_t top_k);
// Radix top-k of a framework: one 256-thread block a token, several passes over the row.
StreamDesc router_topk_radix(std::int64_t tokens, std::int64_t experts, std::int64_t top_k);
// How a framework writes its small kernels.
enum class SmallKernel : std::uint8_t {
    vectorized,  // same type and shape on both sides
    cast,        // types differ
    generic,     // a broadcast or strided operand: offsets by division
    scatter,     // one side through an index
    row_sum      // each row to one value
};
// Small kernel of a framework over [rows, cols].
StreamDesc router_small(std::int64_t rows, std::int64_t cols, DType in, DType out,
                        SmallKernel form = SmallKernel::vectorized);

}  // namespace tessera::stream_kernels
