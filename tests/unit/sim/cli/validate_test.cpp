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
    CHECK(call({"validate", "--json", folder.path()}).code == 2);
    CHECK(call({"validate", "--json", folder.path() + "/none/x.json"}).code == 2);
    CHECK(call({"validate", "--set", "workload.tokns=3"}).code == 2);
    CHECK(call({"validate", "more"}).code == 2);
}
