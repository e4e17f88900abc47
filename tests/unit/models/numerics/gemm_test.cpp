#include "models/numerics/gemm.hpp"

#include "models/numerics/quantize.hpp"
#include "sim/base/error.hpp"
#include "sim/base/rng.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

using namespace tessera;
using namespace tessera::numerics;

namespace {

// Any finite codes, so that exponents spread over the whole range.
GemmOperand any_codes(Format f, int rows, int k, std::uint64_t seed) {
    GemmOperand o{f, rows, k, {}, {}};
    Rng random(seed);
    while (o.codes.size() < static_cast<std::size_t>(rows) * static_cast<std::size_t>(k)) {
        const auto code = static_cast<std::uint16_t>(random.below(std::uint64_t{1} << unsigned(spec(f).bits())));
        if (unpack(code, spec(f)).kind == Unpacked::Kind::finite) { o.codes.push_back(code); }
    }
    return o;
}

void give_scales(GemmOperand& o, int rows, int k, std::uint64_t seed) {
    o.scales = {rows, k, o.k / k, {}};
    Rng random(seed);
    for (int i = 0; i < o.rows / rows * (o.k / k); ++i) {
        o.scales.factors.push_back(static_cast<float>(random.uniform(0.001, 3)));
    }
}

bool same_bits(const std::vector<float>& x, const std::vector<float>& y) {
    return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size() * sizeof(float)) == 0;
}

struct Case {
    Format format;
    int bits, promotion, split_k;
    int scale_k;  // 0: no scales
    bool inside;
    Format output;
};

GemmNumerics numerics_of(const Case& c) {
    GemmNumerics g;
    g.mma = with_accumulator_bits(mma_spec("hopper", c.format), c.bits);
    g.promotion = c.promotion;
    g.split_k = c.split_k;
    g.scale_inside = c.inside;
    g.output = c.output;
    return g;
}

}  // namespace

TEST_CASE("the fast path gives the oracle's bits") {
    const Case cases[] = {
        {Format::e4m3, 13, 0, 1, 0, false, Format::fp32},     {Format::e4m3, 13, 128, 2, 0, false, Format::fp32},
        {Format::e4m3, 13, 128, 1, 128, false, Format::bf16}, {Format::e4m3, 13, 64, 1, 256, false, Format::fp32},
        {Format::e4m3, 10, 0, 1, 0, false, Format::fp32},     {Format::e4m3, 34, 0, 1, 0, false, Format::fp32},
        {Format::e4m3, 48, 0, 1, 0, false, Format::fp32},     {Format::e4m3, 13, 0, 1, 128, true, Format::fp32},
        {Format::e4m3, 13, 0, 1, 16, true, Format::fp32},     {Format::e4m3, 34, 0, 1, 32, true, Format::fp32},
        {Format::e4m3, 25, 0, 2, 128, true, Format::fp32},    {Format::e4m3, 35, 0, 1, 64, true, Format::fp32},
        {Format::bf16, 25, 0, 1, 128, true, Format::fp32},    {Format::e5m2, 22, 0, 1, 64, true, Format::fp32},
        {Format::e5m2, 13, 32, 1, 256, false, Format::fp32},  {Format::e5m2, 17, 0, 4, 0, false, Format::fp32},
        {Format::bf16, 25, 0, 1, 0, false, Format::fp32},     {Format::bf16, 13, 64, 1, 0, false, Format::bf16},
        {Format::fp16, 25, 128, 1, 128, false, Format::fp32}, {Format::fp16, 16, 0, 1, 0, false, Format::fp32},
    };
    for (const Case& c : cases) {
        GemmOperand a = any_codes(c.format, 64, 256, 1), b = any_codes(c.format, 40, 256, 2);
        if (c.scale_k != 0) {
            give_scales(a, 1, c.scale_k, 3);
            give_scales(b, 8, c.scale_k, 4);
        }
        const GemmNumerics g = numerics_of(c);
        INFO(spec(c.format).name << " " << c.bits << " bits, promotion " << c.promotion << ", scales " << c.scale_k);
        CHECK(same_bits(gemm(a, b, g), gemm_reference(a, b, g)));
    }
}

TEST_CASE("NaN and infinite operands go the oracle's way, and only they") {
    GemmOperand a = any_codes(Format::e5m2, 64, 64, 1), b = any_codes(Format::e5m2, 8, 64, 2);
    a.codes[5] = 0x7C;   // infinite, in row 0
    a.codes[70] = 0x7F;  // NaN, in row 1
    b.codes[64] = 0xFC;  // minus infinite, in column 1
    const GemmNumerics g = numerics_of({Format::e5m2, 13, 32, 1, 0, false, Format::fp32});
    const std::vector<float> d = gemm(a, b, g);
    CHECK(same_bits(d, gemm_reference(a, b, g)));
    CHECK(float_bits(d[8]) == 0x7FFFFFFFU);
    CHECK(std::isfinite(d[16]));
}

