// Kernels in the structure of the training trace and a framework's router kernels, as scripts/silicon/structures ran
// them on an H200: profiler durations on 132, 112 and 20 SMs. Instruction counts of the factories come from the same
// file; times do not.
#include "models/device/device.hpp"
#include "sim/base/json.hpp"
#include "sim/ir/stream_kernels.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

using namespace tessera;
using tessera::testing::h200;
namespace sk = tessera::stream_kernels;

namespace {

constexpr std::int64_t kTokens = 4096, kExperts = 256, kTopK = 8;

StreamDesc norm(std::int64_t cols, int grid, bool residual) {
    const bool wide = cols == 7168;
    sk::Geometry g;
    g.tile_rows = wide ? 1 : 4;
    g.registers = wide ? 128 : cols == 1536 ? 90 : 48;
    g.smem = bytes(wide ? 64 : 0);
    g.load_bytes_in_flight = storage(DType::bf16, cols / (wide ? 128 : 32) * (residual ? 2 : 1));
    return sk::with_geometry(sk::rms_norm(kTokens, cols, grid, residual), g);
}

StreamDesc small(std::int64_t cols, DType in, DType out, sk::SmallKernel form) {
    return sk::router_small(kTokens, cols, in, out, form);
}

// Each record that a factory describes. Operands of "cold" and of the runs with few SMs are not in L2.
std::map<std::string, StreamDesc> described() {
    using S = sk::SmallKernel;
    constexpr DType f32 = DType::fp32, i64 = DType::int64;
    std::map<std::string, StreamDesc> m;
    for (const std::int64_t cols : {512, 1536, 7168, 16384}) {
        const std::string shape = " 4096x" + std::to_string(cols);
        m["cast_16B" + shape] = sk::per_token_cast(kTokens, cols, DType::bf16, sk::CastCode::multiply);
        m["cast_8B_divide" + shape] = sk::per_token_cast(kTokens, cols);
    }
    m["e5m6_warp 4096x16384"] = sk::special_cast_e5m6(kTokens, 16384);
    m["e5m6_back 4096x16384"] = sk::special_cast_back_e5m6(kTokens, 16384, 896);
    m["norm 4096x7168 residual 0 grid 396"] = norm(7168, 396, false);
    m["norm 4096x7168 residual 1 grid 396"] = norm(7168, 396, true);
    m["norm 4096x1536 residual 0 grid 396"] = norm(1536, 396, false);
    m["norm 4096x512 residual 0 grid 924"] = norm(512, 924, false);
    for (const std::int64_t cols : {4, 12, 16, 32, 56, 128}) {
        m["turn4 4096x" + std::to_string(cols)] = sk::scale_transpose(kTokens, cols);
    }
    m["scale_copy_56"] = sk::scale_copy(32512, 56);
    m["scale_copy_32"] = sk::scale_copy(32512, 32);
    m["scale_copy_16"] = sk::scale_copy(31104, 16);
    m["topk8"] = sk::router_topk_radix(kTokens, kExperts, kTopK);
    m["neg"] = small(kExperts, f32, f32, S::vectorized);
    m["cast_bf16"] = small(kExperts, f32, DType::bf16, S::vectorized);
    m["cast_fp32"] = small(kExperts, DType::bf16, f32, S::cast);
    m["to_long"] = small(kTopK, DType::int32, i64, S::cast);
    m["gather"] = small(kTopK, i64, f32, S::scatter);
    m["scatter_mask"] = small(4, i64, DType::u8, S::scatter);
    m["sum_scores"] = small(kExperts, f32, f32, S::row_sum);
    m["sum_topk"] = small(kTopK, f32, f32, S::row_sum);
    StreamDesc broadcast = small(kExperts, f32, f32, S::generic);
    broadcast.reads.push_back(broadcast.reads.front());
    broadcast.reads.back().cols = 1;
    m["div_scores"] = m["add_broadcast"] = broadcast;
    m["zeros_1m"] = sk::fill(kTokens, kExperts, f32);
    m["ones_like"] = sk::fill(kTokens, kTopK, f32);
    m["zeros_256"] = sk::fill(1, kExperts, f32);
    return m;
}

double quantile(std::vector<double> v, double q) {
    std::sort(v.begin(), v.end());
    return v[std::min(v.size() - 1, static_cast<std::size_t>(q * static_cast<double>(v.size())))];
}

std::vector<double> errors(const char* context, int free_sms) {
    const JsonValue file =
        read_json_file(std::string(TESSERA_SOURCE_DIR) + "/tests/validation/h200_micro_extra/structures.json");
    const std::map<std::string, StreamDesc> kernels = described();
    DeviceTimer device(h200());
    KernelContext condition;
    condition.sm_clock = megahertz(file.find("sm_mhz")->as_double());
    condition.sms = free_sms;
    std::vector<double> out;
    for (const JsonValue& r : file.find("records")->items()) {
        const auto kernel = kernels.find(r.find("id")->as_string());
        const JsonValue* us = r.find("us")->find(context);
        if (kernel == kernels.end() || us == nullptr) { continue; }
        const double predicted = to_microseconds(device.time(kernel->second, condition).time);
        out.push_back(predicted / us->as_double() - 1.0);
        std::printf("%-36s %-9s %8.2f %8.2f us %+6.1f%%\n", kernel->first.c_str(), context, us->as_double(), predicted,
                    100 * out.back());
    }
    return out;
}

std::vector<double> sizes(std::vector<double> v) {
    for (double& x : v) { x = std::abs(x); }
    return v;
}

}  // namespace

TEST_CASE("kernels in the trace's structure stay within their tolerance on the whole device", "[validation]") {
    const std::vector<double> e = sizes(errors("cold", 132));
    REQUIRE(e.size() > 35);
    CHECK(quantile(e, 0.5) < 0.20);
    CHECK(quantile(e, 0.9) < 0.50);
}

TEST_CASE("kernels in the trace's structure stay within their tolerance beside resident kernels", "[validation]") {
    const std::vector<double> few = sizes(errors("free_20", 20)), most = sizes(errors("free_112", 112));
    REQUIRE(few.size() >= 10);
    REQUIRE(most.size() >= 10);
    CHECK(quantile(few, 0.5) < 0.20);
    CHECK(quantile(most, 0.5) < 0.20);
}
