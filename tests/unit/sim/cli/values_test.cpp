#include "sim/cli/values.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;

namespace {

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::count(words.begin(), words.end(), word) == 1;
}

}  // namespace

TEST_CASE("the name of an option's value says what completes it, unless the option says it itself") {
    CHECK(values_of({"--data", "FILE", ""}).files);
    CHECK(values_of({"--out", "DIR", ""}).folders);
    const Values number = values_of({"--m", "N", ""});
    CHECK_FALSE(number.files);
    CHECK_FALSE(number.folders);
    CHECK(all_words(number).empty());
    const Values own = values_of({"--x", "FILE", "", false, one_of({"a"})});
    CHECK_FALSE(own.files);
    CHECK(own.words == std::vector<std::string>{"a"});
}

TEST_CASE("a configuration is a shipped name or a file") {
    const Values v = configuration("systems");
    CHECK(v.files);
    CHECK(has(all_words(v), "h800"));
}

TEST_CASE("--set completes to every value of a run, in the form that it takes") {
    const std::vector<std::string> paths = all_words(configuration_path());
    CHECK(has(paths, "system.hbm.peak="));
    CHECK(has(paths, "workload.tokens="));
    CHECK(std::all_of(paths.begin(), paths.end(),
                      [](const std::string& p) { return p.find('/') == std::string::npos && p.back() == '='; }));
}

TEST_CASE("names that cannot be found leave the fixed words") {
    Values v = one_of({"a"});
    v.names = []() -> std::vector<std::string> { throw ConfigError("", "", "no configurations"); };
    CHECK(all_words(v) == std::vector<std::string>{"a"});
}
