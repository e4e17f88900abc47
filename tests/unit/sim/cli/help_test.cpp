#include "sim/cli/help.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/cli/wrapped.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace tessera;

using namespace tessera::cli;

namespace {

std::string one_line(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n';
        if (!space || (!out.empty() && out.back() != ' ')) { out += space ? ' ' : c; }
    }
    return out;
}

}  // namespace

TEST_CASE("the program's help names every verb, exit code and common option") {
    const std::string text = program_help();
    for (const Verb& v : verbs()) {
        CHECK(text.find("  " + v.name + " ") != std::string::npos);
        CHECK(one_line(text).find(v.summary) != std::string::npos);
    }
    for (const OptionSpec& o : common_options()) { CHECK(text.find(o.name) != std::string::npos); }
    CHECK(text.find("exit codes") != std::string::npos);
}

TEST_CASE("a long option's text starts on its own line") {
    Verb v;
    v.name = "x";
    v.usage = "x";
    v.options = {{"--a-very-long-option", "WITH-A-VALUE", "what it does", true}};
    v.examples = {{"tessera x", "an example"}};
    CHECK(verb_help(v).find("  --a-very-long-option WITH-A-VALUE\n" + std::string(26, ' ') +
                            "what it does (may be repeated)\n") != std::string::npos);
}

TEST_CASE("no line of help is wider than a terminal, except examples, which are copied") {
    for (const Verb& v : verbs()) {
        std::istringstream lines(verb_help(v));
        for (std::string line; std::getline(lines, line);) {
            INFO(line);
            const bool copied = line.rfind("  tessera ", 0) == 0 || line.rfind("usage:", 0) == 0;
            CHECK((copied || line.size() <= kTerminalWidth));
        }
    }
}

TEST_CASE("operands are explained, and exit codes are those of the program") {
    CHECK(verb_help(run_verb()).find("arguments:\n  CONFIG ") != std::string::npos);
    REQUIRE(exit_codes().size() == 5);
    for (std::size_t i = 0; i < 5; ++i) { CHECK(exit_codes()[i].first == std::to_string(i)); }
}
