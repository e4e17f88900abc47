// Quantities as text: "3.35 TB/s", "128 KiB", "29 clk". Decimal prefixes are powers of ten (GB = 10^9), binary
// ones powers of 1024 (GiB = 2^30). Text to value is correctly rounded (exact for integer quantities), and
// value to text to value gives back the same bits.
#pragma once

#include "sim/base/units.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tessera {

enum class Dimension : std::uint8_t {
    time,
    bytes,
    flops,
    energy,
    power,
    bandwidth,
    flop_rate,
    frequency,
    cycles,
    bytes_per_cycle,
    area
};

template <class Q>
struct DimensionOf;
template <>
struct DimensionOf<Time> {
    static constexpr Dimension value = Dimension::time;
};
template <>
struct DimensionOf<Bytes> {
    static constexpr Dimension value = Dimension::bytes;
};
template <>
struct DimensionOf<Flops> {
    static constexpr Dimension value = Dimension::flops;
};
template <>
struct DimensionOf<Energy> {
    static constexpr Dimension value = Dimension::energy;
};
template <>
struct DimensionOf<Power> {
    static constexpr Dimension value = Dimension::power;
};
template <>
struct DimensionOf<Bandwidth> {
    static constexpr Dimension value = Dimension::bandwidth;
};
template <>
struct DimensionOf<FlopRate> {
    static constexpr Dimension value = Dimension::flop_rate;
};
template <>
struct DimensionOf<Frequency> {
    static constexpr Dimension value = Dimension::frequency;
};
template <>
struct DimensionOf<Cycles> {
    static constexpr Dimension value = Dimension::cycles;
};
template <>
struct DimensionOf<BytesPerCycle> {
    static constexpr Dimension value = Dimension::bytes_per_cycle;
};
template <>
struct DimensionOf<Area> {
    static constexpr Dimension value = Dimension::area;
};

std::string_view dimension_name(Dimension d);     // "bandwidth", "number of cycles", for messages
std::string_view dimension_article(Dimension d);  // "a" or "an"
std::string_view typical_unit(Dimension d);       // "GB/s", "ns": for examples in messages
std::string unit_list(Dimension d);               // "B/s, kB/s, MB/s, ...", canonical unit first
std::string unit_pattern(Dimension d);            // the same as a regular expression group, for JSON Schema
double plausible_maximum(Dimension d);            // canonical units; larger values are taken for a slip of the pen

// What reading a quantity gave: `problem` is empty exactly if it worked; then `hint` is empty too.
template <class Rep>
struct QuantityReading {
    Rep raw{};  // canonical units
    std::string problem, hint;
};

// Bytes must come out whole; a time is rounded to the nearest femtosecond, and must not vanish by that.
QuantityReading<std::int64_t> read_integer_quantity(std::string_view text, Dimension d);
QuantityReading<double> read_real_quantity(std::string_view text, Dimension d);

// The shortest text that reads back as the same value, in the largest unit that keeps the number at least 1
// (bytes: in the largest unit that divides them).
std::string integer_quantity_text(std::int64_t raw, Dimension d);
std::string real_quantity_text(double raw, Dimension d);

// A quantity the user typed on the command line. ConfigError (file `where`) if it does not read.
template <class Q>
Q parse_quantity(std::string_view text, const std::string& where);

template <class Tag, class Rep>
std::string to_text(Quantity<Tag, Rep> q) {
    if constexpr (std::numeric_limits<Rep>::is_integer) {
        return integer_quantity_text(q.raw(), DimensionOf<Quantity<Tag, Rep>>::value);
    } else {
        return real_quantity_text(q.raw(), DimensionOf<Quantity<Tag, Rep>>::value);
    }
}

[[noreturn]] void throw_bad_quantity(const std::string& where, const std::string& problem, const std::string& hint);

template <class Q>
Q parse_quantity(std::string_view text, const std::string& where) {
    constexpr Dimension d = DimensionOf<Q>::value;
    const auto reading = [&] {
        if constexpr (std::numeric_limits<typename Q::rep>::is_integer) {
            return read_integer_quantity(text, d);
        } else {
            return read_real_quantity(text, d);
        }
    }();
    if (!reading.problem.empty()) { throw_bad_quantity(where, reading.problem, reading.hint); }
    return Q::from_raw(reading.raw);
}

}  // namespace tessera
