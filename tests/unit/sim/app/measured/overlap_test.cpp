#include "sim/app/measured/overlap.hpp"

#include "sim/app/measured/read_cases.hpp"
#include "sim/base/json.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::h200;

namespace {

std::vector<measured::Case> read(const std::string& text) {
    return measured::read_cases(parse_json(text, "test"), "test", h200());
}

const char* const overlap = R"({"cases": [{"family": "overlap", "dtype": "bf16", "shape": {"M": 4096, "N": 4096,
    "K": 7168}, "gemm": "bf16_tn", "carve": 0, "copy": "memcpy", "gemm_alone_us": 318, "copy_alone_us": 512,
    "copy_alone_gbs": 4196, "gemm_slowdown": 2.44, "copy_slowdown": 1.58}]})";

}  // namespace

TEST_CASE("a GEMM and a copy that both fill the GPU alternate: each waits for one of the other") {
    const auto cases = read(overlap);
    REQUIRE(cases.size() == 2);
    CHECK(cases[0].measured == Approx(1 / 2.44));
    const SystemConfig system = h200();
    const double gemm = cases[0].probe(system, {}).value, copy = cases[1].probe(system, {}).value;
    CHECK(gemm + copy == Approx(1).epsilon(0.06));
    CHECK(copy > gemm);  // the longer one loses less
}

TEST_CASE("a copy that is neither the driver's nor numbered is refused") {
    std::string odd = overlap;
    odd.replace(odd.find("memcpy"), 6, "copyx");
    CHECK(read(odd)[0].problem.find("number of thread blocks") != std::string::npos);
}
