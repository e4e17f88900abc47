#include "models/numerics/inputs.hpp"

#include "sim/base/error.hpp"
#include "sim/base/rng.hpp"

#include <cmath>

namespace tessera::numerics {
namespace {

constexpr int kOutlierEvery = 128;
constexpr double kOutlierFactor = 100;

double student_t3(Rng& random) {
    const double z = random.normal(), a = random.normal(), b = random.normal(), c = random.normal();
    return z / std::sqrt((a * a + b * b + c * c) / 3);
}

double one(Distribution d, int column, Rng& random) {
    switch (d) {
        case Distribution::normal: return random.normal();
        case Distribution::same_sign: return std::fabs(random.normal());
        case Distribution::heavy_tail: return student_t3(random);
        case Distribution::outlier:
            return random.normal() * (column % kOutlierEvery == kOutlierEvery / 2 ? kOutlierFactor : 1.0);
    }
    return 0;
}

}  // namespace

const std::vector<Distribution>& distributions() {
    static const std::vector<Distribution> all = {Distribution::normal, Distribution::same_sign,
                                                  Distribution::heavy_tail, Distribution::outlier};
    return all;
}

std::string_view to_string(Distribution d) {
    switch (d) {
        case Distribution::normal: return "normal";
        case Distribution::same_sign: return "same_sign";
        case Distribution::heavy_tail: return "heavy_tail";
        case Distribution::outlier: return "outlier";
    }
    return "";
}

Distribution distribution_named(std::string_view name, const std::string& where) {
    for (const Distribution d : distributions()) {
        if (to_string(d) == name) { return d; }
    }
    throw ConfigError(where, "", "unknown distribution \"" + std::string(name) + "\"",
                      "normal, same_sign, heavy_tail or outlier");
}

std::vector<float> draw(Distribution d, int rows, int columns, std::uint64_t seed) {
    Rng random(seed, static_cast<std::uint64_t>(d));
    std::vector<float> values;
    values.reserve(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
    for (int i = 0; i < rows; ++i) {
        for (int j = 0; j < columns; ++j) { values.push_back(static_cast<float>(one(d, j, random))); }
    }
    return values;
}

}  // namespace tessera::numerics
