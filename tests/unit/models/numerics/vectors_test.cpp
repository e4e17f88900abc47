#include "models/numerics/vectors.hpp"

#include "sim/base/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::numerics;

namespace {

const testing::TemporaryFolder& folder() {
    static const testing::TemporaryFolder f;
    return f;
}

std::string manifest(const std::string& entry) {
    return folder().write("vectors.json", "{\"vectors\": [" + entry + "]}");
}

std::string cvt(const std::string& hex, const std::string& kind = "cvt.rn.satfinite.e4m3") {
    return "{\"file\": \"v\", \"kind\": \"" + kind +
           "\", \"record\": \"float32 in, uint8 out\", \"records\": 1, \"hex\": \"" + hex + "\"}";
}

// One output of 1 x 1: 32 ones times 32 ones plus 1.
std::string wgmma(const std::string& d, const std::string& k = "32", const std::string& step = "32") {
    std::string ones;
    for (int i = 0; i < 64; ++i) { ones += "38"; }
    return R"({"file": "v", "kind": "wgmma", "type": "e4m3", "m": 1, "n": 1, "k": )" + k +
           R"(, "k_per_instruction": )" + step + R"(, "trials": 1, "hex": ")" + ones + "0000803f" + d + "\"}";
}

}  // namespace

TEST_CASE("equal results are counted, and a wrong one is found and named") {
    std::vector<VectorCase> c = check_vectors(manifest(cvt("0000803f38") + "," + wgmma("00000442")));
    REQUIRE(c.size() == 2);
    CHECK(c[0].outputs == 1);
    CHECK(c[0].different == 0);
    CHECK(c[1].different == 0);
    CHECK(c[1].error() == 0);
    c = check_vectors(manifest(cvt("0000803f39") + "," + wgmma("01000442")));
    CHECK(c[0].error() == 1);
    CHECK(c[0].first_difference == "record 0, 0x3f800000, gives 0x00000038, recorded 0x00000039");
    CHECK(c[1].different == 1);
    CHECK(is_vector_manifest(manifest("")));
}

TEST_CASE("files of the wrong length, unknown kinds and formats are refused") {
    const auto refused = [](const std::string& entry, const std::string& why) {
        CHECK_THROWS_AS(check_vectors(manifest(entry)), ConfigError);
        CHECK_THROWS_WITH(check_vectors(manifest(entry)), Catch::Contains(why));
    };
    refused(cvt("0000803f"), "has 4 bytes, expected 5");
    refused(cvt("0000803f380"), "odd number");
    refused(cvt("0000803fzz"), "hexadecimal");
    refused(cvt("0000803f38", "cvt.rn.e9m9"), "unknown number format");
    refused(cvt("0000803f38", "dp4a"), "unknown kind");
    refused(wgmma("000004"), "expected 72");
    refused(wgmma("00000442", "32", "16"), "k_per_instruction");
    refused("7", "expected an object");
    refused(R"({"file": "absent.bin", "kind": "cvt.rn.bf16", "record": "uint16", "records": 1})", "cannot read");
    refused(R"({"file": "v", "kind": "cvt.rn.bf16", "record": "uint16", "records": -1, "hex": ""})", "integer from 1");
    CHECK_THROWS_AS(check_vectors(folder().write("other.json", "{}")), ConfigError);
    CHECK_THROWS_AS(check_vectors(folder().path() + "/none.json"), ConfigError);
}
