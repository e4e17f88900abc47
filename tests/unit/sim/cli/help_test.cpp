#include "sim/cli/help.hpp"
#include "sim/cli/verbs.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

using namespace tessera::cli;

TEST_CASE("the program's help names every verb, exit code and common option") {
    const std::string text = program_help();
    for (const Verb& v : verbs()) {
        CHECK(text.find("  " + v.name + " ") != std::string::npos);
        CHECK(text.find(v.summary) != std::string::npos);
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
