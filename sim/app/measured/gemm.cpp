#include "sim/app/measured/gemm.hpp"

#include "sim/base/error.hpp"
#include "sim/ir/stream_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tessera::measured {
namespace {

constexpr int kSms = 132;  // of an H200, and of a persistent grid that uses all

// cuBLASLt's kernels store a tile in parts through two buffers: every profiled one has 16 KiB of shared memory beside
// its stages.
constexpr std::int64_t kStorePart = 8192;

// The column-major problem that the library solves: rows and columns change places.
void swap_sides(GemmDesc& g) {
    std::swap(g.m, g.n);
    std::swap(g.a, g.b);
    std::swap(g.a_k_major, g.b_k_major);
    std::swap(g.d.rows, g.d.cols);
}

LibraryTile tile_of_member(const JsonCursor& tile) {
    LibraryTile t;
    const auto extent = [&](const char* key) {
        const std::int64_t v = tile.count(key);
        if (v > 1024) { tile.at(key).fail("no tile is so large"); }
        return static_cast<int>(v);
    };
    t.m = extent("m");
    t.n = extent("n");
    t.k = extent("k");
    t.stages = extent("stages");
    t.cluster_m = extent("cluster_m");
    t.cluster_n = extent("cluster_n");
    t.cooperative = t.m * t.n > 128 * 64 * 2;
    return t;
}

// Puts the library's tile on a row-major GEMM. The rows of a tile are those of the wgmma, a multiple of 64: where
// only the other side is one, the kernel computes the problem unswapped.
void apply(const LibraryTile& t, GemmDesc& g) {
    GemmTiling tiling;
    tiling.bk = t.k;
    tiling.stages = t.stages;
    tiling.epilogue_parts = static_cast<int>((storage(g.d.dtype, t.m * t.n).raw() + kStorePart - 1) / kStorePart);
    tiling.cluster = std::max(t.cluster_m, t.cluster_n);
    tiling.cluster_across = std::min(t.cluster_m, t.cluster_n);
    g.a_k_major = g.a_k_major && t.b_k_major;
    g.b_k_major = g.b_k_major && t.a_k_major;
    const bool across = t.cluster_n > t.cluster_m;
    if (t.m % 64 != 0 && t.n % 64 == 0) {
        tiling.bm = t.n;
        tiling.bn = t.m;
        tiling.multicast_a = !across;
    } else {
        swap_sides(g);
        tiling.bm = t.m;
        tiling.bn = t.n;
        tiling.multicast_a = across;
    }
    if (t.cooperative) {
        tiling.consumers = g.promotion_interval > 0 ? ConsumerStyle::automatic : ConsumerStyle::cooperative;
    } else {
        tiling.consumers = ConsumerStyle::pingpong;
    }
    g.tiling = tiling;
}

// cuBLASLt 13 has one block-scaled FP8 kernel for Hopper: 128 x 128 x 128, six stages, two cooperative warpgroups
// (every block-scaled case of the measured set).
LibraryTile block_scaled_tile() {
    LibraryTile t;
    t.m = t.n = t.k = 128;
    t.stages = 6;
    t.cluster_m = 2;
    t.cooperative = t.promoted = true;
    return t;
}

std::optional<LibraryTile> tile_of(const GemmDesc& g, const std::vector<Profiled>& kernels, const JsonCursor& members) {
    for (const Profiled& k : kernels) {
        if (const auto tile = library_tile(k.name)) { return tile; }
    }
    if (members.has("tile")) { return tile_of_member(members.at("tile")); }
    const bool blocks = g.scale == ScaleMode::block_1x128_128x128 || g.scale == ScaleMode::block_1x128_1x128;
    if (blocks) { return block_scaled_tile(); }
    return {};
}

}  // namespace

