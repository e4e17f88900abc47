#include "sim/ir/stream_kernels.hpp"
#include "sim/ir/stream_kernels_parts.hpp"

namespace tessera::stream_kernels {
namespace {

// Geometry of the 128 x 128 tile kernels: 256 threads; the BF16 tile waits in shared memory with padded rows.
constexpr std::int64_t kTile = 128;
constexpr std::int64_t kPad = 4;  // elements added to each row against bank conflicts

// 16-byte vector in, 8 values: unpack, multiply by 1/scale, two packed conversions, permutes to join them.
constexpr double kScaleMultiply = 1.0;
constexpr double kAbsMax = 0.5;  // packed BF16 maximum

}  // namespace

StreamDesc per_token_cast(std::int64_t rows, std::int64_t cols, DType from, CastCode code) {
    StreamDesc d = row_per_block(StreamKind::per_token_cast, rows, cols, 31);
    d.reads = {operand(from, rows, cols)};
    d.writes = {operand(DType::fp8_e4m3, rows, cols), row_scales(rows, cols)};
    d.cvt_per_element = kPackedConvert;
    d.sync_steps = 1;
    if (code == CastCode::multiply) {
        d.alu_per_element = slots(kAbsMax + kScaleMultiply + kAccess, kUnpackBf16) + kGroupTree;
        d.cast_alu_per_element = kAbsMax + kScaleMultiply + kGroupTree;
        return d;
    }
    // Counters of cast_8B_divide over 4096 x 16384 (structures.json): 23.5 thread instructions an element, 2.25 of
    // them on the special-function pipe; 5 of the rest load, unpack, address and store, the others find the group's
    // maximum and divide (8 and a guard each).
    constexpr double kCastInstructions = 23.5, kDivideSfu = 2.25, kMoving = 5.0;
    d.load_bytes_in_flight = bytes(8);
    d.sfu_per_element = kDivideSfu;
    d.alu_per_element = kCastInstructions - kDivideSfu - kPackedConvert;
    d.cast_alu_per_element = d.alu_per_element - kMoving;
    d.code_instructions = 130;  // one group, and what stands before the loop
    return d;
}

StreamDesc block_cast(std::int64_t rows, std::int64_t cols) {
    StreamDesc d = base(StreamKind::per_token_cast, rows, cols);
    d.reads = {operand(DType::bf16, rows, cols, Access::contiguous, bytes(2 * kTile))};
    d.writes = {operand(DType::fp8_e4m3, rows, cols, Access::contiguous, bytes(kTile)),
                operand(DType::fp32, ceil_div(rows, kTile), ceil_div(cols, kTile))};
    d.tile_rows = kTile;
    d.tile_cols = kTile;
    d.threads = 256;
    d.registers = 56;
    d.smem = bytes(32);
    d.load_bytes_in_flight = bytes(128);
    d.alu_per_element = slots(kAbsMax + kScaleMultiply + kAccess, kUnpackBf16);
    d.cast_alu_per_element = kAbsMax + kScaleMultiply;
    d.cvt_per_element = kPackedConvert;
    d.sync_steps = 2;
    return d;
}

StreamDesc per_channel_cast_transpose(std::int64_t rows, std::int64_t cols, CastSource source,
                                      std::int64_t source_rows) {
    StreamDesc d = base(StreamKind::per_channel_cast_transpose, rows, cols);
    const std::int64_t from_rows = source_rows > 0 ? source_rows : rows;
    const bool fp8 = source != CastSource::bf16;
    const DType from = fp8 ? DType::fp8_e4m3 : DType::bf16;
    const bool by_map = source == CastSource::fp8_rows_by_map;
    d.reads = {operand(from, from_rows, cols, by_map ? Access::gathered : Access::strided, storage(from, kTile))};
    if (fp8) { d.reads.push_back(row_scales(from_rows, cols)); }
    if (by_map) {
        d.reads.push_back(operand(DType::int32, rows, 1));
        d.dependent_loads = 1;
    }
    d.writes = {operand(DType::fp8_e4m3, cols, rows, Access::transposed, bytes(kTile)), column_scales(rows, cols)};
    d.tile_rows = kTile;
    d.tile_cols = kTile;
    d.threads = 256;
    d.registers = 40;
    const std::int64_t tile_elements = kTile * (kTile + kPad);
    d.smem = storage(from, tile_elements);
    d.load_bytes_in_flight = storage(from, 4 * 8);
    // Copy to shared memory, column reads of two values, maximum, scale, convert, permute into 16-byte rows.
    d.alu_per_element = slots(2.25 + kAbsMax, kUnpackBf16 + 0.5) + (fp8 ? 2.0 : 0.0);
    d.cast_alu_per_element = kAbsMax + kScaleMultiply;
    d.cvt_per_element = kPackedConvert + (fp8 ? 1.0 : 0.0);
    d.smem_bytes_per_element = fp8 ? 4.0 : 6.0;  // tile in and out, FP8 tile in and out
    d.smem_conflict = 1.0;
    d.sync_steps = 3;
    return d;
}

StreamDesc cast_back(std::int64_t rows, std::int64_t cols, int ctas) {
    StreamDesc d = base(StreamKind::cast_back, rows, cols);
    d.reads = {operand(DType::fp8_e4m3, rows, cols), row_scales(rows, cols)};
    d.writes = {operand(DType::bf16, rows, cols)};
    d.threads = 1024;
    d.registers = 32;
    d.max_ctas = ctas;
    d.tile_rows = 1;
    d.tile_cols = 0;
    d.load_bytes_in_flight = bytes(8);
    // FP8 pair -> half pair (0.5), half -> float (1), multiply, pack; the scale is found by an index per vector.
    d.alu_per_element = slots(kScaleMultiply + kAccess, 1.0);
    d.cvt_per_element = 0.5 + 1.0 + kPackedConvert;
    return d;
}

StreamDesc special_cast_e5m6(std::int64_t rows, std::int64_t cols) {
    StreamDesc d = row_per_block(StreamKind::special_cast, rows, cols, 32);
    d.smem = bytes(32);
    d.reads = {operand(DType::bf16, rows, cols)};
    d.writes = {operand(DType::e5m6, rows, cols)};
    // No conversion instruction makes 12-bit values: round, clamp, shift and splice with integer arithmetic, after a
    // division. Counters of e5m6_warp (structures.json): 46.3 thread instructions an element, 2.75 special-function.
    constexpr double kInstructions = 46.3, kSfu = 2.75;
    d.load_bytes_in_flight = bytes(8);
    d.alu_per_element = kInstructions - kSfu;
    d.sfu_per_element = kSfu;
    d.code_instructions = 230;
    d.sync_steps = 2;
    return d;
}

StreamDesc special_cast_back_e5m6(std::int64_t rows, std::int64_t cols, int ctas) {
    StreamDesc d = row_per_block(StreamKind::special_cast, rows, cols, 32);
    d.max_ctas = ctas;
    d.reads = {operand(DType::e5m6, rows, cols)};
    d.writes = {operand(DType::bf16, rows, cols)};
    d.load_bytes_in_flight = bytes(12);
    // Counters of e5m6_back: 21.1 thread instructions an element, 11.6 of them on the half-rate pipe.
    d.alu_per_element = slots(9.0, 11.6);
    d.cvt_per_element = kPackedConvert;
    d.code_instructions = 190;
    return d;
}

StreamDesc transpose_fp8(std::int64_t rows, std::int64_t cols, std::int64_t batch) {
    StreamDesc d = base(StreamKind::transpose, batch * rows, cols);
    d.reads = {operand(DType::fp8_e4m3, batch * rows, cols, Access::strided, bytes(kTile))};
    d.writes = {operand(DType::fp8_e4m3, batch * cols, rows, Access::transposed, bytes(kTile))};
    d.tile_rows = kTile;
    d.tile_cols = kTile;
    d.threads = 512;
    d.registers = 32;
    d.smem = bytes(kTile * (kTile + kPad));
    d.load_bytes_in_flight = bytes(32);
    d.alu_per_element = slots(0.5, 0.75);  // 4-byte shared accesses and byte permutes
    d.smem_bytes_per_element = 4.0;        // in, 4 x 4 byte turn in registers, in again, out
    d.sync_steps = 2;
    return d;
}

StreamDesc scale_transpose(std::int64_t rows, std::int64_t groups) {
    StreamDesc d = base(StreamKind::scale_transpose, rows, groups);
    d.reads = {operand(DType::fp32, rows, groups)};
    d.writes = {operand(DType::fp32, groups, rows, Access::transposed, bytes(4 * kTile))};
    d.tile_rows = kTile;
    d.tile_cols = kTile;
    d.threads = 512;
    d.registers = 36;
    d.smem = bytes(4 * kTile * (kTile + kPad));
    d.load_bytes_in_flight = bytes(16);
    d.alu_per_element = 17.0;  // counters of turn4 (structures.json), 128 columns
    d.smem_bytes_per_element = 8.0;
    // 16-byte rows written at full width; columns read with lanes four rows of 132 words apart: two banks for a warp.
    d.smem_conflict = (1.0 + 16.0) / 2.0;
    d.code_instructions = 130;
    d.sync_steps = 1;
    return d;
}

StreamDesc scale_copy(std::int64_t rows, std::int64_t groups) {
    StreamDesc d = base(StreamKind::scale_transpose, 1, rows * groups);
    // Every lane reads a line of its own (structures.json: 1.2 sectors an element); the rest of each line serves the
    // blocks beside. The L1, one data path with shared memory, looks up one line a clock: 32 for a warp's load.
    d.reads = {operand(DType::fp32, rows, groups)};
    d.smem_bytes_per_element = 4.0;
    d.smem_conflict = 32.0;
    d.writes = {operand(DType::fp32, groups, rows)};
    d.tile_cols = 256;
    d.threads = 128;
    d.registers = 18;
    d.load_bytes_in_flight = bytes(8);
    d.alu_per_element = kGenericCopy;
    d.code_instructions = 90;
    return d;
}

}  // namespace tessera::stream_kernels
