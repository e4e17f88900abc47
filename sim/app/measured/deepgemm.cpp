// DeepGEMM's kernels, with the configuration each row names.
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/gemm.hpp"
#include "sim/base/error.hpp"

#include <numeric>

namespace tessera::measured {
namespace {

GemmTiling tiling_of(const JsonCursor& cfg) {
    const auto extent = [&](const char* key) {
        const std::int64_t v = cfg.count(key);
        if (v > 1024) { cfg.at(key).fail("no tile is so large"); }
        return static_cast<int>(v);
    };
    GemmTiling t;
    t.bm = extent("block_m");
    t.bn = extent("block_n");
    t.bk = extent("block_k");
    t.stages = extent("num_stages");
    t.cluster = extent("cluster_m") * extent("cluster_n");
    t.multicast_a = extent("cluster_n") > 1;
    return t;
}

constexpr std::int64_t kMostGroups = 4096;
constexpr std::int64_t kMostRows = 1 << 30;

// Rows (or k) of every group: a list, or `groups` times the same.
std::vector<std::int64_t> groups_of(const JsonCursor& row, const char* list, const char* each) {
    std::vector<std::int64_t> out;
    if (row.has(list)) {
        for (const JsonCursor& size : row.at(list).items()) {
            const std::int64_t n = size.integer();
            if (n < 0 || n > kMostRows) { size.fail("no group has so many rows"); }
            out.push_back(n);
        }
        if (out.empty()) { row.at(list).fail("expected at least one group"); }
        return out;
    }
    const std::int64_t n = row.count("groups");
    if (n > kMostGroups) { row.at("groups").fail("more groups than a launch can have"); }
    out.assign(static_cast<std::size_t>(n), row.count(each));
    return out;
}

}  // namespace

std::vector<Launch> deepgemm_launches(const JsonCursor& row) {
    const std::string kind = row.text("kind");
    if (kind == "cublas_bf16") {  // cuBLASLt beside it, tile not recorded
        return library_gemm(gemm_of_variant("bf16_tn", row.count("m"), row.count("n"), row.count("k")), row);
    }
    const bool by_rows = kind == "mgc" || kind == "mgm", by_k = kind == "kg";
    if (kind != "fp8" && kind != "bf16" && kind != "wgrad" && !by_rows && !by_k) {
        throw ModelError("no DeepGEMM kernel is known as \"" + kind + "\"");
    }
    std::vector<std::int64_t> groups;
    if (by_rows) { groups = groups_of(row, "ms", "m"); }
    if (by_k) { groups = groups_of(row, "ks", "kpg"); }
    const std::int64_t sum = std::accumulate(groups.begin(), groups.end(), std::int64_t{0});
    const std::int64_t m = by_rows ? sum : row.count("m"), k = by_k ? sum : row.count("k");
    const bool wgrad = kind == "wgrad" || by_k;
    GemmDesc g =
        gemm_of_variant(kind == "bf16" ? "bf16_tn" : (wgrad ? "fp8_block11" : "fp8_block"), m, row.count("n"), k);
    g.group_sizes = groups;
    const auto count = static_cast<std::int64_t>(groups.size());
    if (by_rows) {
        g.form = kind == "mgc" ? GemmForm::grouped_m : GemmForm::masked_m;
        g.b.rows = g.n * count;
    }
    if (by_k) {
        g.form = GemmForm::grouped_k;
        g.d.rows = g.m * count;
    }
    if (wgrad) {
        g.d.dtype = DType::fp32;
        g.accumulate = true;
    }
    if (row.at("cfg").has("block_m")) { g.tiling = tiling_of(row.at("cfg")); }
    return {{g, sms_of(row.at("sms"))}};
}

}  // namespace tessera::measured
