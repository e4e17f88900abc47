#include "sim/cli/program.hpp"
#include "sim/cli/help.hpp"
#include "sim/cli/verbs.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <sstream>

using namespace tessera;
using namespace tessera::cli;

namespace {

struct Outcome {
    int code;
    std::string out, err;
};

Outcome call(const std::vector<std::string>& words) {
    std::ostringstream out, err;
    const int code = run_program(words, out, err);
    return {code, out.str(), err.str()};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("help and version go to stdout with code 0") {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{}, {"--help"}, {"help"}, {"-h"}, {"--version"}, {"list", "--version"}}) {
        const Outcome o = call(words);
        CHECK(o.code == 0);
        CHECK_FALSE(o.out.empty());
        CHECK(o.err.empty());
    }
}

TEST_CASE("every verb helps with an example that starts with its name, and options are declared once") {
    std::set<std::string> names;
    for (const Verb& v : verbs()) {
        INFO(v.name);
        CHECK(names.insert(v.name).second);
        REQUIRE_FALSE(v.examples.empty());
        for (const auto& example : v.examples) { CHECK(example.first.rfind("tessera " + v.name, 0) == 0); }
        CHECK(v.usage.rfind(v.name, 0) == 0);
        const Outcome o = call({v.name, "--help"});
        CHECK(o.code == 0);
        CHECK(o.out == verb_help(v));
        CHECK(holds(o.out, v.examples.front().first));
        std::set<std::string> options;
        for (const OptionSpec& s : options_of(v)) { CHECK(options.insert(s.name).second); }
    }
}

TEST_CASE("import and export are announced and ask for what they need") {
    for (const char* name : {"import", "export"}) {
        CHECK(call({name}).code == 2);
        CHECK(holds(program_help(), std::string("  ") + name + " "));
    }
}

TEST_CASE("a wrong verb is one line on stderr with a suggestion and code 2") {
    const Outcome o = call({"explian", "x"});
    CHECK(o.code == 2);
    CHECK(o.out.empty());
    CHECK(o.err == "tessera: error: command line: unknown verb \"explian\" (did you mean \"explain\"?)\n");
}

TEST_CASE("a stdout that fails is an error, not a silent success") {
    std::ostringstream out, err;
    out.setstate(std::ios::badbit);
    CHECK(run_program({"--version"}, out, err) == 2);
    CHECK(holds(err.str(), "standard output"));
}
