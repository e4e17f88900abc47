// Shared pieces of the stream kernel factories: operands and instruction counts. Internal to sim/ir.
#pragma once

#include "sim/ir/kernel_desc.hpp"

#include <algorithm>

namespace tessera::stream_kernels {

// Issue slots of the 128-wide FP32/INT issue for `full` full-rate and `half` half-rate instructions: the
// half-rate pipe (integer, logic, min/max, permute: 64 lanes, micro F.alu) limits when it is the longer one.
constexpr double slots(double full, double half) { return std::max(full + half, 2.0 * half); }

// Instructions per element, counted from the code of vectorized kernels (16-byte accesses, 8 BF16 a thread).
inline constexpr double kUnpackBf16 = 1.0;     // shift or mask to FP32, half rate
inline constexpr double kPackedConvert = 0.5;  // one conversion gives two BF16 or two FP8 values
inline constexpr double kAccess = 0.75;        // address, load and store of an 8-element vector, full rate
inline constexpr double kGroupTree = 3.75;     // 1x128 maximum: 4 shuffles (4 slots each), 4 max, 1 division per 8
inline constexpr double kOffsetPerDim = 13.0;  // generic strided index: multiply-high, shift, remainder, 2 offsets
// Element-wise kernels of a framework (counters in structures.json, thread instructions an element): a copy with
// generic offsets, two elements a thread; arithmetic with generic offsets; a cast, four elements a thread, bounds and
// type checked per element.
inline constexpr double kGenericCopy = 45.0, kGenericMath = 60.0, kUnrolledCast = 53.0;
inline constexpr std::int64_t kScaleGroup = 128;  // elements per scale

constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

inline Operand operand(DType t, std::int64_t rows, std::int64_t cols, Access access = Access::contiguous,
                       Bytes run = {}) {
    Operand o;
    o.dtype = t;
    o.rows = rows;
    o.cols = cols;
    o.access = access;
    o.run = run;
    return o;
}

// One FP32 scale per row and 128 columns; per column and 128 rows.
inline Operand row_scales(std::int64_t rows, std::int64_t cols) {
    return operand(DType::fp32, rows, ceil_div(cols, kScaleGroup));
}
inline Operand column_scales(std::int64_t rows, std::int64_t cols) {
    return operand(DType::fp32, ceil_div(rows, kScaleGroup), cols);
}

inline StreamDesc base(StreamKind kind, std::int64_t rows, std::int64_t cols) {
    StreamDesc d;
    d.kind = kind;
    d.rows = rows;
    d.cols = cols;
    return d;
}

// One 128-thread block a row, a 16-byte vector of each thread in flight.
inline StreamDesc row_per_block(StreamKind kind, std::int64_t rows, std::int64_t cols, int registers) {
    StreamDesc d = base(kind, rows, cols);
    d.tile_rows = 1;
    d.tile_cols = 0;
    d.threads = 128;
    d.registers = registers;
    d.load_bytes_in_flight = bytes(16);
    return d;
}

}  // namespace tessera::stream_kernels
