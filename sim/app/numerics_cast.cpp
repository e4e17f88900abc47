#include "sim/app/numerics_cast.hpp"

#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tessera {

using numerics::GemmOperand;

CastOutcome run_cast(const CastExperiment& e) {
    const std::vector<float> values = numerics::draw(e.data, e.rows, e.k, e.seed);
    const numerics::GroupShape group = numerics::group_named(e.group, e.rows, e.k, "--group");
    const GemmOperand o = numerics::quantize(values, e.rows, e.k, {e.format, group, e.scale, e.rounding, e.seed});
    const std::vector<double> back = numerics::dequantized(o);
    const numerics::FormatSpec& s = numerics::spec(e.format);
    const std::uint32_t magnitude_bits = (1U << unsigned(s.exponent_bits + s.fraction_bits)) - 1;
    double squares = 0, of_values = 0, difference = 0, magnitude = 0;
    std::int64_t flushed = 0, largest = 0;
    CastOutcome out;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double d = back[i] - values[i];
        squares += d * d;
        of_values += static_cast<double>(values[i]) * values[i];
        difference += d;
        magnitude += std::fabs(values[i]);
        const std::uint32_t code = o.codes[i] & magnitude_bits;
        flushed += code == 0 && values[i] != 0 ? 1 : 0;
        largest += code == s.max_finite_code() ? 1 : 0;
        if (code != 0 && values[i] != 0) { out.max_relative = std::max(out.max_relative, std::fabs(d / values[i])); }
    }
    const auto n = static_cast<double>(values.size());
    out.relative_frobenius = std::sqrt(squares / std::max(of_values, std::numeric_limits<double>::min()));
    out.flushed = static_cast<double>(flushed) / n;
    out.at_largest = static_cast<double>(largest) / n;
    out.mean_signed = magnitude > 0 ? difference / magnitude : 0;
    out.bits_per_value = s.bits() + static_cast<double>(numerics::scale_bits(e.scale)) *
                                        static_cast<double>(o.scales.factors.size()) / n;
    return out;
}

DotOutcome run_dot(const numerics::MmaSpec& mma, numerics::Format format, const std::vector<float>& a,
                   const std::vector<float>& b, int promotion) {
    const auto step = static_cast<std::size_t>(mma.k);
    if (a.size() != b.size() || a.empty() || a.size() % step != 0) {
        throw ConfigError("dot", "",
                          "vectors of " + std::to_string(a.size()) + " and " + std::to_string(b.size()) +
                              " values: expected the same length, a multiple of the instruction's " +
                              std::to_string(step),
                          "pad with zeros");
    }
    if (promotion < 0 || promotion % mma.k != 0) {
        throw ConfigError("dot", "",
                          "the promotion interval " + std::to_string(promotion) +
                              " is no multiple of the instruction's " + std::to_string(step));
    }
    const int k = static_cast<int>(a.size());
    const numerics::Conversion to{format, numerics::Rounding::nearest_even, true};
    const GemmOperand x = numerics::cast(a, 1, k, to), y = numerics::cast(b, 1, k, to);
    const std::vector<double> u = numerics::dequantized(x), v = numerics::dequantized(y);
    DotOutcome out;
    out.mma = mma;
    float promoted = 0, sum = 0;
    numerics::ExactSum exact(mma.exact ? format : numerics::Format::e4m3);
    for (std::size_t i = 0; i < a.size(); i += step) {
        for (std::size_t j = i; j < i + step; ++j) {
            out.exact += u[j] * v[j];
            out.magnitudes += std::fabs(u[j] * v[j]);
            if (mma.exact) { exact.add(x.codes[j], y.codes[j]); }
        }
        sum = mma.exact ? exact.rounded() : numerics::mma_dot(mma, format, &x.codes[i], &y.codes[i], mma.k, sum);
        const int done = static_cast<int>(i) + mma.k;
        out.steps.push_back({done, promoted + sum, out.exact});
        if (promotion > 0 && done % promotion == 0) {
            promoted += sum;
            sum = 0;
            exact.clear();
        }
    }
    out.result = out.steps.back().sum;
    return out;
}

std::vector<float> read_numbers(const std::string& path) {
    const JsonValue root = read_json_file(path);
    if (!root.is_array()) { throw ConfigError(path, "", "expected an array of numbers"); }
    std::vector<float> numbers;
    for (const JsonValue& v : root.items()) {
        const double x = v.is_number() ? v.as_double() : std::numeric_limits<double>::quiet_NaN();
        if (!(std::fabs(x) <= static_cast<double>(std::numeric_limits<float>::max()))) {
            throw ConfigError(path, "/" + std::to_string(numbers.size()), "expected a number that FP32 holds");
        }
        numbers.push_back(static_cast<float>(x));
    }
    return numbers;
}

}  // namespace tessera
