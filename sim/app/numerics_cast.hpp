// What a cast to a narrow format costs in accuracy, and one dot product seen instruction by instruction.
#pragma once

#include "models/numerics/inputs.hpp"
#include "models/numerics/mma.hpp"
#include "models/numerics/quantize.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tessera {

struct CastExperiment {
    int rows = 1024, k = 4096;
    numerics::Distribution data = numerics::Distribution::normal;
    std::uint64_t seed = 1;
    numerics::Format format = numerics::Format::e4m3;
    std::string group = "1x128";
    numerics::ScaleFormat scale = numerics::ScaleFormat::fp32;
    numerics::Rounding rounding = numerics::Rounding::nearest_even;
};

struct CastOutcome {
    double relative_frobenius = 0;  // sqrt(sum of squared differences / sum of squares)
    double max_relative = 0;        // largest difference / own value, where the code is not zero
    double flushed = 0;             // share of values that became zero without being zero
    double at_largest = 0;          // share of values that became the largest of the format
    double mean_signed = 0;         // mean difference / mean magnitude: the bias of the rounding
    double bits_per_value = 0;      // storage, scales included
};
// Throws ConfigError as quantize() does.
CastOutcome run_cast(const CastExperiment& e);

struct DotStep {
    int k = 0;         // elements summed so far
    float sum = 0;     // FP32 accumulator after the instruction, promoted sums included
    double exact = 0;  // float64 sum so far
};
struct DotOutcome {
    numerics::MmaSpec mma;
    std::vector<DotStep> steps;
    float result = 0;
    double exact = 0, magnitudes = 0;
};
// a and b are converted to `format` first. ConfigError unless both have the same positive length, a multiple of the
// instruction's k. `promotion` as in GEMMs.
DotOutcome run_dot(const numerics::MmaSpec& mma, numerics::Format format, const std::vector<float>& a,
                   const std::vector<float>& b, int promotion);

// Numbers from a JSON file: [1, 2.5, ...]. ConfigError for anything else.
std::vector<float> read_numbers(const std::string& path);

}  // namespace tessera
