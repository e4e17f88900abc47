#include "sim/base/text.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

namespace tessera {

namespace {

constexpr std::size_t named_candidates = 8;

struct Prefix {
    double factor;
    const char* text;
};

// `value` in the largest prefix that leaves at least 1; the last prefix is the smallest.
std::string with_prefix(double value, const std::vector<Prefix>& prefixes, const std::string& unit) {
    if (!std::isfinite(value)) { throw InternalError("a value with unit " + unit + " is not finite"); }
    const double size = std::abs(value);
    // 999.95 and above would print as "1000.0": take the next prefix
    const auto fits = [size](const Prefix& p) { return size >= p.factor * 0.99995; };
    auto p = std::find_if(prefixes.begin(), prefixes.end(), fits);
    if (p == prefixes.end()) { p = size == 0 ? prefixes.begin() : std::prev(prefixes.end()); }
    if (size == 0) { return "0 " + unit; }
    const double scaled = value / p->factor;
    const int decimals = std::abs(scaled) < 99.995 ? 2 : 1;
    return format_fixed(scaled, decimals) + " " + p->text + unit;
}

const std::vector<Prefix>& large_prefixes() {
    static const std::vector<Prefix> table = {{1e18, "E"}, {1e15, "P"}, {1e12, "T"}, {1e9, "G"},
                                              {1e6, "M"},  {1e3, "k"},  {1, ""}};
    return table;
}

const std::vector<Prefix>& all_prefixes() {
    static const std::vector<Prefix> table = {{1e15, "P"}, {1e12, "T"}, {1e9, "G"},  {1e6, "M"},  {1e3, "k"},
                                              {1, ""},     {1e-3, "m"}, {1e-6, "u"}, {1e-9, "n"}, {1e-12, "p"}};
    return table;
}

// Letter case, '-' and '_' are slips that should cost nothing.
std::string folded(std::string_view s) {
    std::string out(s);
    for (char& c : out) { c = c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
    return out;
}

}  // namespace

std::string format_shortest(double v) {
    if (!std::isfinite(v)) { throw InternalError("a number to print is not finite"); }
    std::array<char, 32> buffer{};
    char* const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), v).ptr;
    return {buffer.data(), end};
}

std::string format_fixed(double v, int decimals) {
    if (!std::isfinite(v)) { throw InternalError("a number to print is not finite"); }
    std::array<char, 384> buffer{};  // the largest double has 309 digits before the point
    const int places = std::clamp(decimals, 0, 60);
    char* const end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), v, std::chars_format::fixed, places).ptr;
    std::string text(buffer.data(), end);
    if (text.front() == '-' && text.find_first_of("123456789") == std::string::npos) { text.erase(0, 1); }
    return text;
}

std::string human(Time t) {
    static const std::vector<Prefix> prefixes = {{1, ""},     {1e-3, "m"},  {1e-6, "u"},
                                                 {1e-9, "n"}, {1e-12, "p"}, {1e-15, "f"}};
    return with_prefix(to_seconds(t), prefixes, "s");
}

std::string human(Bandwidth b) { return with_prefix(b.raw(), large_prefixes(), "B/s"); }
std::string human(FlopRate r) { return with_prefix(r.raw(), large_prefixes(), "FLOP/s"); }
std::string human(Flops f) { return with_prefix(f.raw(), large_prefixes(), "FLOP"); }
std::string human(Frequency f) { return with_prefix(f.raw(), large_prefixes(), "Hz"); }
std::string human(Energy e) { return with_prefix(e.raw(), all_prefixes(), "J"); }
std::string human(Power p) { return with_prefix(p.raw(), all_prefixes(), "W"); }
std::string human(Bytes b) {
    if (std::abs(to_double(b)) < 1000) { return std::to_string(b.raw()) + " B"; }
    return with_prefix(to_double(b), large_prefixes(), "B");
}

std::string human_binary(Bytes b) {
    static constexpr std::array<const char*, 6> units = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = to_double(b);
    if (std::abs(value) < 1024) { return std::to_string(b.raw()) + " B"; }
    std::size_t unit = 0;
    for (value /= 1024; std::abs(value) >= 1024 && unit + 1 < units.size(); ++unit) { value /= 1024; }
    const bool whole = value == std::floor(value);
    return format_fixed(value, whole ? 0 : 2) + " " + units.at(unit);
}

std::string percent(double ratio, int decimals) { return format_fixed(ratio * 100, decimals) + " %"; }

std::string signed_percent(double ratio, int decimals) {
    const std::string text = percent(ratio, decimals);
    const bool nonzero = text.find_first_of("123456789") != std::string::npos;
    return ratio > 0 && nonzero ? "+" + text : text;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) { out += separator; }
        out += parts[i];
    }
    return out;
}

int edit_distance(std::string_view a, std::string_view b) {
    // Three rows of the dynamic programme: swaps look two rows back.
    std::vector<int> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) { previous[j] = static_cast<int>(j); }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        current[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            current[j] = std::min({previous[j] + 1, current[j - 1] + 1, substitution});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                current[j] = std::min(current[j], before[j - 2] + 1);
            }
        }
        std::swap(before, previous);
        std::swap(previous, current);
    }
    return previous[b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
    const std::string wanted = folded(word);
    const std::string* best = nullptr;
    int least = std::max(1, static_cast<int>(word.size()) / 3) + 1;
    for (const std::string& candidate : candidates) {
        const int distance = edit_distance(wanted, folded(candidate));
        if (distance < least) {
            least = distance;
            best = &candidate;
        }
    }
    return best == nullptr ? std::string() : *best;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
    if (const std::string best = nearest(word, candidates); !best.empty()) { return "did you mean \"" + best + "\"?"; }
    if (candidates.empty()) { return {}; }
    std::string out = "allowed: ";
    for (std::size_t i = 0; i < candidates.size() && i < named_candidates; ++i) {
        out += (i > 0 ? ", \"" : "\"") + candidates[i] + "\"";
    }
    if (candidates.size() > named_candidates) {
        out += " and " + std::to_string(candidates.size() - named_candidates) + " more";
    }
    return out;
}

}  // namespace tessera
