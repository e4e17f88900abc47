// Stream and attention kernels keep the order that physics keeps: more of a resource is never slower, more work never
// faster, and no simulation beats the roofline.
#include "models/analytic/analytic_timer.hpp"
#include "models/device/device.hpp"
#include "sim/ir/stream_kernels.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
namespace sk = tessera::stream_kernels;
using tessera::testing::h200;

namespace {

// Bulk steps of many SMs meet in queues, banks and refresh windows, and a change of any rate shifts who meets whom.
constexpr double kNoise = 1.06;

Operand operand(DType t, std::int64_t rows, std::int64_t cols) {
    Operand o;
    o.dtype = t;
    o.rows = rows;
    o.cols = cols;
    return o;
}

std::vector<KernelDesc> kernels() {
    AttentionDesc a;
    a.heads = a.kv_heads = 16;
    a.q_len = a.kv_len = 2048;
    a.d_qk = 192;
    a.d_v = 128;
    AttentionDesc b = a;
    b.pass = AttentionPass::backward;
    AttentionDesc c;
    c.pass = AttentionPass::decode;
    c.batch = 8;
    c.heads = 128;
    c.kv_heads = 1;
    c.q_len = 1;
    c.kv_len = 4096;
    c.d_qk = 576;
    c.d_v = 512;
    GemmDesc fp8;
    fp8.m = 4096;
    fp8.n = 2048;
    fp8.k = 7168;
    fp8.scale = ScaleMode::block_1x128_128x128;
    fp8.promotion_interval = 128;
    fp8.a = operand(DType::fp8_e4m3, fp8.m, fp8.k);
    fp8.b = operand(DType::fp8_e4m3, fp8.n, fp8.k);
    fp8.d = operand(DType::bf16, fp8.m, fp8.n);
    GemmDesc bf16 = fp8;
    bf16.scale = ScaleMode::none;
    bf16.promotion_interval = 0;
    bf16.a.dtype = bf16.b.dtype = DType::bf16;
    return {fp8,
            bf16,
            sk::per_token_cast(4096, 7168),
            sk::per_channel_cast_transpose(4096, 7168),
            sk::per_channel_cast_transpose(4096, 2048, sk::CastSource::fp8_rows_by_map, 3000),
            sk::cast_back(4096, 4096, 112),
            sk::special_cast_e5m6(1024, 16384),
            sk::transpose_fp8(7168, 2048),
            sk::scale_transpose(4096, 56),
            sk::swiglu_cast(4096, 2048),
            sk::swiglu_backward(4096, 2048),
            sk::rms_norm(4096, 7168, 396),
            sk::rms_norm_backward(4096, 7168, 132),
            sk::rope(1024, 128),
            sk::elementwise_add(4096, 7168),
            sk::expand(8192, 7000, 7168),
            sk::weighted_reduce(8192, 7000, 7168),
            sk::attention_preprocess(1024, 128, 128, 192),
            sk::router_topk_radix(1024, 256, 8),
            a,
            b,
            c};
}

std::vector<double> times(const SystemConfig& system, int sms = 0) {
    DeviceTimer device(system);
    KernelContext context;
    context.sms = sms;
    std::vector<double> out;
    for (const KernelDesc& k : kernels()) { out.push_back(to_microseconds(device.time(k, context).time)); }
    return out;
}

std::string name(std::size_t i) {
    const KernelDesc k = kernels()[i];
    const auto* s = std::get_if<StreamDesc>(&k);
    return std::string(s != nullptr ? to_string(s->kind) : kind_name(k));
}

void never_slower(const std::vector<double>& more, const std::vector<double>& base) {
    for (std::size_t i = 0; i < base.size(); ++i) {
        CAPTURE(name(i), base[i], more[i]);
        CHECK(more[i] <= base[i] * kNoise);
    }
}

double time_us(DeviceTimer& device, const KernelDesc& k) { return to_microseconds(device.time(k, {}).time); }

}  // namespace

TEST_CASE("more HBM bandwidth is never slower", "[property]") {
    SystemConfig faster = h200();
    faster.hbm.peak = faster.hbm.peak * 1.5;
    never_slower(times(faster), times(h200()));
}

TEST_CASE("more L2 bandwidth and lower latency are never slower", "[property]") {
    SystemConfig faster = h200();
    faster.l2.bandwidth = faster.l2.bandwidth * 1.5;
    faster.l2.write_bandwidth = faster.l2.write_bandwidth * 1.5;
    faster.l2.latency_near = faster.l2.latency_near * 0.5;
    faster.l2.latency_far = faster.l2.latency_far * 0.5;
    never_slower(times(faster), times(h200()));
}

TEST_CASE("more CUDA-core lanes are never slower", "[property]") {
    SystemConfig faster = h200();
    faster.sm.cuda.fp32_lanes *= 2;
    faster.sm.cuda.sfu_lanes *= 2;
    faster.sm.cuda.convert_lanes *= 2;
    faster.sm.cuda.issue_slots *= 2;
    never_slower(times(faster), times(h200()));
}

TEST_CASE("all SMs are not slower than half of them", "[property]") {
    never_slower(times(h200(), 132), times(h200(), 66));
}

