#include "sim/base/quantity_text.hpp"

#include "sim/base/error.hpp"
#include "sim/base/quantity_units.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace tessera {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view s) {
    while (!s.empty() && is_space(s.front())) { s.remove_prefix(1); }
    while (!s.empty() && is_space(s.back())) { s.remove_suffix(1); }
    return s;
}

// Length of a leading decimal number: [+-] digits [. digits] [e [+-] digits]; 0 if there is none.
std::size_t number_length(std::string_view s) {
    std::size_t i = !s.empty() && (s[0] == '-' || s[0] == '+') ? 1 : 0;
    std::size_t digits = 0;
    while (i < s.size() && is_digit(s[i])) { ++i, ++digits; }
    if (i < s.size() && s[i] == '.') {
        ++i;
        while (i < s.size() && is_digit(s[i])) { ++i, ++digits; }
    }
    if (digits == 0) { return 0; }
    if (i < s.size() && (s[i] == 'e' || s[i] == 'E')) {
        std::size_t j = i + 1;
        if (j < s.size() && (s[j] == '-' || s[j] == '+')) { ++j; }
        const std::size_t first = j;
        while (j < s.size() && is_digit(s[j])) { ++j; }
        if (j > first) { i = j; }
    }
    return i;
}

std::string lower(std::string_view s) {
    std::string out(s);
    for (char& c : out) { c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
    return out;
}

const Unit* find_unit(const DimensionInfo& dim, std::string_view symbol) {
    for (const Unit& u : dim) {
        if (symbol == u.symbol) { return &u; }
    }
    return nullptr;
}

std::string unit_hint(const DimensionInfo& dim, Dimension d, std::string_view symbol) {
    std::string close;
    for (const Unit& u : dim) {
        if (lower(symbol) != lower(u.symbol)) { continue; }
        close += (close.empty() ? "did you mean " : " or ") + std::string(u.symbol);
    }
    if (symbol == "KB") { close = "did you mean kB (1000 B) or KiB (1024 B)"; }
    return (close.empty() ? "" : close + "? ") + "accepted units: " + unit_list(d);
}

// mantissa x 10^exponent, correctly rounded: the decimal exponent is added in the text, not multiplied.
std::from_chars_result scaled(std::string_view number, int exponent, double& out) {
    if (!number.empty() && number.front() == '+') { number.remove_prefix(1); }
    const std::size_t e = number.find_first_of("eE");
    std::string text(number.substr(0, e));
    long own = 0;
    if (e != std::string_view::npos) {
        std::string_view tail = number.substr(e + 1);
        if (!tail.empty() && tail.front() == '+') { tail.remove_prefix(1); }
        if (std::from_chars(tail.data(), tail.data() + tail.size(), own).ec != std::errc()) { own = 100000; }
    }
    text += "e" + std::to_string(own + exponent);
    return std::from_chars(text.data(), text.data() + text.size(), out);
}

struct Split {
    std::string_view number;
    const Unit* unit = nullptr;
    std::string problem, hint;
};

Split split(std::string_view text, Dimension d) {
    const DimensionInfo dim = dimension_info(d);
    Split s;
    const std::string_view all = trim(text);
    const std::size_t n = number_length(all);
    if (n == 0) {
        s.problem = "\"" + std::string(text) + "\" is not " + dim.article + " " + dim.name +
                    ": it does not begin with a decimal number";
        s.hint = "accepted units: " + unit_list(d);
        return s;
    }
    s.number = all.substr(0, n);
    const std::string_view symbol = trim(all.substr(n));
    s.unit = find_unit(dim, symbol);
    if (s.unit != nullptr) { return s; }
    s.problem = symbol.empty()
                    ? "\"" + std::string(all) + "\" has no unit, and " + dim.article + " " + dim.name + " needs one"
                    : "\"" + std::string(symbol) + "\" is not a unit of " + dim.name;
    s.hint = unit_hint(dim, d, symbol);
    return s;
}

// The exact value if it is a whole number and written without an exponent; doubles stop being exact at 2^53.
bool exact_integer(const Split& s, std::int64_t& out) {
    if (s.number.find_first_of("eE") != std::string_view::npos) { return false; }
    const std::size_t dot = s.number.find('.');
    std::string digits(s.number.substr(s.number[0] == '+' ? 1 : 0, dot));
    int exponent = s.unit->exponent;
    if (dot != std::string_view::npos) {
        std::string_view fraction = s.number.substr(dot + 1);
        while (!fraction.empty() && fraction.back() == '0') { fraction.remove_suffix(1); }
        digits = std::string(s.number.substr(0, dot)) + std::string(fraction);
        exponent -= static_cast<int>(fraction.size());
    }
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (exponent < 0 || parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) { return false; }
    out *= static_cast<std::int64_t>(s.unit->factor);
    for (int i = 0; i < exponent; ++i) { out *= 10; }
    return true;
}

std::string beyond(std::string_view text, Dimension d) {
    return "\"" + std::string(trim(text)) + "\" is beyond any plausible " + std::string(dimension_name(d));
}

// Decimal digits and exponent with value = 0.d1d2d3... x 10^point, trailing zeros dropped.
struct Decimal {
    bool negative = false;
    std::string digits;
    int point = 0;
};

Decimal decimal_of(double v) {
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), v, std::chars_format::scientific).ptr;
    std::string text(buffer.data(), end);
    Decimal out;
    out.negative = text[0] == '-';
    const std::size_t e = text.find('e');
    for (const char c : text.substr(0, e)) {
        if (is_digit(c)) { out.digits.push_back(c); }
    }
    out.point = std::stoi(text.substr(e + 1)) + 1;
    while (out.digits.size() > 1 && out.digits.back() == '0') { out.digits.pop_back(); }
    return out;
}

