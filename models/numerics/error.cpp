#include "models/numerics/error.hpp"

#include "models/numerics/parallel.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tessera::numerics {

Float64Gemm float64_gemm(const std::vector<double>& a, const std::vector<double>& b, int m, int n, int k, int threads) {
    const auto rows = static_cast<std::size_t>(m), columns = static_cast<std::size_t>(n),
               depth = static_cast<std::size_t>(k);
    invariant(a.size() == rows * depth && b.size() == columns * depth, "float64_gemm(): sizes and shape differ");
    std::vector<double> transposed(b.size());  // k x n, so that neighbours along n are neighbours in memory
    for (std::size_t j = 0; j < columns; ++j) {
        for (std::size_t i = 0; i < depth; ++i) { transposed[i * columns + j] = b[j * depth + i]; }
    }
    Float64Gemm g{std::vector<double>(rows * columns), std::vector<double>(rows * columns)};
    run_parallel(m, threads, [&](int row) {
        double* sums = &g.sums[static_cast<std::size_t>(row) * columns];
        double* magnitudes = &g.magnitudes[static_cast<std::size_t>(row) * columns];
        for (std::size_t i = 0; i < depth; ++i) {
            const double x = a[static_cast<std::size_t>(row) * depth + i];
            const double* y = &transposed[i * columns];
            for (std::size_t j = 0; j < columns; ++j) {
                const double product = x * y[j];
                sums[j] += product;
                magnitudes[j] += std::fabs(product);
            }
        }
    });
    return g;
}

GemmError gemm_error(const std::vector<float>& computed, const Float64Gemm& reference) {
    invariant(computed.size() == reference.sums.size(), "gemm_error(): results of different sizes");
    GemmError e;
    double squares = 0, of_results = 0, relative = 0, largest = 0;
    std::int64_t relatives = 0;
    for (std::size_t i = 0; i < computed.size(); ++i) {
        const double d = computed[i], s = reference.sums[i];
        if (!std::isfinite(d) || !std::isfinite(s)) {
            ++e.not_finite;
            continue;
        }
        ++e.compared;
        const double error = d - s;
        squares += error * error;
        largest = std::max(largest, std::fabs(error));
        of_results += s * s;
        if (s != 0) {
            e.max_relative = std::max(e.max_relative, std::fabs(error / s));
            relative += error / s;
            ++relatives;
        }
        if (reference.magnitudes[i] > 0) {
            e.max_over_magnitudes = std::max(e.max_over_magnitudes, std::fabs(error) / reference.magnitudes[i]);
        }
    }
    // Without any result to compare with, the smallest positive number stands in for the norm.
    const double norm = std::max(of_results, std::numeric_limits<double>::min());
    e.relative_frobenius = std::sqrt(squares / norm);
    e.max_over_rms = largest / std::sqrt(norm / static_cast<double>(std::max<std::int64_t>(e.compared, 1)));
    e.mean_signed = relatives == 0 ? 0 : relative / static_cast<double>(relatives);
    return e;
}

}  // namespace tessera::numerics
