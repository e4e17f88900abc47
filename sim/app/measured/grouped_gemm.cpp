#include "sim/app/measured/grouped_gemm.hpp"

#include "sim/app/measured/gemm.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera::measured {
namespace {

// What torch 2.11 instantiates for Hopper (ATen/native/cuda/GroupMM.cu and ScaledGroupMM.cu): 128 x 256 cooperative, or
// 64 x 128 ping-pong where groups are small, clusters of two along m; the shared memory of both is that of the
// profiled kernels (231,424 and 215,040 B in FP8; 215,040 and 206,848 B in BF16).
GemmTiling torch_tile(bool fp8, bool small) {
    GemmTiling t;
    t.bm = small ? 64 : 128;
    t.bn = small ? 128 : 256;
    t.bk = fp8 || small ? 128 : 64;
    t.cluster = 2;
    t.consumers = small ? ConsumerStyle::pingpong : ConsumerStyle::cooperative;
    return t;
}

constexpr std::int64_t kSmallRows = 128;  // per group, and below: the small tile
constexpr std::int64_t kMostGroups = 4096;

std::vector<std::int64_t> sizes_of(const JsonCursor& members, std::int64_t rows, std::int64_t groups) {
    std::vector<std::int64_t> out;
    if (members.has("sizes") && members.at("sizes").value().is_array()) {
        for (const JsonCursor& s : members.at("sizes").items()) {
            if (s.integer() < 0) { s.fail("a group cannot be negative"); }
            out.push_back(s.integer());
        }
        return out;
    }
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
    g.tiling = torch_tile(fp8, m / groups <= kSmallRows);
    Launch launch{g, 0};
    if (members.has("kernels")) {
        for (const JsonCursor& k : members.at("kernels").items()) {
            const std::int64_t blocks = profiled(k).blocks();
            if (blocks > 1) { launch.sms = static_cast<int>(std::min<std::int64_t>(blocks, 132)); }
        }
    }
    return {preparation(groups), launch};
}

}  // namespace tessera::measured
