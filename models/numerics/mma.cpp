// The scalar routine: integers only. It is the oracle of the fast path, which works in floating point.
#include "models/numerics/mma.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <array>

namespace tessera::numerics {
namespace {

constexpr int kMostTerms = 65;  // 64 products and the accumulator

// significand * 2^lsb, with the exponent that alignment goes by.
struct Term {
    WideInt significand = 0;
    int lsb = 0, exponent = 0;
};

struct NonFinite {
    bool nan = false, up = false, down = false;
    void infinity(bool negative) { (negative ? down : up) = true; }
    bool any() const { return nan || up || down; }
    float value() const { return nan || (up && down) ? canonical_nan() : infinite(down); }
};

bool is_zero(const Unpacked& u) { return u.kind == Unpacked::Kind::finite && u.significand == 0; }

WideInt signed_value(WideInt magnitude, bool negative) { return negative ? -magnitude : magnitude; }

Term product(const Unpacked& a, const Unpacked& b, int fraction_bits, NonFinite& non_finite) {
    const bool negative = a.negative != b.negative;
    if (a.kind == Unpacked::Kind::nan || b.kind == Unpacked::Kind::nan) {
        non_finite.nan = true;
        return {};
    }
    if (a.kind == Unpacked::Kind::infinite || b.kind == Unpacked::Kind::infinite) {
        if (is_zero(a) || is_zero(b)) { non_finite.nan = true; }
        non_finite.infinity(negative);
        return {};
    }
    const int exponent = a.exponent + b.exponent;
    return {signed_value(static_cast<WideInt>(a.significand) * b.significand, negative), exponent - 2 * fraction_bits,
            exponent};
}

Term addend(float c, NonFinite& non_finite) {
    const FormatSpec& s = spec(Format::fp32);
    const Unpacked u = unpack(float_bits(c), s);
    if (u.kind == Unpacked::Kind::nan) { non_finite.nan = true; }
    if (u.kind == Unpacked::Kind::infinite) { non_finite.infinity(u.negative); }
    return {signed_value(u.significand, u.negative), u.exponent - s.fraction_bits, u.exponent};
}

// Terms aligned at the largest exponent among those that are not zero, cut off `align_bits` below it, added.
class AlignedTerms {
public:
    void push(const Term& t) { terms_[count_++] = t; }
    Term sum(int align_bits) const {
        Term result;
        bool any = false;
        for (std::size_t i = 0; i < count_; ++i) {
            if (terms_[i].significand == 0) { continue; }
            result.exponent = any ? std::max(result.exponent, terms_[i].exponent) : terms_[i].exponent;
            any = true;
        }
        result.lsb = result.exponent - align_bits;
        for (std::size_t i = 0; i < count_; ++i) {
            if (terms_[i].significand != 0) {
                result.significand += scaled_toward_zero(terms_[i].significand, terms_[i].lsb - result.lsb);
            }
        }
        return result;
    }

private:
    std::array<Term, kMostTerms> terms_;
    std::size_t count_ = 0;
};

AlignedTerms products(Format f, const std::uint16_t* a, const std::uint16_t* b, int count, NonFinite& non_finite) {
    const FormatSpec& s = spec(f);
    AlignedTerms terms;
    for (int i = 0; i < count; ++i) {
        terms.push(product(unpack(a[i], s), unpack(b[i], s), s.fraction_bits, non_finite));
    }
    return terms;
}

// The sum of one group times its scale: exact.
Term scaled(const Term& sum, const NonFinite& inside, float scale, NonFinite& non_finite) {
    NonFinite of_scale;
    const Term s = addend(scale, of_scale);
    const bool scale_zero = s.significand == 0 && !of_scale.any();
    const bool negative = scale < 0;
    non_finite.nan = non_finite.nan || inside.nan || of_scale.nan || (inside.any() && scale_zero) ||
                     (of_scale.any() && !inside.any() && sum.significand == 0);
    if (inside.up) { non_finite.infinity(negative); }
    if (inside.down) { non_finite.infinity(!negative); }
    if (of_scale.any() && !inside.any()) { non_finite.infinity((sum.significand < 0) != negative); }
    Term t{sum.significand * s.significand, sum.lsb + s.lsb, 0};
    t.exponent = t.lsb + leading_bit(t.significand);
    return t;
}

float result(const AlignedTerms& terms, const NonFinite& non_finite, const MmaSpec& m) {
    if (non_finite.any()) { return non_finite.value(); }
    const Term sum = terms.sum(m.align_bits);
    return m.nearest ? nearest_float(sum.significand, sum.lsb)
                     : truncated_float(sum.significand, sum.lsb, m.result_bits);
}

}  // namespace

float mma_dot(const MmaSpec& m, Format f, const std::uint16_t* a, const std::uint16_t* b, int count, float c) {
    invariant(!m.exact && count < kMostTerms, "mma_dot() takes at most 64 products and an accumulator of finite width");
    NonFinite non_finite;
    AlignedTerms terms = products(f, a, b, count, non_finite);
    terms.push(addend(c, non_finite));
    return result(terms, non_finite, m);
}

float mma_dot_scaled(const MmaSpec& m, Format f, const std::uint16_t* a, const std::uint16_t* b, int count,
                     const float* scales, int group, float c) {
    invariant(!m.exact && count < kMostTerms, "mma_dot_scaled() takes at most 64 products");
    invariant(group > 0 && count % group == 0, "scale groups divide an instruction");
    NonFinite non_finite;
    AlignedTerms terms;
    for (int first = 0; first < count; first += group) {
        NonFinite inside;
        const Term sum = products(f, a + first, b + first, group, inside).sum(m.align_bits);
        terms.push(scaled(sum, inside, scales[first / group], non_finite));
    }
    terms.push(addend(c, non_finite));
    return result(terms, non_finite, m);
}

ExactSum::ExactSum(Format f) : format_(&spec(f)), unit_(2 * (spec(f).min_exponent() - spec(f).fraction_bits)) {
    if (format_->exponent_bits > 5) {
        throw ModelError("exact sums of " + std::string(format_->name) + " products need more than 128 bits");
    }
}

void ExactSum::clear() {
    sum_ = 0;
    nan_ = up_ = down_ = false;
}

void ExactSum::add(std::uint16_t a, std::uint16_t b) {
    NonFinite n;
    const Term t = product(unpack(a, *format_), unpack(b, *format_), format_->fraction_bits, n);
    nan_ = nan_ || n.nan;
    up_ = up_ || n.up;
    down_ = down_ || n.down;
    if (!n.any()) { sum_ += scaled_toward_zero(t.significand, t.lsb - unit_); }
}

float ExactSum::rounded() const {
    const NonFinite n{nan_, up_, down_};
    return n.any() ? n.value() : nearest_float(sum_, unit_);
}

double ExactSum::rounded_double() const {
    const NonFinite n{nan_, up_, down_};
    return n.any() ? n.value() : nearest_double(sum_, unit_);
}

}  // namespace tessera::numerics
