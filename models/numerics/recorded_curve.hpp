// The error statistics that scripts on an H200 recorded beside the vectors (numerics.json), computed again: the
// inputs are drawn as the recording program drew them, std::mt19937 seeded with 1234 and std::normal_distribution,
// so with the same standard library the very same GEMMs are run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tessera::numerics {

struct CurveFigure {
    std::string id;        // "gemm_K4096_promo128_pos/rel_fro"
    std::string quantity;  // rel_fro, max_rel or max_err_over_sumabs
    int k = 0, promotion = 0;
    bool same_sign = false;
    double measured = 0, computed = 0;
    double error() const { return measured == 0 ? computed : computed / measured - 1; }
};

constexpr std::uint32_t kRecordedSeed = 1234;

// Figures of every entry "gemm_K<k>_promo<n>_<norm|pos>" with k at most `most_k`: as many trials of 64 x 8 outputs as
// were recorded. Another seed draws other data of the same distribution. ConfigError for unreadable files and entries.
std::vector<CurveFigure> recorded_curve(const std::string& path, int most_k, std::uint32_t seed = kRecordedSeed,
                                        int threads = 0);

}  // namespace tessera::numerics
