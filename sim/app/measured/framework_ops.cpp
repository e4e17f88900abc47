#include "sim/app/measured/framework_ops.hpp"

#include "sim/ir/warp_code.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::measured {
namespace {

using stream_kernels::WarpCode;

constexpr std::int64_t kSms = 132;  // of the H200 on which the framework chose its grids

// One kernel of an operator: what a thread executes (values = 1) and what a block moves. Registers, instructions and
// pipes by Nsight Compute, cycles of a warp alone from the profiled duration of a grid that leaves the schedulers idle
// (less launch, drain and one load out of L2); tests/validation/h200_micro_extra/framework.json.
struct Step {
    std::int64_t blocks = 1;
    int threads = 128;
    std::int64_t smem = 0;
    double read = 0, written = 0;  // bytes of a block
    WarpCode code;
    int meetings = 0;  // barriers
};

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return std::max<std::int64_t>(1, (a + b - 1) / b); }

Operand bytes_of(std::int64_t blocks, double each) {
    Operand o;
    o.dtype = DType::u8;
    o.rows = blocks;
    o.cols = std::max<std::int64_t>(1, std::llround(each));
    o.l2_resident = 1.0;  // small, and just written by the kernel before
    return o;
}

Launch launch(const Step& s) {
    StreamDesc d;
    d.kind = StreamKind::router;
    d.rows = s.blocks;
    d.cols = s.threads;
    if (s.read > 0) { d.reads = {bytes_of(s.blocks, s.read)}; }
    d.writes = {bytes_of(s.blocks, std::max(s.written, 1.0))};
    d.threads = s.threads;
    d.smem = bytes(s.smem);
    d.load_bytes_in_flight = bytes(std::max<std::int64_t>(1, std::llround(s.read / s.threads)));
    d.sync_steps = s.meetings;
    return {stream_kernels::with_code(d, s.code), 0};
}

// Element-wise over `n` elements: 1,024 a block (vectorized) or 256 (offsets by division).
Launch pointwise(std::int64_t n, std::int64_t per_block, double bytes_in, double bytes_out, const WarpCode& code) {
    const double elements = static_cast<double>(std::min(n, per_block));
    return launch({ceil_div(n, per_block), 128, 0, elements * bytes_in, elements * bytes_out, code, 0});
}

// topk(k) of rows of `width` floats by radix selection, a block a row.
Launch radix_select(std::int64_t rows, std::int64_t width, std::int64_t k) {
    const bool wide = width > 32;
    const WarpCode code = wide         ? WarpCode{1, 32, 1375, 576, 52, 88, 12440}
                          : width > 16 ? WarpCode{1, 32, 1286, 529, 48, 95, 9250}
                                       : WarpCode{1, 32, 1377, 566, 51, 110, 9900};
    const int threads = static_cast<int>(std::clamp<std::int64_t>((width + 31) / 32 * 32, 32, 1024));
    return launch(
        {rows, threads, 128, 4.0 * static_cast<double>(width), 12.0 * static_cast<double>(k), code, wide ? 3 : 1});
}

// Sorts the k winners of each row: 16 threads a row, as many rows a block as leave six blocks an SM.
Launch bitonic_sort(std::int64_t rows, std::int64_t k) {
    const std::int64_t together = std::clamp<std::int64_t>(rows / (6 * kSms), 1, 16);
    const double moved = 12.0 * static_cast<double>(k * together);
    const WarpCode code =
        together > 1 ? WarpCode{1, 39, 879, 192, 7, 300, 6550} : WarpCode{1, 39, 1466, 320, 12, 389, 6550};
    return launch({ceil_div(rows, together), static_cast<int>(16 * together), 6656, moved, moved, code, 1});
}

// Each row of `width` floats to its sum; 512 threads a block.
Launch row_sums(std::int64_t rows, std::int64_t width) {
    const std::int64_t rows_each = 512 / width;
    const double read = 4.0 * static_cast<double>(width * std::min(rows, rows_each));
    return launch({ceil_div(rows, rows_each),
                   512,
                   16,
                   read,
                   4.0 * static_cast<double>(std::min(rows, rows_each)),
                   {1, 32, 170, 57, 0, 8, 2330},
                   3});
}

Launch clear(std::int64_t bytes_out) {
    const WarpCode code{1, 16, 23, 5, 0, 4, 100};
    return pointwise(ceil_div(bytes_out, 4), 1024, 0, 4, code);
}
Launch device_copy(std::int64_t bytes_each_way) {
    const WarpCode code{1, 16, 40, 12, 0, 8, 170};
    return pointwise(ceil_div(bytes_each_way, 4), 1024, 4, 4, code);
}

