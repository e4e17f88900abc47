#include "sim/cli/man_page.hpp"
#include "sim/cli/verbs.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace tessera::cli;

TEST_CASE("the page has every verb, operand, option and example") {
    const std::string page = man_page();
    for (const Verb& v : verbs()) {
        INFO(v.name);
        CHECK(page.find(".SS " + roff_escaped(v.usage) + "\n") != std::string::npos);
        for (const OptionSpec& o : options_of(v)) {
            CHECK(page.find("\\fB" + roff_escaped(o.name) + "\\fP") != std::string::npos);
        }
        for (const auto& example : v.examples) { CHECK(page.find(roff_escaped(example.first)) != std::string::npos); }
    }
}

TEST_CASE("no line of text is read as a request of roff") {
    std::istringstream lines(man_page());
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK_FALSE(line.empty());
        if (line[0] == '.') {
            CHECK(std::string("TH SH SS TP PP RS RE nf fi br").find(line.substr(1, 2)) != std::string::npos);
        }
        CHECK(line[0] != '\'');
    }
    CHECK(roff_escaped(".a\n'b \\ -c") == "\\&.a\n\\&\\(aqb \\e \\-c");
}
