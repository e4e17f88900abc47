#include "sim/base/error.hpp"
#include "sim/base/field_writer.hpp"
#include "sim/base/json.hpp"
#include "sim/base/text.hpp"
#include "sim/sweep/sweep_config.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::sweep {
namespace {

// Twelve digits: enough for any design, and the same text whatever the last bit of a power is.
double rounded(double v) {
    if (v == 0) { return 0; }
    const double scale = std::pow(10.0, 11 - std::floor(std::log10(std::abs(v))));
    return std::round(v * scale) / scale;
}

std::string text_of(const Axis& axis, double v) {
    if (axis.step > 0) { v = std::round(v / axis.step) * axis.step; }
    if (axis.whole) { return std::to_string(std::llround(v)); }
    const JsonValue number = plain_number(rounded(v));
    if (axis.unit.empty()) { return write_json(number, 0); }
    return write_json(JsonValue::string(write_json(number, 0) + " " + axis.unit), 0);
}

}  // namespace

std::string Axis::level(std::size_t i) const {
    if (!values.empty()) { return values.at(i); }
    invariant(i < levels(), "a range has no such level");
    const double share = count > 1 ? static_cast<double>(i) / (count - 1) : 0.0;
    return text_of(*this, logarithmic ? from * std::pow(to / from, share) : from + (to - from) * share);
}

std::string Axis::at(double share) const {
    if (!values.empty()) {
        const auto i = static_cast<std::size_t>(share * static_cast<double>(values.size()));
        return values[std::min(i, values.size() - 1)];
    }
    // A range of whole numbers has to - from + 1 of them, each equally likely.
    if (whole && step == 0 && !logarithmic) {
        return std::to_string(std::llround(from + std::floor(share * (to - from + 1))));
    }
    return text_of(*this, logarithmic ? from * std::pow(to / from, share) : from + (to - from) * share);
}

}  // namespace tessera::sweep
