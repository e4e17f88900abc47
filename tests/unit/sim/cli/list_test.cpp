#include "sim/base/json.hpp"
#include "sim/cli/program.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace tessera;

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

TEST_CASE("list names all that ships, alike in text and JSON") {
    const std::string text = call({"list"}).out;
    const JsonValue json = parse_json(call({"list", "--json"}).out, "stdout");
    for (const char* kind : {"systems", "models", "runs", "sweeps"}) {
        REQUIRE_FALSE(json.find(kind)->items().empty());
        for (const JsonValue& name : json.find(kind)->items()) { CHECK(holds(text, "  " + name.as_string() + "\n")); }
    }
    for (const char* kind : {"rules", "sets", "families"}) {
        REQUIRE_FALSE(json.find(kind)->items().empty());
        for (const JsonValue& name : json.find(kind)->items()) { CHECK(holds(text, name.as_string())); }
    }
    CHECK(json.find("proposals")->items().size() == 8);
    CHECK(call({"list", "more"}).code == 2);
}
