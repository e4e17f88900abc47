#include "models/numerics/recorded_curve.hpp"

#include "sim/base/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace tessera;
using namespace tessera::numerics;

TEST_CASE("the same inputs give the recorded figures, other inputs of the same kind nearly so") {
    // Two entries of the recording on an H200.
    const testing::TemporaryFolder folder;
    const std::string path = folder.write("numerics.json", R"({"device": "NVIDIA H200",
      "gemm_K128_promo0_norm": {"trials": 4, "rel_fro": 0.000129340072, "max_rel": 0.25, "max_err_over_sumabs": 0.00013447297},
      "gemm_K512_promo128_pos": {"trials": 4, "rel_fro": 0.000625752338, "max_rel": 0.000938616967,
                                 "max_err_over_sumabs": 0.000938616967}})");
    const std::vector<CurveFigure> exact = recorded_curve(path, 1024);
    REQUIRE(exact.size() == 6);
    for (const CurveFigure& f : exact) { CHECK(std::fabs(f.error()) < 1e-8); }  // nine digits were recorded
    CHECK(exact[3].id == "gemm_K512_promo128_pos/rel_fro");
    CHECK(recorded_curve(path, 256).size() == 3);
    for (const CurveFigure& f : recorded_curve(path, 1024, 77)) {
        if (f.quantity == "rel_fro") { CHECK(std::fabs(f.error()) < 0.1); }
    }
}

TEST_CASE("files without the curve are refused") {
    const testing::TemporaryFolder folder;
    CHECK_THROWS_AS(recorded_curve(folder.write("a.json", "{}"), 128), ConfigError);
    CHECK_THROWS_AS(recorded_curve(folder.write("b.json", "[]"), 128), ConfigError);
    CHECK_THROWS_AS(recorded_curve(folder.write("c.json", R"({"gemm_K128_promo0_norm": {"trials": 4}})"), 128),
                    ConfigError);
    CHECK_THROWS_AS(recorded_curve(folder.write("d.json", R"({"gemm_K128_promo0_norm": 4})"), 128), ConfigError);
}
