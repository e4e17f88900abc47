// covers: vectors.cpp recorded_curve.cpp
#include "models/numerics/recorded_curve.hpp"
#include "models/numerics/vectors.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

using namespace tessera::numerics;

namespace {

const std::string kKept = TESSERA_SOURCE_DIR "/tests/validation/h200_numerics/vectors.json";
const std::string kWhole = TESSERA_SOURCE_DIR "/../shared/silicon/h200/numerics/";

void check_all(const std::string& manifest, std::int64_t at_least) {
    std::int64_t outputs = 0;
    for (const VectorCase& c : check_vectors(manifest)) {
        INFO(c.file << ": " << c.first_difference);
        CHECK(c.different == 0);
        outputs += c.outputs;
    }
    CHECK(outputs >= at_least);
}

}  // namespace

TEST_CASE("every kept output of an H200 is reproduced bit for bit") { check_all(kKept, 5000); }

TEST_CASE("every recorded output of an H200 is reproduced bit for bit") {
    if (!std::filesystem::exists(kWhole + "vectors.json")) {
        WARN("skipped: the whole recording is not beside the source tree");
        return;
    }
    check_all(kWhole + "vectors.json", 299008);
}

TEST_CASE("the recorded error curve is reproduced") {
    if (!std::filesystem::exists(kWhole + "numerics.json")) {
        WARN("skipped: the recorded curve is not beside the source tree");
        return;
    }
    for (const CurveFigure& f : recorded_curve(kWhole + "numerics.json", 2048)) {
        INFO(f.id);
        CHECK(std::fabs(f.error()) < 1e-8);
    }
}
