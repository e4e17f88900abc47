#include "models/numerics/quantize.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::numerics {
namespace {

std::size_t cell(int row, int columns, int column) {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column);
}

void check_shape(const std::vector<float>& values, int rows, int k) {
    if (rows <= 0 || k <= 0 || values.size() != cell(rows, k, 0)) {
        throw ConfigError("quantize", "",
                          "a matrix of " + std::to_string(rows) + " x " + std::to_string(k) + " with " +
                              std::to_string(values.size()) + " values");
    }
}

// -1 if `text` is no positive number.
int positive(std::string_view text) {
    int v = 0;
    for (const char c : text) {
        if (c < '0' || c > '9' || v > 1000000) { return -1; }
        v = v * 10 + (c - '0');
    }
    return text.empty() || v == 0 ? -1 : v;
}

float largest_of(const std::vector<float>& values, int k, const GroupShape& g, int row, int column) {
    float largest = 0;
    for (int i = row; i < row + g.rows; ++i) {
        for (int j = column; j < column + g.k; ++j) {
            const float v = std::fabs(values[cell(i, k, j)]);
            if (!std::isfinite(v)) {
                throw ConfigError(
                    "quantize", "",
                    "the value in row " + std::to_string(i) + ", column " + std::to_string(j) + " is not finite");
            }
            largest = std::max(largest, v);
        }
    }
    return largest;
}

}  // namespace

GroupShape group_named(std::string_view name, int rows, int k, const std::string& where) {
    if (name == "none") { return {rows, k}; }
    const std::size_t x = name.find('x');
    const int r = x == std::string_view::npos ? -1 : positive(name.substr(0, x));
    const int c = x == std::string_view::npos ? -1 : positive(name.substr(x + 1));
    if (r < 0 || c < 0) {
        throw ConfigError(where, "", "unknown scale group \"" + std::string(name) + "\"",
                          "ROWSxK such as 1x128, 128x1, 128x128, 1x32, 1x16, or none");
    }
    return {r, c};
}

ScaleFormat scale_format_named(std::string_view name, const std::string& where) {
    for (const ScaleFormat f : {ScaleFormat::fp32, ScaleFormat::power_of_two, ScaleFormat::ue8m0}) {
        if (to_string(f) == name) { return f; }
    }
    throw ConfigError(where, "", "unknown scale format \"" + std::string(name) + "\"", "fp32, power_of_two or ue8m0");
}

std::string_view to_string(ScaleFormat f) {
    switch (f) {
        case ScaleFormat::fp32: return "fp32";
        case ScaleFormat::power_of_two: return "power_of_two";
        case ScaleFormat::ue8m0: return "ue8m0";
    }
    return "";
}

int scale_bits(ScaleFormat f) { return f == ScaleFormat::ue8m0 ? 8 : 32; }

float group_scale(float largest, Format format, ScaleFormat scale) {
    const auto top = static_cast<float>(spec(format).max_finite());
    const float ratio = std::max(largest, kSmallestMagnitude) / top;
    if (scale == ScaleFormat::fp32) { return ratio; }
    const Conversion up{Format::ue8m0, Rounding::upward, true};
    return static_cast<float>(decode(convert(ratio, up), Format::ue8m0));
}

GemmOperand quantize(const std::vector<float>& values, int rows, int k, const Quantization& q) {
    check_shape(values, rows, k);
    const GroupShape& g = q.group;
    if (g.rows <= 0 || g.k <= 0 || rows % g.rows != 0 || k % g.k != 0) {
        throw ConfigError("quantize", "",
                          "scale groups of " + std::to_string(g.rows) + " x " + std::to_string(g.k) +
                              " do not divide a matrix of " + std::to_string(rows) + " x " + std::to_string(k));
    }
    GemmOperand o{q.format, rows, k, std::vector<std::uint16_t>(values.size()), {}};
    o.scales = {g.rows, g.k, k / g.k, {}};
    Rng random(q.seed);
    const Conversion to{q.format, q.rounding, true};
    for (int row = 0; row < rows; row += g.rows) {
        for (int column = 0; column < k; column += g.k) {
            const float scale = group_scale(largest_of(values, k, g, row, column), q.format, q.scale);
            const float inverse = 1.0F / scale;
            o.scales.factors.push_back(scale);
            for (int i = row; i < row + g.rows; ++i) {
                for (int j = column; j < column + g.k; ++j) {
                    const std::uint64_t bits = q.rounding == Rounding::stochastic ? random.next() : 0;
                    o.codes[cell(i, k, j)] =
                        static_cast<std::uint16_t>(convert(values[cell(i, k, j)] * inverse, to, bits));
                }
            }
        }
    }
    return o;
}

GemmOperand cast(const std::vector<float>& values, int rows, int k, const Conversion& c, std::uint64_t seed) {
    check_shape(values, rows, k);
    GemmOperand o{c.to, rows, k, {}, {}};
    o.codes.reserve(values.size());
    Rng random(seed);
    for (const float v : values) {
        const std::uint64_t bits = c.rounding == Rounding::stochastic ? random.next() : 0;
        o.codes.push_back(static_cast<std::uint16_t>(convert(v, c, bits)));
    }
    return o;
}

std::vector<double> dequantized(const GemmOperand& o) {
    const std::vector<float>& table = decode_table(o.format);
    std::vector<double> values(o.codes.size());
    for (int i = 0; i < o.rows; ++i) {
        for (int j = 0; j < o.k; ++j) {
            const std::size_t at = cell(i, o.k, j);
            values[at] = static_cast<double>(table[o.codes[at]]) * o.scales.at(i, j);
        }
    }
    return values;
}

}  // namespace tessera::numerics
