// Predicted against measured times of memory-bound and attention kernels on an H200, at the measured SM clock.
#include "sim/app/validate_measured.hpp"
#include "tests/support/systems.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

using namespace tessera;
using tessera::testing::h200;

namespace {

// Absolute errors of the covered cases of these families.
std::vector<double> errors(const std::string& set, const std::set<std::string>& families) {
    std::vector<measured::Case> cases = h200_cases(set, h200());
    const auto other = [&](const measured::Case& c) { return families.count(c.family) == 0; };
    cases.erase(std::remove_if(cases.begin(), cases.end(), other), cases.end());
    std::vector<double> out;
    for (const ValidationCase& c : validate_cases(set, "", cases, h200(), {}).cases) {
        if (c.covered) { out.push_back(std::abs(c.error())); }
    }
    return out;
}

}  // namespace

TEST_CASE("casts, transposes, norms and SwiGLU stay within their tolerance", "[validation]") {
    const std::vector<double> e =
        errors("h200-streams", {"cast_1x128", "cast_128x128", "cast_128x1_transpose", "requant_transpose", "rmsnorm",
                                "swiglu_fwd_cast", "swiglu_bwd", "residual_add", "rope", "copy_ctas"});
    REQUIRE(e.size() > 50);
    CHECK(quantile(e, 0.5) < 0.06);
    CHECK(quantile(e, 0.9) < 0.16);
}

TEST_CASE("software quantization kernels stay within their tolerance", "[validation]") {
    const std::vector<double> e = errors("h200-quantization", {"quantization"});
    REQUIRE(e.size() == 70);
    CHECK(quantile(e, 0.5) < 0.12);
    CHECK(quantile(e, 0.9) < 0.27);
}

TEST_CASE("attention kernels stay within their tolerance", "[validation]") {
    std::vector<double> e = errors("h200-streams", {"attn_fwd", "attn_bwd"});
    const std::vector<double> more = errors("h200-flashmla", {"flashmla dense_decode", "flashmla mha_prefill_torch"});
    e.insert(e.end(), more.begin(), more.end());
    REQUIRE(e.size() >= 13);
    CHECK(quantile(e, 0.5) < 0.06);
    CHECK(quantile(e, 0.9) < 0.12);
}

TEST_CASE("whole layers stay within their tolerance", "[validation]") {
    const std::vector<double> e = errors("h200-layer", {"layer"});
    REQUIRE(e.size() == 15);
    CHECK(quantile(e, 0.5) < 0.04);
    CHECK(quantile(e, 0.9) < 0.10);
}
