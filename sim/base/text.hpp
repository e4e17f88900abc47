// Text for people: numbers with units as console output and reports show them, spelling suggestions.
#pragma once

#include "sim/base/units.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tessera {

// Shortest decimal text that reads back as the same double ("0.1", "1e+22"); independent of the locale.
// NaN and infinities: InternalError.
std::string format_shortest(double v);

// Fixed number of decimals, correctly rounded ("129.0"); independent of the locale; never "-0.0".
std::string format_fixed(double v, int decimals);

// A value with an SI prefix and four significant digits at most two decimals: "129.0 ms", "3.35 TB/s".
std::string human(Time t);  // fs, ps, ns, us, ms, s
std::string human(Bandwidth b);
std::string human(FlopRate r);
std::string human(Flops f);
std::string human(Frequency f);
std::string human(Energy e);
std::string human(Power p);
std::string human(Bytes b);         // decimal prefixes: 1 GB = 10^9 bytes
std::string human_binary(Bytes b);  // "50 MiB", "227 KiB": capacities

std::string percent(double ratio, int decimals = 1);         // 0.0123 -> "1.2 %"
std::string signed_percent(double ratio, int decimals = 1);  // "+1.2 %", "-0.4 %", "0.0 %"

std::string join(const std::vector<std::string>& parts, std::string_view separator);

// Number of single-character insertions, deletions, substitutions and swaps of neighbours from a to b.
int edit_distance(std::string_view a, std::string_view b);

// The candidate nearest to `word` if it is near enough to be a slip (a third of its length, at least one
// edit; letter case and '-' against '_' do not count), else "". Of equals the first candidate.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// 'did you mean "x"?' for nearest(), else 'allowed: "a", "b"' (at most eight named), else "".
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace tessera
