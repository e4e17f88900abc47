#include "sim/cli/program.hpp"

#include "sim/base/json.hpp"
#include "tests/support/small_trace.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <sstream>

using namespace tessera;

namespace {

struct Outcome {
    int code = 0;
    std::string out, err;
};

Outcome call(const std::vector<std::string>& words) {
    std::ostringstream out, err;
    const int code = cli::run_program(words, out, err);
    return {code, out.str(), err.str()};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("import writes a workload and says what it recognised") {
    const testing::TemporaryFolder folder;
    const std::string trace = folder.write("trace.json", testing::small_trace());
    const std::string rules = folder.write("rules.json", testing::small_rules());
    const std::string w = folder.write("w.json", "");
    const Outcome text = call({"import", "kineto", trace, "-o", w, "--rules", rules});
    CHECK(text.code == 0);
    CHECK(holds(text.out, "named by rules (small): 90.0 %"));
    CHECK(holds(text.out, "ns::mystery"));
    CHECK(read_json_file(w).find("schema")->as_string() == "tessera.workload/1");
    const JsonValue json =
        parse_json(call({"import", "kineto", trace, "-o", w, "--rules", rules, "--json"}).out, "out");
    CHECK(json.find("kernels")->as_integer() == 4);
    CHECK(json.find("unknown")->items().size() == 1);
}

TEST_CASE("a truncated trace is imported as far as it goes, with a word about it") {
    const testing::TemporaryFolder folder;
    const std::string text = testing::small_trace();
    const std::string trace = folder.write("trace.json", text.substr(0, text.size() - 40));
    const Outcome o = call({"import", "kineto", trace, "-o", folder.write("w.json", "")});
    CHECK(o.code == 0);
    CHECK(holds(o.out, "the file breaks off: not JSON from byte"));
}

TEST_CASE("import refuses what it cannot do, and leaves no file") {
    const testing::TemporaryFolder folder;
    const std::string trace = folder.write("trace.json", "[]");
    const std::string w = trace + ".w";
    CHECK(call({"import"}).code == 2);
    CHECK(call({"import", "kineto", trace}).code == 2);
    CHECK(call({"import", "nsys", trace, "-o", w}).code == 2);
    const Outcome empty = call({"import", "kineto", trace, "-o", w});
    CHECK(empty.code == 2);
    CHECK(holds(empty.err, "no GPU kernel among 0 events"));
    CHECK_FALSE(std::filesystem::exists(w));
}
