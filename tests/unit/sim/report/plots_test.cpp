#include "sim/report/plots.hpp"
#include "sim/base/json.hpp"
#include "sim/report/family.hpp"
#include "tests/support/sample_comparison.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

TEST_CASE("base64 as in RFC 4648, section 10") {
    CHECK(base64("").empty());
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foo") == "Zm9v");
    CHECK(base64("foobar") == "Zm9vYmFy");
    CHECK(base64(std::string("\xff\x00\x80", 3)) == "/wCA");
}

TEST_CASE("families of every class of the comparison") {
    const JsonValue root = parse_json(families_json(sample::comparison()), "families");
    CHECK(root.find("names")->items().size() == families().size());
    CHECK(root.find("of")->find("gemm_fp8_fwd")->as_integer() == 0);
    CHECK(root.find("of")->members().size() == 3);
}