GemmDesc gemm_of_variant(const std::string& variant, std::int64_t m, std::int64_t n, std::int64_t k) {
    GemmDesc g;
    g.m = m;
    g.n = n;
    g.k = k;
    const bool bf16 = variant.rfind("bf16", 0) == 0;
    if (variant == "bf16_nn" || variant == "bf16_nt") { g.b_k_major = false; }
    if (variant == "bf16_nt") { g.a_k_major = false; }
    if (variant == "fp8_tensor") {
        g.scale = ScaleMode::tensor_promoted;
        g.promotion_interval = 512;  // four k-blocks: nvjet's algo2
    } else if (variant == "fp8_row") {
        g.scale = ScaleMode::row;  // in the epilogue; its kernel is not the promoting one ("algo2")
    } else if (variant == "fp8_block" || variant == "fp8_block11") {
        g.scale = variant == "fp8_block" ? ScaleMode::block_1x128_128x128 : ScaleMode::block_1x128_1x128;
        g.promotion_interval = 128;
    } else if (!bf16 && variant != "fp8_tensor_fast") {
        throw ModelError("no GEMM is known as \"" + variant + "\"");
    }
    const DType in = bf16 ? DType::bf16 : DType::fp8_e4m3;
    g.a = {"", in, m, k};
    g.b = {"", in, n, k};
    g.d = {"", DType::bf16, m, n};
    return g;
}

namespace {

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// Share of the inputs that L2 still holds when a call's turn comes again. The measuring program goes round at least
// 200 MiB of inputs, but never more than 32 sets, each with an output of its own. Going round w times the capacity of a
// cache that replaces at random, a line lives with probability h = exp(-(1 - h) w).
double kept_in_l2(const GemmDesc& g) {
    constexpr double least_inputs = 200.0 * (1 << 20), most_sets = 32, capacity = 0.667 * 60 * (1 << 20);
    const double inputs = to_double(g.a.size()) + to_double(g.b.size());
    const double sets = std::clamp(std::ceil(least_inputs / inputs), 1.0, most_sets);
    const double w = sets * (inputs + to_double(g.d.size())) / capacity;
    if (w <= 1) { return 1; }
    double h = 0;
    for (int i = 0; i < 100; ++i) { h = std::exp(-(1 - h) * w); }
    return h;
}

// Parts of k, as the grid shows them: thread blocks over output tiles, clusters filled up.
std::int64_t parts_of_k(const GemmDesc& g, const LibraryTile& t, const Profiled& kernel) {
    const std::int64_t along_m = ceil_div(ceil_div(g.n, t.m), t.cluster_m) * t.cluster_m;  // column-major: m is n
    const std::int64_t along_n = ceil_div(ceil_div(g.m, t.n), t.cluster_n) * t.cluster_n;
    const std::int64_t parts = kernel.blocks() / (along_m * along_n);
    if (parts < 2 || parts * along_m * along_n != kernel.blocks() || parts > ceil_div(g.k, t.k)) {
        throw ModelError("split-K: the grid does not show into how many parts");
    }
    return parts;
}

// cuBLASLt's splitKreduce<32, 16, ...>: blocks of 32 columns by 16 threads, each thread walks its share of the rows and
// adds the parts of an element, which the product has just left in L2, one load after another (H200 kernels.json: 625
// cycles a load).
StreamDesc reduction(const GemmDesc& product, std::int64_t parts, const Profiled& kernel) {
    constexpr std::int64_t columns = 32, threads_down = 16;
    StreamDesc sum =
        stream_kernels::elementwise(product.m, product.n, static_cast<int>(parts), DType::fp32, product.d.dtype);
    sum.rows = product.m;
    sum.cols = product.n;
    for (Operand& o : sum.reads) { o.l2_resident = 1.0; }
    const std::int64_t rows = ceil_div(product.m, std::max<std::int64_t>(kernel.gy, 1));
    const std::int64_t turns = ceil_div(rows, threads_down);
    stream_kernels::Geometry geometry;
    geometry.tile_rows = turns * threads_down;
    geometry.tile_cols = columns;
    geometry.threads = static_cast<int>(columns * threads_down);
    geometry.load_bytes_in_flight = storage(DType::fp32, 1);
    return stream_kernels::with_geometry(sum, geometry);
}

// Every part writes its own FP32 result; a second kernel adds them up.
std::vector<Launch> split(const Launch& whole, const StreamDesc& sum, std::int64_t parts) {
    GemmDesc g = std::get<GemmDesc>(whole.kernel);
    const int bk = g.tiling->bk;
    const std::int64_t blocks = ceil_div(g.k, bk);
    g.form = GemmForm::grouped_k;
    for (std::int64_t i = 0; i < parts; ++i) {
        const std::int64_t first = i * blocks / parts * bk, last = std::min(g.k, (i + 1) * blocks / parts * bk);
        g.group_sizes.push_back(last - first);
    }
    g.tiling->epilogue_parts *= bits(DType::fp32) / bits(g.d.dtype);
    g.d.dtype = DType::fp32;
    g.d.rows *= parts;
    return {{g, whole.sms}, {sum, 0}};
}

}  // namespace

