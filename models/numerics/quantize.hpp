// Group quantization: blocks of a matrix share a scale, so that the largest magnitude of each becomes the largest
// value of the narrow format. Recipe: DeepSeek-V3 report (arXiv 2412.19437), section 3.3.2, with 1x128 activations
// and 128x128 weights; 128x1 for activations of the weight gradient; 1x32 and 1x16 as in OCP MX and NVFP4.
#pragma once

#include "models/numerics/convert.hpp"
#include "models/numerics/gemm.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::numerics {

struct GroupShape {
    int rows = 1, k = 128;
};
// "1x128", "128x1", "128x128", "1x32", "1x16", or any ROWSxK; "none" is one group for the whole matrix. ConfigError
// otherwise, naming `where`.
GroupShape group_named(std::string_view name, int rows, int k, const std::string& where);

enum class ScaleFormat : std::uint8_t {
    fp32,          // largest / largest finite value, rounded to FP32
    power_of_two,  // the next power of two not below that, kept as FP32
    ue8m0          // the same in 8 bits: exponents -127 .. 127
};
ScaleFormat scale_format_named(std::string_view name, const std::string& where);
std::string_view to_string(ScaleFormat f);
int scale_bits(ScaleFormat f);

struct Quantization {
    Format format = Format::e4m3;
    GroupShape group;
    ScaleFormat scale = ScaleFormat::fp32;
    Rounding rounding = Rounding::nearest_even;  // of elements
    std::uint64_t seed = 1;                      // of stochastic rounding
};

// The scale factor of a group whose largest magnitude is `largest`: what codes are multiplied by to get values back.
// Groups of zeros take `smallest_magnitude` as their largest (DeepSeek's kernels clamp at 1e-4).
constexpr float kSmallestMagnitude = 1e-4F;
float group_scale(float largest, Format format, ScaleFormat scale);

// values: rows x k, k contiguous. Element: convert(value * (1 / scale)), FP32 multiplication by the rounded inverse, as
// the kernels do. ConfigError if a group shape does not divide the matrix, or values are not finite.
GemmOperand quantize(const std::vector<float>& values, int rows, int k, const Quantization& q);

// Elements without scales (one to one conversion).
GemmOperand cast(const std::vector<float>& values, int rows, int k, const Conversion& c, std::uint64_t seed = 1);

// decode(code) * scale, exact in double.
std::vector<double> dequantized(const GemmOperand& o);

}  // namespace tessera::numerics
