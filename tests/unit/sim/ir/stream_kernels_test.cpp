#include "sim/ir/stream_kernels.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
namespace sk = tessera::stream_kernels;

namespace {

std::vector<StreamDesc> all_kernels() {
    return {sk::per_token_cast(256, 1024),
            sk::per_channel_cast_transpose(256, 1024),
            sk::per_channel_cast_transpose(256, 1024, sk::CastSource::fp8),
            sk::per_channel_cast_transpose(256, 1024, sk::CastSource::fp8_rows_by_map, 200),
            sk::block_cast(256, 1024),
            sk::cast_back(256, 1024, 8),
            sk::special_cast_e5m6(256, 1024),
            sk::special_cast_back_e5m6(256, 1024, 8),
            sk::transpose_fp8(256, 1024, 3),
            sk::scale_transpose(256, 8),
            sk::scale_copy(256, 8),
            sk::swiglu(256, 1024, true),
            sk::swiglu_cast(256, 1024),
            sk::swiglu_cast_transpose(256, 1024),
            sk::swiglu_backward(256, 1024, true, true),
            sk::swiglu_weight_gradient(256, 1024),
            sk::rms_norm(256, 7168, 16, true),
            sk::rms_norm_backward(256, 7168, 16),
            sk::rms_norm_backward_finalize(16, 7168),
            sk::rope(256, 4),
            sk::elementwise_scale(256, 1024),
            sk::elementwise_add(256, 1024),
            sk::fill(256, 1024),
            sk::layout_copy(256, 1024, bytes(256), bytes(128)),
            sk::broadcast_copy(256, 64, 8),
            sk::sum_over_groups(256, 64, 8),
            sk::expand(300, 256, 1024),
            sk::weighted_reduce(300, 256, 1024),
            sk::gather_rows(300, 256, 1024),
            sk::attention_preprocess(256, 4, 128, 192),
            sk::attention_postprocess(256, 4, 192),
            sk::router_topk(256, 256, 8),
            sk::router_topk_radix(256, 256, 8),
            sk::router_small(256, 256, DType::fp32, DType::bf16, sk::SmallKernel::row_sum)};
}

}  // namespace

TEST_CASE("every stream kernel is a valid kernel with a tile and something to do", "[stream_kernels]") {
    for (const StreamDesc& d : all_kernels()) {
        CAPTURE(to_string(d.kind), d.rows, d.cols);
        CHECK_NOTHROW(validate(KernelDesc(d)));
        CHECK(d.tile_rows >= 1);
        CHECK(d.threads % 32 == 0);
        CHECK(d.cast_alu_per_element <= d.alu_per_element);
        CHECK_FALSE(d.writes.empty());
    }
}

TEST_CASE("a per-token cast moves three bytes an element and a scale per 128", "[stream_kernels]") {
    const StreamDesc d = sk::per_token_cast(4096, 7168);
    const std::int64_t n = 4096 * 7168;
    CHECK(compulsory_bytes(KernelDesc(d)) == bytes(3 * n + 4 * n / 128));
    CHECK(d.cvt_per_element == Approx(0.5));  // a packed conversion makes two values
}

TEST_CASE("an expanding cast reads each source row's bytes once and stores every expanded row", "[stream_kernels]") {
    const StreamDesc d = sk::per_channel_cast_transpose(384, 256, sk::CastSource::fp8_rows_by_map, 128);
    CHECK(d.reads[0].size() == bytes(128 * 256));
    CHECK(d.writes[0].size() == bytes(384 * 256));
    CHECK(d.dependent_loads == 1);
    CHECK(d.writes[0].access == Access::transposed);
}

TEST_CASE("a fused SwiGLU cast is more arithmetic than SwiGLU and fewer bytes", "[stream_kernels]") {
    const StreamDesc plain = sk::swiglu(4096, 2048), fused = sk::swiglu_cast(4096, 2048);
    CHECK(fused.alu_per_element > plain.alu_per_element);
    CHECK(compulsory_bytes(KernelDesc(fused)) < compulsory_bytes(KernelDesc(plain)));
}

TEST_CASE("geometry replaces only the fields that are set", "[stream_kernels]") {
    sk::Geometry g;
    g.threads = 256;
    g.tile_rows = 16;
    const StreamDesc before = sk::per_token_cast(256, 1024), after = sk::with_geometry(before, g);
    CHECK(after.threads == 256);
    CHECK(after.tile_rows == 16);
    CHECK(after.registers == before.registers);
    CHECK(after.load_bytes_in_flight == before.load_bytes_in_flight);
}

TEST_CASE("operands take names in order, and a wrong number of names is our bug", "[stream_kernels]") {
    const StreamDesc d = sk::named(sk::per_token_cast(256, 1024), {"x"}, {"q", "s"});
    CHECK(d.reads[0].tensor == "x");
    CHECK(d.writes[1].tensor == "s");
    CHECK_THROWS_AS(sk::named(sk::per_token_cast(256, 1024), {"x"}, {"q"}), InternalError);
}

TEST_CASE("a cast that divides costs more instructions than one that multiplies, and moves the same",
          "[stream_kernels]") {
    const StreamDesc a = sk::per_token_cast(256, 1024);
    const StreamDesc b = sk::per_token_cast(256, 1024, DType::bf16, sk::CastCode::multiply);
    CHECK(a.alu_per_element + a.sfu_per_element > b.alu_per_element + b.sfu_per_element);
    CHECK(a.alu_per_element + a.cvt_per_element + a.sfu_per_element == Approx(23.5));
    CHECK(a.writes.front().size() == b.writes.front().size());
}

TEST_CASE("small kernels: each form has its own code", "[stream_kernels]") {
    using S = sk::SmallKernel;
    const auto of = [](S form) { return sk::router_small(64, 256, DType::fp32, DType::fp32, form); };
    CHECK(of(S::vectorized).alu_per_element < of(S::cast).alu_per_element);
    CHECK(of(S::generic).alu_per_element > of(S::cast).alu_per_element);
    CHECK(of(S::scatter).dependent_loads == 2);
    CHECK(of(S::row_sum).kind == StreamKind::reduce);
    CHECK(of(S::row_sum).writes.front().cols == 1);
}
