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

std::string pair(const char* a, const char* b, int a_sms) {
    return std::string(R"({"sections": {"H": {"items": [{"id": "H.pair", "a_sms": )") + std::to_string(a_sms) +
           R"(, "b_sms": )" + std::to_string(132 - a_sms) + R"(, "a": ")" + a + R"(", "b": ")" + b +
           R"(", "gemm_shape": "4096x4096x7168", "window_ms": 2,
             "a_alone_GBps": {"med": 400}, "a_both_GBps": {"med": 350}, "a_both_sm_ghz": {"med": 1.7},
             "b_alone_TFLOPs": {"med": 1700}, "b_both_TFLOPs": {"med": 1650}, "b_both_sm_ghz": {"med": 1.7},
             "b_alone_cycles_per_kblock": {"med": 512}}]}}})";
}

}  // namespace

TEST_CASE("a pair of roles becomes a case for each, judged in points") {
    const auto cases = read(pair("copy (TMA)", "wgmma only, operands in shared memory", 4));
    REQUIRE(cases.size() == 2);
    CHECK(cases[0].measured == Approx(350.0 / 400));
    CHECK(cases[1].measured == Approx(1650.0 / 1700));
    for (const measured::Case& c : cases) {
        CHECK(c.problem.empty());
        CHECK(c.unit == "ratio");
        CHECK(c.judged == Judged::by_difference);
        REQUIRE(c.probe);
    }
    // Four SMs that copy take nothing from wgmma but a little power; their own speed goes with the clock.
    const SystemConfig system = h200();
    const double copy = cases[0].probe(system, {}).value, wgmma = cases[1].probe(system, {}).value;
    CHECK(copy > 0.8);
    CHECK(copy < 0.95);
    CHECK(wgmma > 0.95);
    CHECK(wgmma < 1.0);
}

TEST_CASE("roles that do not exist are refused, each as its own case") {
    const auto cases = read(pair("copy by hand", "wgmma only, operands in shared memory", 4));
    REQUIRE(cases.size() == 2);
    CHECK(cases[0].problem.find("no such role") != std::string::npos);
}
