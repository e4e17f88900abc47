// Distance of a computed GEMM from the same GEMM in float64.
#pragma once

#include <cstdint>
#include <vector>

namespace tessera::numerics {

// D = A * B^T in float64, k in order, and the sums of the terms' magnitudes. m x n, row by row.
struct Float64Gemm {
    std::vector<double> sums, magnitudes;
};
Float64Gemm float64_gemm(const std::vector<double>& a, const std::vector<double>& b, int m, int n, int k, int threads);

struct GemmError {
    double relative_frobenius = 0;   // sqrt(sum of squared errors / sum of squared results)
    double max_relative = 0;         // largest |error| / |result| where the result is not zero
    double max_over_magnitudes = 0;  // largest |error| / sum of |a b|: independent of cancellation
    double max_over_rms = 0;         // largest |error| / root mean square of the results
    double mean_signed = 0;          // mean of error / result, so that truncation's pull toward zero shows
    std::int64_t compared = 0;       // outputs that are finite in both
    std::int64_t not_finite = 0;     // the others
};
GemmError gemm_error(const std::vector<float>& computed, const Float64Gemm& reference);

}  // namespace tessera::numerics