Decimal decimal_of(std::int64_t v) {
    Decimal out;
    out.digits = std::to_string(v);
    out.negative = out.digits[0] == '-';
    if (out.negative) { out.digits.erase(0, 1); }
    out.point = static_cast<int>(out.digits.size());
    while (out.digits.size() > 1 && out.digits.back() == '0') { out.digits.pop_back(); }
    return out;
}

std::string place_point(const Decimal& d, int shift) {
    const int point = d.point - shift;
    const int size = static_cast<int>(d.digits.size());
    std::string out = d.negative ? "-" : "";
    if (point > 21 || point < -5) {
        out += d.digits.substr(0, 1) + (size > 1 ? "." + d.digits.substr(1) : "");
        return out + "e" + std::to_string(point - 1);
    }
    if (point <= 0) { return out + "0." + std::string(static_cast<std::size_t>(-point), '0') + d.digits; }
    if (point >= size) { return out + d.digits + std::string(static_cast<std::size_t>(point - size), '0'); }
    const auto cut = static_cast<std::size_t>(point);
    return out + d.digits.substr(0, cut) + "." + d.digits.substr(cut);
}

// The largest decimal unit whose number is at least 1, else the smallest.
const Unit& decimal_unit(const DimensionInfo& dim, const Decimal& d) {
    const Unit* best = nullptr;
    for (const Unit& u : dim) {
        if (!u.written || u.factor != 1.0) { continue; }
        if (best == nullptr || d.point > u.exponent) { best = &u; }
    }
    return *best;
}

std::string decimal_text(const Decimal& d, Dimension dimension) {
    const DimensionInfo dim = dimension_info(dimension);
    if (d.digits == "0") { return std::string("0 ") + dim.typical; }
    const Unit& unit = decimal_unit(dim, d);
    return place_point(d, unit.exponent) + " " + unit.symbol;
}

}  // namespace

std::string_view dimension_name(Dimension d) { return dimension_info(d).name; }

std::string_view dimension_article(Dimension d) { return dimension_info(d).article; }

std::string_view typical_unit(Dimension d) { return dimension_info(d).typical; }

double plausible_maximum(Dimension d) { return dimension_info(d).maximum; }

std::string unit_list(Dimension d) {
    std::string out;
    for (const Unit& u : dimension_info(d)) { out += (out.empty() ? "" : ", ") + std::string(u.symbol); }
    return out;
}

std::string unit_pattern(Dimension d) {
    std::string out;
    for (const Unit& u : dimension_info(d)) { out += (out.empty() ? "(" : "|") + std::string(u.symbol); }
    return out + ")";
}

QuantityReading<double> read_real_quantity(std::string_view text, Dimension d) {
    const Split s = split(text, d);
    QuantityReading<double> out;
    if (!s.problem.empty()) { return {0, s.problem, s.hint}; }
    double value = 0;
    if (scaled(s.number, s.unit->exponent, value).ec != std::errc()) { return {0, beyond(text, d), ""}; }
    out.raw = value * s.unit->factor;
    if (!std::isfinite(out.raw) || std::abs(out.raw) > plausible_maximum(d)) { return {0, beyond(text, d), ""}; }
    return out;
}

QuantityReading<std::int64_t> read_integer_quantity(std::string_view text, Dimension d) {
    const QuantityReading<double> real = read_real_quantity(text, d);
    if (!real.problem.empty()) { return {0, real.problem, real.hint}; }
    const double rounded = std::round(real.raw);
    if (d == Dimension::bytes && rounded != real.raw) {
        return {0, "\"" + std::string(trim(text)) + "\" is not a whole number of bytes", ""};
    }
    if (d == Dimension::time && rounded == 0 && real.raw != 0) {
        return {0, "\"" + std::string(trim(text)) + "\" is below the time resolution of 1 fs", ""};
    }
    std::int64_t exact = 0;
    if (exact_integer(split(text, d), exact)) { return {exact, {}, {}}; }
    return {static_cast<std::int64_t>(rounded), {}, {}};
}

std::string real_quantity_text(double raw, Dimension d) {
    invariant(std::isfinite(raw), "a quantity is not a finite number");
    return decimal_text(decimal_of(raw), d);
}

std::string integer_quantity_text(std::int64_t raw, Dimension d) {
    if (d != Dimension::bytes) { return decimal_text(decimal_of(raw), d); }
    const Unit* best = nullptr;
    std::int64_t best_scale = 1;
    for (const Unit& u : dimension_info(d)) {
        std::int64_t scale = static_cast<std::int64_t>(u.factor);
        for (int i = 0; i < u.exponent; ++i) { scale *= 10; }
        if (best == nullptr || (raw != 0 && raw % scale == 0)) { best = &u, best_scale = scale; }
    }
    return std::to_string(raw / best_scale) + " " + best->symbol;
}

void throw_bad_quantity(const std::string& where, const std::string& problem, const std::string& hint) {
    throw ConfigError(where, "", problem, hint);
}

}  // namespace tessera
