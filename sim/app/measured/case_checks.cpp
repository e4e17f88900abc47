#include "sim/app/measured/case_checks.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::measured {
namespace {

constexpr double kMostElements = 1e16;
constexpr double kSlowest = 50e6, kFastest = 10e9;  // Hz

Frequency plausible(const JsonCursor& at, double hz) {
    if (hz < kSlowest || hz > kFastest) { at.fail("expected an SM clock of 50 MHz to 10 GHz"); }
    return hertz(hz);
}

double median_of(const JsonCursor& value) {
    return value.value().is_object() ? value.positive("med") : value.positive();
}

}  // namespace

void check_extents(const JsonCursor& at, const Extents& extents) {
    double product = 1;
    for (const auto& extent : extents) { product *= std::max(1.0, std::abs(static_cast<double>(extent.second))); }
    if (product > kMostElements) { at.fail("no GPU holds such a shape"); }
}

Extents extents_of(const JsonCursor& shape) {
    Extents out;
    for (const auto& [key, member] : shape.members()) {
        if (member.value().kind() == JsonValue::Kind::integer) { out.emplace_back(key, member.value().as_integer()); }
    }
    return out;
}

Frequency clock_in_mhz(const JsonCursor& value) { return plausible(value, value.positive() * 1e6); }

Frequency clock_in_ghz(const JsonCursor& value) { return plausible(value, median_of(value) * 1e9); }

Time time_in_ns(const JsonCursor& value) {
    constexpr double longest_ns = 1e12;
    const double ns = median_of(value);
    if (ns > longest_ns) { value.fail("expected a time of at most 1000 s"); }
    return nanoseconds(ns);
}

double positive_up_to(const JsonCursor& value, double most) {
    const double x = value.positive();
    if (x > most) { value.fail("larger than anything that a GPU measures"); }
    return x;
}

int sms_of(const JsonCursor& value) {
    const std::int64_t sms = value.count();
    if (sms > 1024) { value.fail("no GPU has so many SMs"); }
    return static_cast<int>(sms);
}

}  // namespace tessera::measured
