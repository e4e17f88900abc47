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
    // Two bits of the key per pass over 32-bit keys: 16 passes, each a count by ballots and a block barrier,
    // then a prefix sum to place the winners.
    constexpr double kPasses = 16.0;
    d.alu_per_element = kPasses * 24.0;
    d.sync_steps = static_cast<int>(3 * kPasses) + 10;
    return d;
}

StreamDesc router_small(std::int64_t rows, std::int64_t cols, DType in, DType out, bool reduce) {
    StreamDesc d = base(reduce ? StreamKind::reduce : StreamKind::router, rows, cols);
    d.reads = {operand(in, rows, cols)};
    d.writes = {operand(out, rows, reduce ? 1 : cols)};
    d.tile_rows = std::max<std::int64_t>(1, 512 / std::max<std::int64_t>(1, cols));
    d.threads = 128;
    d.registers = reduce ? 32 : 23;
    d.load_bytes_in_flight = storage(in, 4);
    d.alu_per_element = 8.0;
    d.sync_steps = reduce ? 6 : 0;
    return d;
}

}  // namespace tessera::stream_kernels
