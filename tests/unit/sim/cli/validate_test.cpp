#include "sim/base/json.hpp"
#include "sim/cli/program.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace tessera;
using testing::TemporaryFolder;

namespace {

struct Outcome {
    int code;
    std::string out, err;
};

Outcome call(const std::vector<std::string>& words) {
    std::ostringstream out, err;
    const int code = cli::run_program(words, out, err);
    return {code, out.str(), err.str()};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a set that does not exist, and files that cannot be written, are refused at once") {
    const TemporaryFolder folder;
    const Outcome o = call({"validate", "--set", "h800-trian"});
    CHECK(o.code == 2);
    CHECK(holds(o.err, "did you mean \"h800-train\"?"));
    CHECK(holds(call({"validate", "--set", "nccl,nvlonk"}).err, "did you mean \"nvlink\"?"));
    CHECK(call({"validate", "--json", folder.path()}).code == 2);
    CHECK(call({"validate", "--json", folder.path() + "/none/x.json"}).code == 2);
    CHECK(call({"validate", "--set", "workload.tokns=3"}).code == 2);
    CHECK(call({"validate", "more"}).code == 2);
    CHECK(call({"validate", "--data", folder.path() + "/none.json"}).code == 2);
}

TEST_CASE("a file of measurements: errors, limiters and what is not covered, as text and as JSON") {
    const TemporaryFolder folder;
    const std::string data = folder.path() + "/m.json", answer = folder.path() + "/errors.json";
    write_file_atomically(data, R"({"cases": [
        {"family": "gemm", "variant": "fp8_block", "dtype": "fp8", "shape": {"M": 256, "N": 512, "K": 1024}, "us": 9,
         "sm_mhz": 1500},
        {"family": "gemm", "variant": "fp8_block", "dtype": "fp8", "shape": {"M": 256, "N": 512, "K": 1024}, "us": 9,
         "sm_mhz": 0}]})");
    const Outcome o = call({"validate", "--data", data, "--json", answer, "-j", "1"});
    CHECK(o.code == 0);
    CHECK(holds(o.out, "limited by"));
    CHECK(holds(o.out, "/cases/1/sm_mhz: expected a positive number"));
    CHECK(holds(o.out, "1 cases are not covered"));
    const JsonValue json = read_json_file(answer);
    CHECK(json.find("schema")->as_string() == "tessera.validate/1");
    CHECK(json.find("cases")->items().size() == 2);
    CHECK(json.find("cases")->items()[0].find("limiter") != nullptr);
    CHECK_FALSE(json.find("cases")->items()[1].find("covered")->as_boolean());
    CHECK(json.find("summary")->find("gemm")->find("covered")->as_integer() == 1);
}
