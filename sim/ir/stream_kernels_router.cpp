#include "sim/ir/stream_kernels.hpp"
#include "sim/ir/stream_kernels_parts.hpp"

namespace tessera::stream_kernels {

StreamDesc router_topk(std::int64_t tokens, std::int64_t experts, std::int64_t top_k) {
    StreamDesc d = base(StreamKind::router, tokens, experts);
    d.reads = {operand(DType::fp32, tokens, experts), operand(DType::fp32, 1, experts, Access::broadcast)};
    d.writes = {operand(DType::int64, tokens, top_k), operand(DType::fp32, tokens, top_k)};
    d.tile_rows = 4;  // a warp a token
    d.threads = 128;
    d.registers = 32;
    d.load_bytes_in_flight = bytes(16);
    // Each pick: maximum with index over the row (half rate, five shuffle steps a warp).
    d.alu_per_element = slots(6.0, 3.0 * static_cast<double>(top_k));
    d.sync_steps = static_cast<int>(2 * top_k);
    return d;
}

StreamDesc router_topk_radix(std::int64_t tokens, std::int64_t experts, std::int64_t top_k) {
    StreamDesc d = base(StreamKind::router, tokens, experts);
    d.reads = {operand(DType::fp32, tokens, experts)};
    d.writes = {operand(DType::fp32, tokens, top_k), operand(DType::int64, tokens, top_k)};
    d.threads = 256;
    d.registers = 47;
    d.smem = bytes(128);
    d.load_bytes_in_flight = bytes(4);
    // Two bits of the key per pass over 32-bit keys, at most 16 passes; each counts by ballots and meets at block
    // barriers, then a prefix sum places the winners. Counters of topk8 (structures.json, random scores: the search
    // ends when the candidates are as many as wanted): 1,410 thread instructions an element.
    constexpr double kPasses = 16.0;
    d.alu_per_element = 1410.0;
    d.code_instructions = 600;
    d.sync_steps = static_cast<int>(3 * kPasses) + 10;
    return d;
}

StreamDesc router_small(std::int64_t rows, std::int64_t cols, DType in, DType out, SmallKernel form) {
    const bool reduce = form == SmallKernel::row_sum;
    StreamDesc d = base(reduce ? StreamKind::reduce : StreamKind::router, rows, cols);
    d.reads = {operand(in, rows, cols)};
    d.writes = {operand(out, rows, reduce ? 1 : cols)};
    d.tile_rows = std::max<std::int64_t>(1, 512 / std::max<std::int64_t>(1, cols));
    d.threads = 128;
    d.registers = reduce ? 32 : 23;
    d.load_bytes_in_flight = storage(in, 4);
    // Thread instructions an element and straight-line code of a warp: counters in structures.json.
    switch (form) {
        case SmallKernel::vectorized:  // add, mul, neg: four elements a thread
            d.alu_per_element = 4.0;
            d.code_instructions = 35;
            break;
        case SmallKernel::cast:  // to_long, cast_fp32
            d.alu_per_element = kUnrolledCast;
            d.code_instructions = 215;
            break;
        case SmallKernel::generic:  // div_scores, add_broadcast: two elements a thread
            d.alu_per_element = kGenericMath;
            d.code_instructions = 120;
            d.load_bytes_in_flight = storage(in, 2);
            break;
        case SmallKernel::scatter:  // gather, scatter_add, scatter_mask: an index, then the element
            d.alu_per_element = 60.0;
            d.code_instructions = 240;
            d.dependent_loads = 2;
            break;
        case SmallKernel::row_sum:  // sum_scores, sum_columns, sum_bool
            d.alu_per_element = 8.0;
            d.code_instructions = 200;
            d.sync_steps = 6;
            break;
    }
    return d;
}

}  // namespace tessera::stream_kernels
