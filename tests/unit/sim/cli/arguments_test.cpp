#include "sim/cli/arguments.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::cli::Arguments;
using tessera::cli::one_of;
using tessera::cli::OptionSpec;

namespace {

std::vector<OptionSpec> specs() {
    return {{"--out", "DIR", ""}, {"--set", "P=V", "", true}, {"-j", "N", ""}, {"--json", "", ""}, {"--sms", "N", ""}};
}

Arguments parse(const std::vector<std::string>& words) { return Arguments(words, specs(), 1); }

std::vector<Diagnostic> problems(const Arguments& a) {
    try {
        a.finish();
    } catch (const ConfigError& e) { return e.diagnostics(); }
    return {};
}

}  // namespace

TEST_CASE("values apart, after an equals sign and glued to a short option") {
    Arguments a = parse({"file", "--out", "dir", "--set=a=1", "--set", "b=2", "-j4", "--json"});
    a.finish();
    CHECK(a.positionals() == std::vector<std::string>{"file"});
    CHECK(a.text("--out") == "dir");
    CHECK(a.all("--set") == std::vector<std::string>{"a=1", "b=2"});
    CHECK(a.integer("-j", 1, 1, 8) == 4);
    CHECK(a.has("--json"));
    CHECK_FALSE(a.has("--sms"));
}

TEST_CASE("two dashes end the options and a negative number is a value") {
    CHECK(parse({"--", "--json"}).positionals() == std::vector<std::string>{"--json"});
    Arguments a = parse({"--sms", "-3"});
    CHECK(a.integer("--sms", 7, 1, 132) == 7);
    REQUIRE(problems(a).size() == 1);
    CHECK(problems(a)[0].message == "--sms is -3: expected a value from 1 to 132");
}

TEST_CASE("every problem is told, each once, with what may have been meant") {
    const auto p = problems(parse({"--ouut", "x", "--out", "--json=1", "y", "z"}));
    REQUIRE(p.size() == 4);  // x belongs to the misspelt option, y is the one argument
    CHECK(p[0].message == "unknown option \"--ouut\"");
    CHECK(p[0].hint == "did you mean \"--out\"?");
    CHECK(p[1].message == "--out needs a value");
    CHECK(p[2].message == "--json takes no value");
    CHECK(p[3].message.find("unexpected argument") == 0);
}

TEST_CASE("an option that is not repeatable may stand once") {
    CHECK(problems(parse({"--out", "a", "--out", "b"})).at(0).message == "--out is given twice: \"a\" and \"b\"");
    CHECK(problems(parse({"--out="})).at(0).message == "--out has an empty value");
}

TEST_CASE("numbers: text, fractions, infinities and ranges") {
    for (const char* word : {"many", "1e", "nan", "inf", "1.5", "0", "133", ""}) {
        Arguments a = parse({std::string("--sms=") + word});
        a.integer("--sms", 5, 1, 132);
        INFO(word);
        CHECK(problems(a).size() >= 1);
    }
    Arguments a = parse({"--sms", "1e2"});
    CHECK(a.integer("--sms", 5, 1, 132) == 100);
    CHECK(problems(a).empty());
}

TEST_CASE("choices name what is allowed") {
    const std::vector<OptionSpec> specs = {{"--out", "MODE", "", false, one_of({"none", "block"})}, {"--in", "X", ""}};
    CHECK(Arguments({"--out", "block"}, specs, 0).choice("--out", 0) == 1);
    CHECK(Arguments({}, specs, 0).choice("--out", 1) == 1);
    CHECK_THROWS_AS(Arguments({}, specs, 0).choice("--in", 0), InternalError);
    Arguments a({"--out", "blok"}, specs, 0);
    CHECK(a.choice("--out", 0) == 0);
    REQUIRE(problems(a).size() == 1);
    CHECK(problems(a)[0].message == "--out is \"blok\": expected one of none, block");
    CHECK(problems(a)[0].hint == "did you mean \"block\"?");
}