TEST_CASE("the number of threads does not change a bit") {
    const GemmOperand a = any_codes(Format::e4m3, 128, 128, 1), b = any_codes(Format::e4m3, 72, 128, 2);
    GemmNumerics g = numerics_of({Format::e4m3, 13, 128, 1, 0, false, Format::fp32});
    g.threads = 1;
    const std::vector<float> one = gemm(a, b, g);
    for (const int threads : {2, 3, 8}) {
        g.threads = threads;
        CHECK(same_bits(gemm(a, b, g), one));
    }
}

TEST_CASE("the exact accumulator gives float64 rounded once") {
    const GemmOperand a = any_codes(Format::e4m3, 64, 512, 1), b = any_codes(Format::e4m3, 8, 512, 2);
    GemmNumerics g;
    g.mma = mma_spec("exact", Format::e4m3);
    const std::vector<float> d = gemm(a, b, g);
    for (int i = 0; i < 64; ++i) {
        for (int j = 0; j < 8; ++j) {
            double sum = 0;  // exact: products are multiples of 2^-18 below 2^18
            for (std::size_t k = 0; k < 512; ++k) {
                sum += decode(a.codes[static_cast<std::size_t>(i) * 512 + k], Format::e4m3) *
                       decode(b.codes[static_cast<std::size_t>(j) * 512 + k], Format::e4m3);
            }
            REQUIRE(d[static_cast<std::size_t>(i) * 8 + static_cast<std::size_t>(j)] == static_cast<float>(sum));
        }
    }
}

TEST_CASE("sums run along k in the kernel's order: a hand-worked case") {
    // One row of 8192, then ones: without promotion 8192 + 32 stays exact, at 16384 single ones would vanish.
    GemmOperand a{Format::e4m3, 64, 96, std::vector<std::uint16_t>(64 * 96, 0), {}}, b = a;
    b.rows = 8;
    b.codes.assign(8 * 96, 0x38);                                // ones
    for (std::size_t k = 0; k < 64; ++k) { a.codes[k] = 0x78; }  // 256: 64 * 256 = 16384 after two instructions
    a.codes[64] = 0x38;                                          // and 1 in the third
    GemmNumerics g = numerics_of({Format::e4m3, 13, 0, 1, 0, false, Format::fp32});
    CHECK(gemm(a, b, g)[0] == 16384);
    g.promotion = 64;
    CHECK(gemm(a, b, g)[0] == 16385);
    g.promotion = 0;
    g.split_k = 3;
    CHECK(gemm(a, b, g)[0] == 16385);
}

TEST_CASE("fused multiply-add rounds once") {
    Rng random(8);
    for (int i = 0; i < 200000; ++i) {
        const auto x = static_cast<float>(random.normal()), y = static_cast<float>(random.normal());
        const auto z = static_cast<float>(-static_cast<double>(x) * y * (i % 3 == 0 ? 1.0 : random.uniform(0.5, 2)));
        REQUIRE(float_bits(fused_multiply_add(x, y, z)) == float_bits(std::fma(x, y, z)));
    }
    CHECK(fused_multiply_add(1e30F, 1e30F, 0) == INFINITY);
}

TEST_CASE("every mistake in shapes and switches is named") {
    const GemmOperand a = any_codes(Format::e4m3, 64, 96, 1), b = any_codes(Format::e4m3, 8, 96, 2);
    const Case plain{Format::e4m3, 13, 0, 1, 0, false, Format::fp32};
    const auto refused = [](GemmOperand x, GemmOperand y, const GemmNumerics& g, const std::string& why) {
        for (const auto run : {gemm, gemm_reference}) {
            CHECK_THROWS_WITH(run(x, y, g), Catch::Contains(why));
            CHECK_THROWS_AS(run(x, y, g), ConfigError);
        }
    };
    refused(any_codes(Format::e4m3, 60, 96, 1), b, numerics_of(plain), "rows of A are 60");
    refused(a, any_codes(Format::e4m3, 8, 64, 1), numerics_of(plain), "differ in k");
    refused(any_codes(Format::e4m3, 64, 40, 1), any_codes(Format::e4m3, 8, 40, 1), numerics_of(plain), "k = 40");
    refused(a, any_codes(Format::e5m2, 8, 96, 1), numerics_of(plain), "differ in format");
    GemmOperand cut = a;
    cut.codes.pop_back();
    refused(cut, b, numerics_of(plain), "holds 6143 elements, expected 6144");
    GemmOperand scaled = a;
    give_scales(scaled, 1, 32, 1);
    refused(scaled, b, numerics_of(plain), "scales change every 32");
    scaled.scales.k = 64;
    refused(scaled, b, numerics_of(plain), "do not divide k = 96");
    scaled.scales.k = 16;
    refused(scaled, b, numerics_of(plain), "change inside an instruction");
    Case odd = plain;
    odd.promotion = 48;
    refused(a, b, numerics_of(odd), "promotion interval 48");
    odd = plain;
    odd.split_k = 2;
    refused(a, b, numerics_of(odd), "2 parts");
    odd = plain;
    odd.output = Format::e4m3;
    refused(a, b, numerics_of(odd), "results in e4m3");
}
