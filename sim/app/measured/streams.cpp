#include "sim/app/measured/streams.hpp"

#include "sim/app/measured/triton_code.hpp"
#include "sim/base/error.hpp"
#include "sim/ir/stream_kernels.hpp"

#include <algorithm>
#include <utility>

namespace tessera::measured {
namespace {

namespace sk = stream_kernels;

constexpr std::int64_t kCopies = 8;  // rows per token of the MoE permutations: top-8 routing

// Extents of a case with the launch they must go with.
struct Shape {
    const JsonCursor& members;
    const Profiled& l;
    std::int64_t at(const char* key) const { return members.count(key); }
    // Elements along `key` that each of `blocks` takes.
    std::int64_t share(std::int64_t extent, std::int64_t blocks) const {
        if (extent < blocks) { members.fail("the profiled grid has more blocks than the shape has elements"); }
        return extent / blocks;
    }
};

std::int64_t power_of_two(std::int64_t n) {
    std::int64_t p = 1;
    while (p < n) { p *= 2; }
    return p;
}

// A Triton block loads its whole tile at once.
StreamDesc triton(StreamDesc d, std::int64_t tile_rows, std::int64_t tile_cols, const Profiled& l) {
    double tile_bytes = 0;
    for (const Operand& o : d.reads) {
        if (o.access == Access::broadcast) { continue; }
        tile_bytes += to_double(o.size()) / (static_cast<double>(d.rows) * static_cast<double>(d.cols)) *
                      static_cast<double>(tile_rows) * static_cast<double>(tile_cols);
    }
    sk::Geometry g;
    g.tile_rows = tile_rows;
    g.tile_cols = tile_cols;
    g.threads = l.threads;
    // Its values wait in FP32 registers.
    const double live =
        static_cast<double>(tile_rows * tile_cols) / l.threads * std::max(1.0, static_cast<double>(d.reads.size()));
    g.registers = static_cast<int>(std::clamp(24.0 + live, 32.0, 255.0));
    g.load_bytes_in_flight = bytes(std::max<std::int64_t>(1, static_cast<std::int64_t>(tile_bytes / l.threads + 0.5)));
    d.smem = l.smem;
    d.code_instructions = 0;  // replayed again and again
    return sk::with_geometry(d, g);
}

// ... with the code that the compiler made of it. `padded` columns are computed on: a power of two.
StreamDesc compiled(const std::string& family, StreamDesc d, std::int64_t tile_rows, std::int64_t tile_cols,
                    const Profiled& l, std::int64_t padded = 0) {
    d = triton(std::move(d), tile_rows, tile_cols, l);
    const double rows = static_cast<double>(tile_rows) / l.threads, cols = static_cast<double>(tile_cols);
    const double values = rows * (padded > 0 ? static_cast<double>(padded) : cols);
    return sk::with_code(std::move(d), triton_code(family, l.threads, values, rows * cols));
}

// Rows that only move: 16-byte pieces of the padded row.
StreamDesc moved(const std::string& family, StreamDesc d, std::int64_t tile_cols, DType t, const Profiled& l) {
    d = triton(std::move(d), 1, tile_cols, l);
    const Bytes row = storage(t, power_of_two(tile_cols));
    const double each = static_cast<double>(tile_cols) / l.threads;
    return sk::with_code(std::move(d), triton_code(family, l.threads, to_double(row) / l.threads, each));
}

// A block that only moves bytes: they sit packed in registers.
StreamDesc triton_copy(StreamDesc d, std::int64_t tile_rows, std::int64_t tile_cols, const Profiled& l) {
    d = triton(std::move(d), tile_rows, tile_cols, l);
    d.registers = static_cast<int>(std::clamp<std::int64_t>(16 + d.load_bytes_in_flight.raw() / 4, 32, 255));
    return d;
}

// PyTorch's softmax (SoftMax.cu, PersistentSoftmax.cuh). Up to 1024 columns a warp takes a row and keeps the
// exponentials in registers; up to nine elements a thread a block of 1024 threads takes a row, keeps it in registers
// and computes the exponentials again at the end; longer rows are read three times in 16-byte vectors. Instructions
// counted by Nsight Compute (framework.json) for four and eight elements a thread, and for rows of 129,280; four of
// them an element on the pipe of special functions: two exponentials, a reciprocal and its check.
constexpr double kSfu = 4.0, kHeldBase = 17.0, kHeldEach = 71.3, kReadAgainEach = 37.1;

// Of the warps' kernel: pipes counted by Nsight Compute, 32 values a lane (framework.json); issue slots and a warp
// alone from periods of one and of ten blocks an SM with 16 and 32 values a lane (alone.json): the checks of each
// division branch, and 20 KB of code stream through the instruction caches.
sk::WarpCode softmax_code(double values) {
    constexpr double kSlots = 120, kSlotsEach = 51.9, kAlone = 400, kAloneEach = 187;
    constexpr double kHalfRate = 8.7, kSpecial = 3.0, kPasses = 3.4;
    return {values,
            48,
            kSlots + kSlotsEach * values,
            kHalfRate * values,
            kSpecial * values,
            kPasses * values,
            kAlone + kAloneEach * values};
}

StreamDesc softmax_of_warps(std::int64_t rows, std::int64_t cols, const Profiled& l) {
    StreamDesc d = sk::elementwise(rows, cols, 1, DType::bf16, DType::bf16);
    d.sync_steps = 0;  // a warp's two shuffle trees
    const std::int64_t block_rows = std::max<std::int64_t>(1, rows / l.blocks());
    d = triton(std::move(d), 1, block_rows * cols, l);
    const std::int64_t row = power_of_two(std::max<std::int64_t>(32, cols));
    const double rows_each = static_cast<double>(block_rows) * 32.0 / l.threads;  // of a warp
    sk::WarpCode code = softmax_code(std::max(1.0, rows_each) * static_cast<double>(row) / 32.0);
    code.values = rows_each * static_cast<double>(cols) / 32.0;
    return sk::with_code(std::move(d), code);
}

StreamDesc softmax_of_blocks(std::int64_t rows, std::int64_t cols, bool held, const Profiled& l) {
    constexpr double kThreads = 1024;
    StreamDesc d = sk::elementwise(rows, cols, held ? 1 : 3, DType::bf16, DType::bf16);
    d.sfu_per_element = kSfu;
    d.alu_per_element = held ? kHeldEach + kHeldBase * kThreads / static_cast<double>(cols) : kReadAgainEach;
    d.sync_steps = 8;  // two sums over the block: a tree in each warp, a barrier, a tree over the warps, a barrier
    d = triton(std::move(d), 1, cols, l);
    d.registers = 40;
    if (!held) {
        d.kind = StreamKind::reduce;  // the block meets at the end of a pass, not at every load
        d.load_bytes_in_flight = bytes(3 * 16);
    }
    return d;
}

StreamDesc softmax(std::int64_t rows, std::int64_t cols, const Profiled& l) {
    constexpr std::int64_t warp_row = 1024, held_per_thread = 9, block = 1024;
    if (cols <= warp_row) { return softmax_of_warps(rows, cols, l); }
    return softmax_of_blocks(rows, cols, cols <= held_per_thread * block, l);
}

StreamDesc scatter(std::int64_t copies, std::int64_t tokens, std::int64_t width, DType t, const Profiled& l) {
    StreamDesc d = sk::gather_rows(tokens, tokens, width, t);
    d.reads.front().access = Access::contiguous;
    d.reads.back().rows = copies;
    d.writes.front().rows = copies;
    d.writes.front().access = Access::gathered;
    d.writes.front().run = storage(t, width);
    return moved("scatter_rows", std::move(d), width, t, l);
}

std::optional<StreamDesc> cast_kernel(const std::string& family, const Shape& s) {
    const auto tile = [&](StreamDesc d, std::int64_t rows, std::int64_t cols) {
        return compiled(family, std::move(d), rows, cols, s.l);
    };
    const Profiled& l = s.l;
    const auto t = [&] { return s.at("T"); };
    const auto w = [&] { return s.at("W"); };
    if (family == "cast_1x128") {
        return tile(sk::per_token_cast(t(), w(), DType::bf16, sk::CastCode::multiply), s.share(t(), l.gy), 128);
    }
    if (family == "cast_128x128") { return tile(sk::block_cast(t(), w()), 128, 128); }
    if (family == "cast_128x1_transpose") {
        return tile(sk::per_channel_cast_transpose(t(), w()), 128, s.share(w(), l.gx));
    }
    if (family == "requant_transpose") {
        return tile(sk::per_channel_cast_transpose(t(), w(), sk::CastSource::fp8), 128, s.share(w(), l.gx));
    }
    if (family == "fp8_transpose") { return tile(sk::transpose_fp8(t(), w()), s.share(t(), l.gy), s.share(w(), l.gx)); }
    if (family == "swiglu_fwd_cast") { return tile(sk::swiglu_cast(t(), w()), s.share(t(), l.gy), 128); }
    if (family == "swiglu_bwd") { return tile(sk::swiglu_backward(t(), w()), s.share(t(), l.gy), s.share(w(), l.gx)); }
    if (family == "rmsnorm") {
        StreamDesc d = sk::rms_norm(t(), w(), 0);
        d.max_ctas = 0;
        return compiled(family, d, s.share(t(), l.gx), w(), l, power_of_two(w()));
    }
    return std::nullopt;
}

std::optional<StreamDesc> row_kernel(const std::string& family, DType dtype, const Shape& s) {
    const Profiled& l = s.l;
    if (family == "gather_rows" || family == "index_select_torch") {
        const std::int64_t w = s.at("W");
        return moved(family, sk::gather_rows(s.at("rows"), s.at("T"), w, dtype), w / l.gy, dtype, l);
    }
    if (family == "scatter_rows") { return scatter(s.at("rows"), s.at("T"), s.at("W"), dtype, l); }
    if (family == "combine_rows") {
        // Registers hold four of the eight copies of a token at a time.
        StreamDesc d = sk::weighted_reduce(s.at("rows"), s.at("T"), s.at("W"));
        d = compiled(family, std::move(d), 1, s.share(s.at("W"), l.gx), l);
        d.load_bytes_in_flight = d.load_bytes_in_flight / 2.0;
        return d;
    }
    if (family == "gather_scales") {
        return triton(sk::gather_rows(s.at("groups"), s.at("groups"), s.at("rows"), DType::fp32), 1,
                      s.share(s.at("rows"), l.gy), l);
    }
    if (family == "router_topk_triton") {
        StreamDesc d = sk::router_topk(s.at("T"), s.at("E"), kCopies);
        d.sync_steps = 1;  // comparisons and shuffles alternate all along
        return compiled(family, d, s.share(s.at("T"), l.gx), s.at("E"), l);
    }
    if (family == "softmax_torch") { return softmax(s.at("rows"), s.at("cols"), l); }
    if (family == "mla_softmax") { return softmax(s.at("B") * s.at("H"), s.at("L"), l); }
    return std::nullopt;
}

std::optional<StreamDesc> plain_kernel(const std::string& family, const Shape& s) {
    const Profiled& l = s.l;
    if (family == "residual_add") {
        const std::int64_t t = s.at("T"), w = s.at("W");
        return compiled(family, sk::elementwise_add(t, w), 1, s.share(t * w, l.gx), l);
    }
    if (family == "to_float32") {
        const std::int64_t n = s.at("n");
        return triton_copy(sk::elementwise(1, n, 1, DType::bf16, DType::fp32), 1, s.share(n, l.gx), l);
    }
    if (family == "rope") {
        return compiled(family, sk::rope(s.at("T"), s.at("W")), 1, s.share(s.at("W") * 64, l.gx), l);
    }
    if (family == "kv_pack" || family == "kv_pack_bwd") {  // [T, H, 256] <-> [T, H, 192] and [T, H, 128]
        const std::int64_t t = s.at("T"), h = s.at("H");
        const bool back = family == "kv_pack_bwd";
        StreamDesc d = sk::elementwise(t, h * 256, 1, DType::bf16, DType::bf16);
        const auto part = [&](std::int64_t width) {
            Operand o{"", DType::bf16, t, h * width};
            o.access = Access::strided;
            o.run = storage(DType::bf16, width);
            return o;
        };
        if (back) {
            d.reads = {part(128), part(128)};
        } else {
            d.writes = {part(192), part(128)};
        }
        return triton_copy(d, 1, h * 256 / l.gx, l);
    }
    const bool read = family == "mem_read", write = family == "mem_write";
    if (family == "mem_copy" || read || write) {
        const std::int64_t n = s.at("bytes") / 4;
        StreamDesc d = sk::elementwise(1, n, write ? 0 : 1, DType::int32, DType::int32);
        if (read) {  // a block's sum: shuffles within each warp, a barrier, shuffles over the warps' sums
            d.writes = {d.reads.front()}, d.writes.front().cols = l.gx;
            d.sync_steps = 3;
        }
        return triton_copy(d, 1, s.share(n, l.gx), l);
    }
    if (family == "copy_ctas") {
        const std::int64_t n = s.at("bytes_each_way") / 4;
        StreamDesc d = triton(sk::elementwise(1, n, 1, DType::int32, DType::int32), 1, 16384, l);
        d.max_ctas = static_cast<int>(l.gx);
        return d;
    }
    return std::nullopt;
}

}  // namespace

std::optional<StreamDesc> stream_of_family(const std::string& family, const std::string& dtype, const JsonCursor& shape,
                                           const Profiled& launch) {
    const Shape s{shape, launch};
    const DType rows = dtype == "bf16" ? DType::bf16 : DType::fp8_e4m3;
    std::optional<StreamDesc> d = cast_kernel(family, s);
    if (!d) { d = row_kernel(family, rows, s); }
    if (!d) { d = plain_kernel(family, s); }
    return d;
}

namespace {

Profiled grid(std::int64_t gx, std::int64_t gy, int threads, std::int64_t smem) {
    Profiled p;
    p.gx = std::max<std::int64_t>(1, gx);
    p.gy = std::max<std::int64_t>(1, gy);
    p.threads = threads;
    p.smem = bytes(smem);
    return p;
}

}  // namespace

Profiled usual_launch(const std::string& family, const JsonCursor& op) {
    const JsonCursor shape = op.at("shape");
    const std::int64_t t = shape.count_or("T", 1), w = shape.count_or("W", 1), rows = shape.count_or("rows", 1);
    if (family == "cast_1x128") { return grid(w / 128, t / 64, 256, 256); }
    if (family == "cast_128x128") { return grid(w / 128, t / 128, 256, 32); }
    if (family == "cast_128x1_transpose") { return grid(w / 64, t / 128, 256, 8192); }
    if (family == "requant_transpose") { return grid(w / 128, t / 128, 256, 16384); }
    if (family == "swiglu_fwd_cast") { return grid(w / 128, t / 32, 256, 128); }
    if (family == "swiglu_bwd") { return grid(w / 256, t / 8, 128, 0); }
    if (family == "rmsnorm") { return op.has("row_stride") ? grid(t / 4, 1, 128, 64) : grid(t, 1, 256, 32); }
    if (family == "residual_add") { return grid(t * w / 2048, 1, 128, 0); }
    if (family == "to_float32") { return grid(shape.count("n") / 512, 1, 128, 0); }
    if (family == "rope") { return grid(w / 32, t, 128, 0); }
    if (family == "kv_pack" || family == "kv_pack_bwd") { return grid(shape.count("H") / 16, t, 128, 0); }
    if (family == "gather_rows") { return grid(rows, 1, 256, 0); }
    if (family == "gather_scales") { return grid(shape.count("groups"), rows / 128, 128, 0); }
    if (family == "combine_rows") { return grid(w / 1024, t, 128, 0); }
    if (family == "router_topk_triton") { return grid(t, 1, 32, 32); }
    return {};
}

}  // namespace tessera::measured
