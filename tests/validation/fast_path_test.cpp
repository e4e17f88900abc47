// The folding of SMs and the skipping of periods against the simulation of every tile, on measured kernels.
#include "sim/app/price_launches.hpp"
#include "sim/app/validate_measured.hpp"
#include "sim/base/rng.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::h200;

namespace {

constexpr std::size_t kSampled = 40;
constexpr double kAllowed = 0.005;

std::vector<measured::Case> sampled_kernels() {
    std::vector<measured::Case> all;
    for (const char* set : {"h200-gemm", "h200-deepgemm", "h200-flashmla", "h200-streams"}) {
        for (measured::Case& c : h200_cases(set, h200())) {
            if (c.problem.empty() && !c.launches.empty()) { all.push_back(std::move(c)); }
        }
    }
    REQUIRE(all.size() > 2 * kSampled);
    Rng rng(2026);
    std::vector<measured::Case> sample;
    for (std::size_t i = 0; i < kSampled; ++i) { sample.push_back(all[rng.below(all.size())]); }
    return sample;
}

}  // namespace

TEST_CASE("the fast path stays within half a percent of every tile on forty measured kernels") {
    const std::vector<measured::Case> cases = sampled_kernels();
    const auto fast = price_launches(cases, h200(), false, 2), exact = price_launches(cases, h200(), true, 2);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        CAPTURE(cases[i].id);
        REQUIRE(fast[i].size() == exact[i].size());
        for (std::size_t k = 0; k < fast[i].size(); ++k) {
            CHECK(fast[i][k].problem == exact[i][k].problem);
            CHECK(to_nanoseconds(fast[i][k].time) ==
                  Approx(to_nanoseconds(exact[i][k].time)).epsilon(kAllowed).margin(1e-9));
        }
    }
}