std::vector<Launch> library_gemm(GemmDesc g, const JsonCursor& members) {
    std::vector<Profiled> kernels;
    if (members.has("kernels")) {
        for (const JsonCursor& k : members.at("kernels").items()) { kernels.push_back(profiled(k)); }
    }
    const std::int64_t carve = members.has("carve") ? members.at("carve").integer() : 0;
    if (carve < 0 || carve >= kSms) { members.at("carve").fail("expected fewer SMs than the GPU has"); }
    Launch launch;
    launch.sms = kSms - static_cast<int>(carve);
    if (members.text_or("out", "") == "float32") { g.d.dtype = DType::fp32; }
    const auto tile = tile_of(g, kernels, members);
    const auto reducing = std::find_if(kernels.begin(), kernels.end(), [](const Profiled& k) {
        return k.name.find("splitKreduce") != std::string::npos;
    });
    const auto product = std::find_if(kernels.begin(), kernels.end(),
                                      [](const Profiled& k) { return library_tile(k.name).has_value(); });
    std::int64_t parts = 1;
    StreamDesc sum;
    if (tile && reducing != kernels.end() && product != kernels.end()) {
        parts = parts_of_k(g, *tile, *product);
        sum = reduction(g, parts, *reducing);
    }
    if (product != kernels.end()) {  // a persistent grid; some kernels do not heed the carve-out
        launch.sms = static_cast<int>(std::min<std::int64_t>(kSms, product->blocks()));
    }
    if (tile) { apply(*tile, g); }
    if (members.has("cold_l2") && !members.at("cold_l2").boolean()) {
        g.a.l2_resident = g.b.l2_resident = kept_in_l2(g);
    }
    launch.kernel = g;
    return parts > 1 ? split(launch, sum, parts) : std::vector<Launch>{launch};
}

namespace {

// Batched products of latent attention: Q [B, H, 576] against the cache [B, L, 576] (qk), P [B, H, L] against its
// first 512 columns (pv). Every batch entry has its own operands: groups along the long side.
GemmDesc latent_attention(const std::string& family, const JsonCursor& shape) {
    const std::int64_t b = shape.count("B"), h = shape.count("H"), l = shape.count("L");
    const bool qk = family == "mla_qk";
    GemmDesc g = gemm_of_variant("bf16_tn", b * (qk ? l : 512), h, qk ? 576 : l);
    g.form = GemmForm::grouped_m;
    g.group_sizes.assign(static_cast<std::size_t>(b), qk ? l : 512);
    g.b.rows = b * h;
    g.a_k_major = qk;
    return g;
}

std::vector<Launch> batched(GemmDesc g, const JsonCursor& members) {
    std::vector<Launch> out = library_gemm(g, members);
    // The tile already lies along the groups: take the library's column-major sides as they are.
    const GemmTiling tiling = *std::get<GemmDesc>(out.front().kernel).tiling;
    g.tiling = tiling;
    out.front().kernel = g;
    return out;
}

}  // namespace

std::vector<Launch> gemm_launches(const std::string& family, const std::string& variant, const JsonCursor& members) {
    const JsonCursor shape = members.at("shape");
    if (family == "mla_qk" || family == "mla_pv") {
        if (!members.has("tile")) { throw ModelError("a batched product needs the library's tile"); }
        return batched(latent_attention(family, shape), members);
    }
    return library_gemm(gemm_of_variant(variant, shape.count("M"), shape.count("N"), shape.count("K")), members);
}

}  // namespace tessera::measured
