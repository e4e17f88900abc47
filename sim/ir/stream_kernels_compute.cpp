#include "sim/ir/stream_kernels.hpp"
#include "sim/ir/stream_kernels_parts.hpp"

namespace tessera::stream_kernels {
namespace {

// silu(g) u: exponent and reciprocal on the SFU; exp scales and clamps its argument (3), adds one, the division
// guards its range around the reciprocal (7), one product.
constexpr double kSwigluSfu = 2.0;
constexpr double kSwigluFull = 12.0;
// Gradient: the sigmoid as above without the product, then five operations for d(gate) and two for d(up).
constexpr double kSwigluBackwardFull = 18.0;

void add_weights(StreamDesc& d, bool weighted) {
    if (!weighted) { return; }
    d.reads.push_back(operand(DType::fp32, d.rows, 1));
    d.alu_per_element += 1.0;
}

}  // namespace

StreamDesc swiglu(std::int64_t rows, std::int64_t cols, bool weighted) {
    StreamDesc d = row_per_block(StreamKind::swiglu, rows, cols, 32);
    d.reads = {operand(DType::bf16, rows, 2 * cols)};
    d.writes = {operand(DType::bf16, rows, cols)};
    d.load_bytes_in_flight = bytes(32);
    d.alu_per_element = slots(kSwigluFull + kAccess, 2.0 * kUnpackBf16);
    d.cvt_per_element = kPackedConvert;
    d.sfu_per_element = kSwigluSfu;
    add_weights(d, weighted);
    return d;
}

StreamDesc swiglu_cast(std::int64_t rows, std::int64_t cols, bool weighted) {
    StreamDesc d = swiglu(rows, cols, weighted);
    d.kind = StreamKind::swiglu_cast;
    d.writes = {operand(DType::fp8_e4m3, rows, cols), row_scales(rows, cols)};
    d.cast_alu_per_element = slots(1.0, 1.0) + kGroupTree;  // FP32 maximum (half rate), scale
    d.alu_per_element += d.cast_alu_per_element;
    d.sync_steps = 1;
    return d;
}

StreamDesc swiglu_cast_transpose(std::int64_t rows, std::int64_t cols, bool weighted) {
    StreamDesc d = per_channel_cast_transpose(rows, cols);
    d.kind = StreamKind::swiglu_cast_transpose;
    d.reads = {operand(DType::bf16, rows, 2 * cols, Access::strided, bytes(256))};
    d.registers = 46;
    d.load_bytes_in_flight = bytes(64);
    d.alu_per_element += slots(kSwigluFull, 2.0 * kUnpackBf16);
    d.sfu_per_element = kSwigluSfu;
    add_weights(d, weighted);
    return d;
}

StreamDesc swiglu_backward(std::int64_t rows, std::int64_t cols, bool weighted, bool recompute, int ctas) {
    StreamDesc d = base(StreamKind::swiglu_backward, rows, cols);
    d.reads = {operand(DType::bf16, rows, 2 * cols), operand(DType::bf16, rows, cols)};
    d.writes = {operand(DType::bf16, rows, 2 * cols)};
    if (recompute) { d.writes.push_back(operand(DType::bf16, rows, cols)); }
    d.max_ctas = ctas;
    d.threads = ctas > 0 ? 1024 : 128;
    d.registers = ctas > 0 ? 40 : 77;
    d.tile_rows = ctas > 0 ? 1 : 2;
    d.load_bytes_in_flight = bytes(ctas > 0 ? 24 : 96);
    d.alu_per_element = slots(kSwigluBackwardFull + kAccess, 3.0 * kUnpackBf16);
    d.cvt_per_element = (recompute ? 3.0 : 2.0) * kPackedConvert;
    d.sfu_per_element = kSwigluSfu;
    add_weights(d, weighted);
    return d;
}

StreamDesc swiglu_weight_gradient(std::int64_t rows, std::int64_t cols) {
    StreamDesc d = row_per_block(StreamKind::swiglu_backward, rows, cols, 40);
    d.tile_cols = (cols + 1) / 2;
    d.reads = {operand(DType::bf16, rows, cols), operand(DType::bf16, rows, cols)};
    d.writes = {operand(DType::fp32, rows, 1)};
    d.load_bytes_in_flight = bytes(32);
    d.alu_per_element = slots(1.0 + kAccess, 2.0 * kUnpackBf16);
    d.sync_steps = 2;
    return d;
}

StreamDesc rms_norm(std::int64_t rows, std::int64_t cols, int ctas, bool residual) {
    StreamDesc d = base(StreamKind::norm, rows, cols);
    d.reads = {operand(DType::bf16, rows, cols)};
    d.writes = {operand(DType::bf16, rows, cols)};
    if (residual) {
        d.reads.push_back(operand(DType::bf16, rows, cols));
        d.writes.push_back(operand(DType::bf16, rows, cols));
    }
    d.reads.push_back(operand(DType::bf16, 1, cols, Access::broadcast));
    d.max_ctas = ctas;
    d.threads = 128;
    d.tile_rows = 4;
    // A warp keeps its whole row in registers: cols / 32 values a lane.
    const std::int64_t row_registers = ceil_div(cols, 64);
    d.registers = static_cast<int>(std::min<std::int64_t>(40 + row_registers, 168));
    d.load_bytes_in_flight = storage(DType::bf16, ceil_div(cols, 32) * (residual ? 2 : 1));
    // Unpack; square-accumulate; second pass for the centred form; scale, weight, pack.
    d.alu_per_element = slots(4.0 + kAccess + (residual ? 1.0 : 0.0), (residual ? 3.0 : 2.0) * kUnpackBf16);
    d.cvt_per_element = kPackedConvert * (residual ? 2.0 : 1.0);
    d.sync_steps = 2;
    return d;
}

StreamDesc rms_norm_backward(std::int64_t rows, std::int64_t cols, int ctas, bool residual) {
    StreamDesc d = base(StreamKind::norm_backward, rows, cols);
    d.reads = {operand(DType::bf16, rows, cols), operand(DType::bf16, rows, cols)};
    if (residual) { d.reads.push_back(operand(DType::bf16, rows, cols)); }
    d.reads.push_back(operand(DType::bf16, 1, cols, Access::broadcast));
    d.writes = {operand(DType::bf16, rows, cols), operand(DType::fp32, ctas, cols)};
    d.max_ctas = ctas;
    const bool wide = cols >= 4096;
    d.threads = wide ? 256 : 128;
    d.tile_rows = wide ? 1 : 4;  // a block a row, or a warp a row
    d.registers = wide ? 200 : cols >= 1024 ? 94 : 116;
    d.smem = bytes(wide ? 4 * cols : 8192);
    const std::int64_t lanes = wide ? 256 : 32;
    d.load_bytes_in_flight = storage(DType::bf16, ceil_div(cols, lanes) * (residual ? 3 : 2));
    // x * rstd, dy * w, two row sums, dx, and the weight gradient kept in registers.
    d.alu_per_element = slots(9.0 + kAccess, 4.0 * kUnpackBf16);
    d.cvt_per_element = kPackedConvert;
    d.sync_steps = wide ? 4 : 2;
    return d;
}

StreamDesc rms_norm_backward_finalize(std::int64_t ctas, std::int64_t cols) {
    StreamDesc d = base(StreamKind::reduce, ctas, cols);
    d.reads = {operand(DType::fp32, ctas, cols, Access::strided, bytes(128))};
    d.writes = {operand(DType::fp32, 1, cols)};
    d.tile_rows = ctas;
    d.tile_cols = 32;
    d.threads = 1024;
    d.registers = 32;
    d.smem = bytes(8448);
    d.load_bytes_in_flight = bytes(4);
    d.alu_per_element = 4.0;
    d.sync_steps = 7;  // shared-memory turn and a five-step tree
    return d;
}

}  // namespace tessera::stream_kernels