// sigmoid; plus bias; best two of each of 8 groups; best 4 groups; their mask; best 8 experts; weights.
std::vector<Launch> router_topk(std::int64_t tokens, std::int64_t experts) {
    constexpr std::int64_t kGroups = 8, kKept = 4, kBest = 8;
    const std::int64_t all = tokens * experts, groups = tokens * kGroups, best = tokens * kBest;
    const WarpCode sigmoid{1, 32, 174, 33, 16, 16, 976}, add{1, 18, 111, 39, 0, 6, 1928},
        copy{1, 18, 90, 33, 0, 4, 910};
    const WarpCode compare{1, 32, 54, 31, 0, 8, 470}, invert{1, 26, 56, 31, 0, 6, 280}, mask{1, 32, 51, 28, 0, 12, 400};
    const WarpCode scatter{1, 32, 477, 171, 0, 20, 2940}, gather{1, 32, 542, 201, 0, 28, 8070};
    const WarpCode divide{1, 19, 129, 38, 4, 6, 1100}, scale{1, 32, 29, 3, 0, 8, 90};
    return {pointwise(all, 1024, 4, 4, sigmoid),
            pointwise(all, 256, 4, 4, add),
            radix_select(groups, experts / kGroups, 2),
            bitonic_sort(groups, 2),
            row_sums(groups, 2),
            radix_select(tokens, kGroups, kKept),
            bitonic_sort(tokens, kKept),
            clear(4 * groups),
            pointwise(tokens * kKept, 1024, 8, 4, scatter),
            pointwise(all, 256, 0.125, 4, copy),
            pointwise(all, 1024, 4, 1, compare),
            pointwise(all, 1024, 1, 1, invert),
            device_copy(4 * all),
            pointwise(all, 1024, 5, 4, mask),
            radix_select(tokens, experts, kBest),
            bitonic_sort(tokens, kBest),
            pointwise(best, 1024, 12, 4, gather),
            row_sums(tokens, kBest),
            pointwise(best, 256, 4, 4, divide),
            pointwise(best, 1024, 4, 4, scale)};
}

// Stable sort of n 64-bit keys with their positions: histograms of all digits, then a pass a digit ("onesweep"):
// each block ranks 12 keys a thread and finds its place by looking back along the blocks before it.
std::vector<Launch> radix_sort(std::int64_t n) {
    constexpr int kDigits = 8, kThreads = 384;
    constexpr std::int64_t kBlockKeys = 12 * kThreads, kWidest = 2 * kSms, kHistogramBlocks = 7 * kSms;
    constexpr double kLink = 89;  // cycles for one block more to look back over (8 against 57 blocks)
    const std::int64_t blocks = ceil_div(n, kBlockKeys);
    const double chain = kLink * static_cast<double>(std::min(blocks, kWidest));
    const double moved = 16.0 * static_cast<double>(n) / static_cast<double>(blocks);
    const double histogram_keys = static_cast<double>(n) / static_cast<double>(kHistogramBlocks);
    std::vector<Launch> all = {
        device_copy(8 * n),
        pointwise(n, 1024, 0, 8, {1, 26, 77, 29, 3, 6, 1172}),
        clear(4096),
        clear(4096),
        launch({kHistogramBlocks, 128, 8192, 8.0 * histogram_keys, 8, {1, 72, 308, 58, 0, 60, 3200}, 3}),
        launch({kDigits, 256, 2336, 2048, 2048, {1, 32, 33, 9, 0, 16, 530}, 1})};
    for (int digit = 0; digit < kDigits; ++digit) {
        // Only the lowest digit of an expert's number differs: the others rank equal keys, which takes fewer steps.
        const WarpCode spread{1, 80, 1182, 599, 24, 430, 11240 + chain}, equal{1, 80, 429, 162, 3, 110, 5380 + chain};
        all.push_back(clear(1024 * blocks));
        all.push_back(launch({blocks, kThreads, 38912, moved, moved, digit == 0 ? spread : equal, 5}));
    }
    return all;
}

// zeros(256).index_add_(ids, 1): a warp's 32 additions are as many sector operations, on the few slices of the L2 that
// hold the counters; every warp waits for all others there.
std::vector<Launch> count_ids(std::int64_t n) {
    constexpr std::int64_t kCounters = 256, kLine = 128;
    constexpr double kSliceRate = 52.9 / 96;  // sectors per clock (micro G.atomics, red.f32 on random words: 96 slices)
    const double lines = static_cast<double>(kCounters * 4 / kLine);
    const std::int64_t blocks = std::min(ceil_div(n, 128), 8 * kSms);
    const double ids = static_cast<double>(n) / static_cast<double>(blocks);
    const WarpCode add{1, 32, 144, 38, 12, 8, 700 + static_cast<double>(n) / (lines * kSliceRate)};
    return {clear(4 * kCounters), launch({blocks, 128, 0, 8.0 * ids, 4, add, 0})};
}

}  // namespace

std::vector<Launch> framework_launches(const std::string& family, const JsonCursor& shape) {
    if (family == "router_topk_torch") {
        const std::int64_t experts = shape.count("E");
        if (experts % 8 != 0 || experts < 16 || experts > 1024) {
            shape.at("E").fail("expected 8 groups of 2 to 128 experts");
        }
        return router_topk(shape.count("T"), experts);
    }
    if (family == "sort_expert_ids_torch") { return radix_sort(shape.count("n")); }
    if (family == "count_experts_torch") { return count_ids(shape.count("n")); }
    return {};
}

}  // namespace tessera::measured
