#include "sim/app/measured/grouped_gemm.hpp"

#include "sim/app/measured/gemm.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::measured {
namespace {

// What torch 2.11 picks for Hopper from the mean rows of a group, n and k (ATen/native/cuda/GroupMM.cu and
// ScaledGroupMM.cu). FP8 accumulates in the Tensor Core alone (fast_accum) unless the case says otherwise; partial
// sums in registers leave room for half the tile.
struct Choice {
    GemmTiling tiling;
    bool promoted = false;
};

Choice torch_choice(bool fp8, bool fast, std::int64_t m, std::int64_t n, std::int64_t k) {
    const bool small = m <= 128 || n <= 128;
    const bool large = (m >= 2048 && k >= 2048) || (m >= 2048 && n >= 2048) || (k >= 2048 && n >= 2048);
    GemmTiling t;
    t.padded = t.group_descriptors = true;
    t.cluster = 2;
    t.cluster_across = fp8 ? 2 : 1;
    t.consumers = ConsumerStyle::cooperative;
    if (small) {
        t.bm = 64;
        t.consumers = ConsumerStyle::pingpong;
    } else if (fp8 && large) {
        t.bm = fast ? 256 : 128;
    } else {
        t.bn = 256;
        t.bk = 64;
    }
    t.epilogue_parts = t.bm * t.bn / (std::min(t.bm, 128) * 32);  // EpilogueTileAuto
    return {t, fp8 && !fast};
}

// CUTLASS's persistent grid (PersistentTileSchedulerSm90): clusters that fit into GPCs of 18 SMs, and into the rest.
int persistent_grid(int sms, int cluster) {
    constexpr int gpc = 18;
    if (sms < gpc) { return sms / cluster * cluster; }
    return sms / gpc * (gpc / cluster * cluster) + sms % gpc / cluster * cluster;
}

constexpr std::int64_t kMostGroups = 4096;
constexpr int kSms = 132;        // of an H200
constexpr int kPromotion = 128;  // elements of k: CUTLASS promotes after every four FP8 wgmmas

// Value that a normal distribution stays below with probability `share`.
double normal_quantile(double share) {
    double low = -8, high = 8;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (0.5 * std::erfc(-middle / std::sqrt(2.0)) < share ? low : high) = middle;
    }
    return low;
}

// Rows that do not divide among their groups come from groups of different sizes, which the records do not list: the
// measuring program draws them lognormal with sigma 0.8, in steps of 16 rows. Their quantiles, large and small in turn.
constexpr std::int64_t kUnevenStep = 16;
std::vector<std::int64_t> uneven_sizes(std::int64_t rows, std::int64_t groups) {
    constexpr double sigma = 0.8;
    std::vector<double> weights;
    double sum = 0;
    for (std::int64_t g = 0; g < groups; ++g) {
        const std::int64_t rank = g % 2 == 0 ? groups - 1 - g / 2 : g / 2;
        const double share = (static_cast<double>(rank) + 0.5) / static_cast<double>(groups);
        weights.push_back(std::exp(sigma * normal_quantile(share)));
        sum += weights.back();
    }
    std::vector<std::int64_t> out;
    std::int64_t left = rows;
    for (const double w : weights) {
        const double wanted = w / sum * static_cast<double>(rows) / kUnevenStep;
        const std::int64_t least = std::max<std::int64_t>(1, static_cast<std::int64_t>(wanted + 0.5)) * kUnevenStep;
        out.push_back(std::min(least, left));
        left -= out.back();
    }
    out.front() += left;  // the largest takes what rounding left
    return out;
}

std::vector<std::int64_t> sizes_of(const JsonCursor& members, std::int64_t rows, std::int64_t groups) {
    std::vector<std::int64_t> out;
    if (members.has("sizes") && members.at("sizes").value().is_array()) {
        for (const JsonCursor& s : members.at("sizes").items()) {
            if (s.integer() < 0) { s.fail("a group cannot be negative"); }
            out.push_back(s.integer());
        }
        return out;
    }
    if (groups > 1 && rows % groups != 0 && rows >= groups * kUnevenStep) { return uneven_sizes(rows, groups); }
    for (std::int64_t g = 0; g < groups; ++g) { out.push_back((g + 1) * rows / groups - g * rows / groups); }
    return out;
}

// The kernel that writes every group's problem size and addresses: one small block, a handful of loads and stores.
Launch preparation(std::int64_t groups) {
    StreamDesc d;
    d.kind = StreamKind::map;
    d.rows = groups;
    d.cols = 16;
    Operand in;
    in.dtype = DType::int32;
    in.rows = groups;
    in.cols = 1;
    Operand out = in;
    out.cols = 16;
    d.reads = {in};
    d.writes = {out};
    d.tile_rows = groups;
    d.threads = 32;
    d.load_bytes_in_flight = bytes(4);
    return {d, 0};
}

}  // namespace

std::vector<Launch> grouped_gemm_launches(const JsonCursor& members) {
    const JsonCursor shape = members.at("shape");
    const std::int64_t groups = shape.count("G"), m = shape.count("M");
    if (groups > kMostGroups) { shape.at("G").fail("more groups than a launch can have"); }
    const std::string dtype = members.text("dtype");
    if (dtype != "fp8" && dtype != "bf16") { throw ModelError("a grouped GEMM of dtype \"" + dtype + "\""); }
    const bool fp8 = dtype == "fp8";
    GemmDesc g = gemm_of_variant(fp8 ? "fp8_row" : "bf16_tn", m, shape.count("N"), shape.count("K"));
    g.form = GemmForm::grouped_m;
    g.group_sizes = sizes_of(members, m, groups);
    g.b.rows = g.n * groups;
    const Choice choice = torch_choice(fp8, members.boolean_or("fast_accum", true), m / groups, g.n, g.k);
    g.tiling = choice.tiling;
    if (choice.promoted) { g.promotion_interval = kPromotion; }
    Launch launch{g, persistent_grid(kSms, g.tiling->cluster * g.tiling->cluster_across)};
    if (members.has("kernels")) {
        for (const JsonCursor& k : members.at("kernels").items()) {
            const std::int64_t blocks = profiled(k).blocks();
            if (blocks > 1) { launch.sms = static_cast<int>(std::min<std::int64_t>(blocks, kSms)); }
        }
    }
    return {preparation(groups), launch};
}

}  // namespace tessera::measured
