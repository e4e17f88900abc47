// E.check: how far one wgmma tile of known inputs is from the exact product, which the accumulator's width decides.
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/micro.hpp"

#include "models/numerics/gemm.hpp"

#include <cmath>
#include <cstdint>

namespace tessera::measured {
namespace {

constexpr int kRows = 64, kColumns = 128, kRowBytes = 128;
constexpr std::uint32_t kSeedA = 3, kSeedB = 4, kStep = 2654435761U;  // of the measuring program's inputs (sec_e.cu)

// A well-mixed word of a number: two rounds of multiply and shift.
std::uint32_t mixed(std::uint32_t x) {
    x = (x ^ (x >> 16)) * 0x7feb352dU;
    x = (x ^ (x >> 15)) * 0x846ca68bU;
    return x ^ (x >> 16);
}

// Random sign and fraction, one of four exponents around that of `least`.
std::uint16_t number(std::uint32_t random, const numerics::FormatSpec& s, std::uint32_t least) {
    const std::uint32_t fraction = random & ((1U << s.fraction_bits) - 1);
    const std::uint32_t exponent = least + ((random >> s.fraction_bits) & 3U);
    const std::uint32_t sign = random >> (s.bits() - 1) & 1U;
    return static_cast<std::uint16_t>(sign << (s.bits() - 1) | exponent << s.fraction_bits | fraction);
}

numerics::GemmOperand operand(numerics::Format f, int rows, std::uint32_t seed) {
    const numerics::FormatSpec& s = numerics::spec(f);
    const int bytes = s.bits() / 8, in_word = 4 / bytes;
    const std::uint32_t least = f == numerics::Format::bf16 ? 125 : 4;
    numerics::GemmOperand o;
    o.format = f;
    o.rows = rows;
    o.k = kRowBytes / bytes;
    for (std::uint32_t word = 0; word < static_cast<std::uint32_t>(rows) * kRowBytes / 4; ++word) {
        const std::uint32_t random = mixed(seed + word * kStep);
        for (int i = 0; i < in_word; ++i) {
            const std::uint32_t mask = s.bits() == 16 ? 0xffffU : 0xffU;
            o.codes.push_back(number(random >> (s.bits() * i) & mask, s, least));
        }
    }
    return o;
}

// Root of the squared differences to the exact product over that of its squares.
double relative_error(numerics::Format f) {
    const numerics::GemmOperand a = operand(f, kRows, kSeedA), b = operand(f, kColumns, kSeedB);
    numerics::GemmNumerics g;
    g.mma = numerics::mma_spec("hopper", f);
    const std::vector<float> sums = numerics::gemm_reference(a, b, g);
    double wrong = 0, all = 0;
    for (int m = 0; m < kRows; ++m) {
        for (int n = 0; n < kColumns; ++n) {
            double exact = 0;
            for (int k = 0; k < a.k; ++k) {
                exact += numerics::decode(a.codes[static_cast<std::size_t>(m * a.k + k)], f) *
                         numerics::decode(b.codes[static_cast<std::size_t>(n * b.k + k)], f);
            }
            const double off = static_cast<double>(sums[static_cast<std::size_t>(m * kColumns + n)]) - exact;
            wrong += off * off;
            all += exact * exact;
        }
    }
    return std::sqrt(wrong / all);
}

void check(const JsonCursor& item, Case& out) {
    const std::string type = item.text("type");
    if (type != "e4m3" && type != "bf16") { item.at("type").fail("expected e4m3 or bf16"); }
    out.variant = type;
    out.unit = "relative error";
    out.clock = megahertz(1000);  // no time
    out.measured = item.positive("relative_error");
    const numerics::Format f = type == "bf16" ? numerics::Format::bf16 : numerics::Format::e4m3;
    out.probe = [f](const SystemConfig&, Frequency) { return Prediction{relative_error(f), "tensor"}; };
}

}  // namespace

std::vector<MicroQuantity> check_quantities(const std::string& id) {
    if (id == "E.check") { return {{"", check}}; }
    return {};
}

}  // namespace tessera::measured
