#include "models/numerics/format.hpp"

#include "sim/base/error.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace tessera::numerics {
namespace {

constexpr std::array<FormatSpec, 8> kSpecs = {{{Format::e4m3, "e4m3", 4, 3, 7, Specials::one_nan},
                                               {Format::e5m2, "e5m2", 5, 2, 15, Specials::ieee},
                                               {Format::e5m6, "e5m6", 5, 6, 15, Specials::ieee},
                                               {Format::e2m1, "e2m1", 2, 1, 1, Specials::none},
                                               {Format::bf16, "bf16", 8, 7, 127, Specials::ieee},
                                               {Format::fp16, "fp16", 5, 10, 15, Specials::ieee},
                                               {Format::fp32, "fp32", 8, 23, 127, Specials::ieee},
                                               {Format::ue8m0, "ue8m0", 8, 0, 127, Specials::all_ones_nan, false}}};

std::uint32_t all_ones(const FormatSpec& s) { return (1U << unsigned(s.exponent_bits + s.fraction_bits)) - 1; }

}  // namespace

std::uint32_t FormatSpec::max_finite_code() const {
    if (specials == Specials::ieee) { return infinity_code() - 1; }
    return specials == Specials::none ? all_ones(*this) : all_ones(*this) - 1;
}

std::uint32_t FormatSpec::infinity_code() const {
    invariant(specials == Specials::ieee, "this number format has no infinity");
    return ((1U << unsigned(exponent_bits)) - 1) << unsigned(fraction_bits);
}

std::uint32_t FormatSpec::nan_code() const {
    invariant(specials != Specials::none, "this number format has no NaN");
    return all_ones(*this);
}

double FormatSpec::max_finite() const { return decode(max_finite_code(), *this); }

const FormatSpec& spec(Format f) { return kSpecs.at(static_cast<std::size_t>(f)); }

const std::vector<Format>& formats() {
    static const std::vector<Format> all = [] {
        std::vector<Format> list;
        for (const FormatSpec& s : kSpecs) { list.push_back(s.format); }
        return list;
    }();
    return all;
}

Format format_named(std::string_view name, const std::string& where) {
    std::string known;
    for (const FormatSpec& s : kSpecs) {
        if (s.name == name) { return s.format; }
        known += (known.empty() ? "" : ", ") + std::string(s.name);
    }
    throw ConfigError(where, "", "unknown number format \"" + std::string(name) + "\"", "one of " + known);
}

Unpacked unpack(std::uint32_t code, const FormatSpec& s) {
    Unpacked u;
    if (!s.has_sign) {
        if (code == all_ones(s)) { u.kind = Unpacked::Kind::nan; }
        u.exponent = static_cast<int>(code) - s.bias;
        u.significand = 1;
        return u;
    }
    const std::uint32_t magnitude = code & all_ones(s);
    u.negative = ((code >> unsigned(s.exponent_bits + s.fraction_bits)) & 1U) != 0;
    const std::uint32_t field = magnitude >> unsigned(s.fraction_bits);
    const std::uint32_t fraction = magnitude & ((1U << unsigned(s.fraction_bits)) - 1);
    if (s.specials == Specials::ieee && magnitude >= s.infinity_code()) {
        u.kind = fraction == 0 ? Unpacked::Kind::infinite : Unpacked::Kind::nan;
    } else if (s.specials == Specials::one_nan && magnitude == all_ones(s)) {
        u.kind = Unpacked::Kind::nan;
    }
    u.exponent = field == 0 ? s.min_exponent() : static_cast<int>(field) - s.bias;
    u.significand = field == 0 ? fraction : fraction | (1U << unsigned(s.fraction_bits));
    return u;
}

double decode(std::uint32_t code, const FormatSpec& s) {
    const Unpacked u = unpack(code, s);
    if (u.kind == Unpacked::Kind::nan) { return std::numeric_limits<double>::quiet_NaN(); }
    const double magnitude = u.kind == Unpacked::Kind::infinite
                                 ? std::numeric_limits<double>::infinity()
                                 : std::ldexp(static_cast<double>(u.significand), u.exponent - s.fraction_bits);
    return u.negative ? -magnitude : magnitude;
}

const std::vector<float>& decode_table(Format f) {
    static const std::array<std::vector<float>, kSpecs.size()> tables = [] {
        std::array<std::vector<float>, kSpecs.size()> all;
        for (const FormatSpec& s : kSpecs) {
            if (s.bits() > 16) { continue; }
            std::vector<float>& table = all.at(static_cast<std::size_t>(s.format));
            for (std::uint32_t code = 0; code < (1U << unsigned(s.bits())); ++code) {
                table.push_back(static_cast<float>(decode(code, s)));
            }
        }
        return all;
    }();
    const std::vector<float>& table = tables.at(static_cast<std::size_t>(f));
    invariant(!table.empty(), "there is a table for formats of at most 16 bits only");
    return table;
}

}  // namespace tessera::numerics