TEST_CASE("no simulation is faster than the roofline", "[property]") {
    DeviceTimer device(h200());
    AnalyticTimer analytic(h200());
    for (const int sms : {132, 112, 20}) {
        KernelContext context;
        context.sms = sms;
        for (const KernelDesc& k : kernels()) {
            const KernelResult bound = analytic.time(k, context), simulated = device.time(k, context);
            const auto* s = std::get_if<StreamDesc>(&k);
            CAPTURE(sms, s != nullptr ? to_string(s->kind) : kind_name(k), to_microseconds(bound.time));
            CHECK(simulated.time >= bound.time);
        }
    }
}

TEST_CASE("a long read stream reaches the efficient share of the peak", "[property]") {
    DeviceTimer device(h200());
    StreamDesc d = sk::elementwise(1, std::int64_t{1} << 28, 1, DType::fp32, DType::fp32);  // 1 GiB
    d.writes[0].cols = 1;
    d.load_bytes_in_flight = bytes(64);
    d.tile_cols = 2048;
    const double rate = to_double(d.reads[0].size()) / time_us(device, d) * 1e6;
    const double limit = h200().hbm.peak.raw() * h200().hbm.read_efficiency;
    CHECK(rate == Approx(limit).epsilon(0.03));
    CHECK(rate < limit);
}

TEST_CASE("a transpose costs more than a copy of the same bytes", "[property]") {
    DeviceTimer device(h200());
    const StreamDesc transpose = sk::transpose_fp8(8192, 8192);
    StreamDesc copy = transpose;
    copy.reads[0].access = copy.writes[0].access = Access::contiguous;
    copy.smem_bytes_per_element = 0;
    copy.sync_steps = 0;
    CHECK(time_us(device, transpose) > 1.05 * time_us(device, copy));
}

TEST_CASE("a starved cast instruction makes a cast slower, a fast one never does", "[property]") {
    StreamDesc d = sk::per_token_cast(4096, 7168);
    DeviceTimer today(h200());
    const double software = time_us(today, d);
    d.warp_cast = true;
    SystemConfig proposed = h200();
    proposed.sm.cuda.warp_cast = true;
    double last = 1e9;
    for (const double rate : {1.0, 4.0, 16.0, 64.0}) {
        proposed.sm.cuda.warp_cast_elements_per_clk = rate;
        DeviceTimer device(proposed);
        const double us = time_us(device, d);
        CHECK(us <= last * kNoise);
        last = us;
        if (rate == 1.0) { CHECK(us > software); }
    }
    CHECK(last <= software * kNoise);
}

TEST_CASE("logic beside the memory that halves the bytes makes a cast faster that the memory limits", "[property]") {
    SystemConfig near = h200();
    near.hbm.near_memory_cast = true;
    near.hbm.cast_throughput = gb_per_second(60);
    near.hbm.core_rate = 2;
    DeviceTimer today(h200()), device(near);
    StreamDesc d = sk::per_token_cast(16384, 7168, DType::bf16, sk::CastCode::multiply);
    const double before = time_us(today, d);
    d.reads[0].near_memory_ratio = 0.51;
    CHECK(time_us(device, d) < 0.85 * before);
}

TEST_CASE("the fast path stays within half a percent of the exact one", "[property]") {
    DeviceTimer device(h200());
    KernelContext fast, exact;
    exact.exact = true;
    for (const StreamDesc& d : {sk::per_token_cast(32768, 7168), sk::swiglu_backward(32768, 2048),
                                sk::rms_norm(16384, 7168, 396), sk::elementwise_add(16384, 7168),
                                sk::per_channel_cast_transpose(16384, 7168), sk::expand(32768, 30000, 7168)}) {
        const KernelResult f = device.time(d, fast), e = device.time(d, exact);
        CAPTURE(to_string(d.kind), to_microseconds(e.time));
        CHECK(f.time / e.time == Approx(1.0).epsilon(0.005));
        CHECK(to_double(f.traffic.hbm()) == Approx(to_double(e.traffic.hbm())).epsilon(1e-4));
        CHECK(f.traffic.l2_read == e.traffic.l2_read);
    }
}

TEST_CASE("a persistent grid's loops are skipped within six percent", "[property]") {
    // Its lanes drift into and out of step all the way: the exact run's rate changes by 5 % from stretch to stretch.
    DeviceTimer device(h200());
    KernelContext exact;
    exact.exact = true;
    const StreamDesc d = sk::cast_back(32768, 4096, 132);
    const KernelResult f = device.time(d, {}), e = device.time(d, exact);
    CHECK(f.time / e.time == Approx(1.0).epsilon(0.06));
    CHECK(f.traffic.l2_write == e.traffic.l2_write);
}

TEST_CASE("a kernel's time does not depend on what ran before it", "[property]") {
    DeviceTimer first(h200());
    const double alone = time_us(first, sk::rms_norm(512, 1536, 396));
    DeviceTimer second(h200());
    time_us(second, sk::per_token_cast(777, 7168));
    CHECK(time_us(second, sk::rms_norm(512, 1536, 396)) == alone);
}
