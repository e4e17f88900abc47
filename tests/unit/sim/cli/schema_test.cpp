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

TEST_CASE("a schema per kind, as JSON") {
    for (const char* kind : {"system", "model", "workload", "run", "sweep"}) {
        const Outcome o = call({"schema", kind});
        CHECK(o.code == 0);
        CHECK(parse_json(o.out, kind).find("$schema") != nullptr);
    }
}

TEST_CASE("an unknown kind is refused") {
    CHECK(call({"schema", "ran"}).code == 2);
    CHECK(holds(call({"schema"}).err, "schema needs a kind"));
}
