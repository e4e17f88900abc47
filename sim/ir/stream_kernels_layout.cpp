#include "sim/ir/stream_kernels.hpp"
#include "sim/ir/stream_kernels_parts.hpp"

namespace tessera::stream_kernels {
namespace {

// Generic strided copy kernels of a framework walk up to three dimensions.
constexpr double kStridedDims = 3.0;

}  // namespace

StreamDesc rope(std::int64_t tokens, std::int64_t heads, std::int64_t rope_dim, std::int64_t head_dim) {
    StreamDesc d = base(StreamKind::rope, tokens, heads * rope_dim);
    const Bytes run = storage(DType::bf16, rope_dim);
    const Access access = head_dim > rope_dim ? Access::strided : Access::contiguous;
    d.reads = {operand(DType::bf16, tokens, heads * rope_dim, access, run),
               operand(DType::bf16, tokens, rope_dim, Access::broadcast)};
    d.writes = {operand(DType::bf16, tokens, heads * rope_dim, access, run)};
    d.tile_rows = 4;
    d.tile_cols = rope_dim;
    d.threads = 128;
    d.registers = 30;
    d.smem = bytes(640);
    d.load_bytes_in_flight = bytes(8);
    d.alu_per_element = slots(8.0, 6.0);  // masked scalar accesses, two multiply-adds
    d.cvt_per_element = 1.0;
    d.sync_steps = 1;  // layout change between cosine table and rows
    return d;
}

StreamDesc elementwise(std::int64_t rows, std::int64_t cols, int inputs, DType in, DType out) {
    StreamDesc d = base(StreamKind::elementwise, 1, rows * cols);
    for (int i = 0; i < inputs; ++i) { d.reads.push_back(operand(in, rows, cols)); }
    d.writes = {operand(out, rows, cols)};
    d.tile_cols = 512;  // four elements a thread
    d.threads = 128;
    d.registers = inputs > 1 ? 24 : 22;
    d.load_bytes_in_flight = storage(in, 4 * inputs);
    d.alu_per_element = slots(1.0 + 1.5 * inputs, inputs * kUnpackBf16);
    d.cvt_per_element = out == DType::fp32 ? 0.0 : kPackedConvert;
    return d;
}

StreamDesc elementwise_scale(std::int64_t rows, std::int64_t cols, DType t) { return elementwise(rows, cols, 1, t, t); }
StreamDesc elementwise_add(std::int64_t rows, std::int64_t cols, DType t) { return elementwise(rows, cols, 2, t, t); }

StreamDesc fill(std::int64_t rows, std::int64_t cols, DType t) {
    StreamDesc d = elementwise(rows, cols, 0, t, t);
    d.kind = StreamKind::fill;
    d.registers = 16;
    return d;
}

StreamDesc layout_copy(std::int64_t rows, std::int64_t cols, Bytes read_run, Bytes write_run, DType t) {
    StreamDesc d = row_per_block(StreamKind::copy, rows, cols, 90);
    const auto side = [&](Bytes run) {
        return operand(t, rows, cols, run > bytes(0) ? Access::strided : Access::contiguous, run);
    };
    d.reads = {side(read_run)};
    d.writes = {side(write_run)};
    d.load_bytes_in_flight = bytes(128);  // 90 registers hold eight 16-byte vectors and their addresses
    d.alu_per_element = 2.0;
    return d;
}

StreamDesc broadcast_copy(std::int64_t rows, std::int64_t run_elements, std::int64_t copies, DType t) {
    StreamDesc d = base(StreamKind::copy, 1, rows * run_elements * copies);
    d.reads = {operand(t, rows, run_elements)};
    d.writes = {operand(t, rows, run_elements * copies, Access::strided, storage(t, run_elements))};
    d.tile_cols = 512;
    d.threads = 128;
    d.registers = 18;
    d.load_bytes_in_flight = storage(t, 1);
    d.alu_per_element = 6.0 + kStridedDims * kOffsetPerDim;
    return d;
}

StreamDesc sum_over_groups(std::int64_t rows, std::int64_t cols, std::int64_t groups, DType t) {
    StreamDesc d = base(StreamKind::reduce, rows, cols * groups);
    d.reads = {operand(t, rows, cols * groups)};
    d.writes = {operand(t, rows, cols)};
    d.tile_rows = 2;
    d.threads = 128;
    d.registers = 54;
    d.smem = bytes(2064);
    d.load_bytes_in_flight = storage(t, 16);
    d.alu_per_element = slots(2.0 + kAccess, kUnpackBf16);
    d.sync_steps = 2;
    return d;
}

StreamDesc expand(std::int64_t rows, std::int64_t source_rows, std::int64_t cols, DType t) {
    StreamDesc d = base(StreamKind::expand, rows, cols);
    d.reads = {operand(t, source_rows, cols, Access::gathered, storage(t, cols)), row_scales(source_rows, cols),
               operand(DType::int32, rows, 1)};
    d.writes = {operand(t, rows, cols), row_scales(rows, cols)};
    d.tile_rows = 16;  // a warp a row
    d.threads = 512;
    d.registers = 32;
    d.load_bytes_in_flight = bytes(64);
    d.alu_per_element = 0.5;
    d.dependent_loads = 1;
    return d;
}

StreamDesc weighted_reduce(std::int64_t rows_in, std::int64_t rows_out, std::int64_t cols) {
    StreamDesc d = row_per_block(StreamKind::weighted_reduce, rows_out, cols, 39);
    d.reads = {operand(DType::bf16, rows_in, cols, Access::gathered, storage(DType::bf16, cols)),
               operand(DType::int32, rows_in, 1)};
    d.writes = {operand(DType::bf16, rows_out, cols)};
    d.load_bytes_in_flight = bytes(32);
    const double copies = static_cast<double>(rows_in) / static_cast<double>(rows_out);
    d.alu_per_element = slots(1.0, kUnpackBf16) * copies + kAccess;
    d.cvt_per_element = kPackedConvert;
    d.dependent_loads = 1;
    return d;
}

StreamDesc gather_rows(std::int64_t rows, std::int64_t source_rows, std::int64_t cols, DType t) {
    StreamDesc d = base(StreamKind::gather, rows, cols);
    d.reads = {operand(t, source_rows, cols, Access::gathered, storage(t, cols)), operand(DType::int32, rows, 1)};
    d.writes = {operand(t, rows, cols)};
    d.threads = 256;
    d.registers = 40;
    d.load_bytes_in_flight = storage(t, ceil_div(cols, 256));
    d.alu_per_element = 0.5;
    d.dependent_loads = 1;
    return d;
}

StreamDesc attention_preprocess(std::int64_t tokens, std::int64_t heads, std::int64_t d_v, std::int64_t d_qk) {
    StreamDesc d = base(StreamKind::attention_preprocess, tokens, heads * d_v);
    const Bytes run = storage(DType::bf16, d_v);
    d.reads = {operand(DType::bf16, tokens, heads * d_v, Access::strided, run),
               operand(DType::bf16, tokens, heads * d_v, Access::strided, run)};
    d.writes = {operand(DType::fp32, tokens, heads), operand(DType::fp32, tokens, heads * d_qk)};
    d.tile_rows = 64;
    d.tile_cols = d_v;
    d.threads = 256;
    d.registers = 66;
    d.load_bytes_in_flight = bytes(128);
    d.alu_per_element = slots(1.0 + 2.0 * kAccess, 2.0 * kUnpackBf16);
    d.sync_steps = 1;
    return d;
}

StreamDesc attention_postprocess(std::int64_t tokens, std::int64_t heads, std::int64_t d_qk) {
    StreamDesc d = base(StreamKind::attention_postprocess, tokens, heads * d_qk);
    d.reads = {operand(DType::fp32, tokens, heads * d_qk)};
    d.writes = {operand(DType::bf16, tokens, heads * d_qk, Access::strided, storage(DType::bf16, d_qk))};
    d.tile_rows = 64;
    d.tile_cols = d_qk;
    d.threads = 256;
    d.registers = 76;
    d.smem = bytes(64 * d_qk * 4 + 64 * d_qk * 2 + 1024);
    d.load_bytes_in_flight = bytes(64);
    d.alu_per_element = 3.0;
    d.cvt_per_element = kPackedConvert;
    d.smem_bytes_per_element = 12.0;
    d.sync_steps = 2;
    return d;
}

}  // namespace tessera::stream_kernels
