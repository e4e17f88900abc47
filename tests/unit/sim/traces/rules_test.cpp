#include "sim/traces/rules.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "tests/support/small_trace.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

std::vector<std::string> problems(const std::string& rules) {
    std::vector<std::string> out;
    try {
        traces::parse_rules(parse_json(R"({"schema": "tessera.rules/1", "name": "x", "rules": [)" + rules + "]}", "r"),
                            "r");
    } catch (const ConfigError& e) {
        for (const Diagnostic& d : e.diagnostics()) { out.push_back(d.pointer + ": " + d.message); }
    }
    return out;
}

}  // namespace

TEST_CASE("a rule file reads into patterns, conditions and roles") {
    const traces::RuleFile f = traces::parse_rules(parse_json(testing::small_rules(), "r"), "r");
    CHECK(f.name == "small");
    CHECK(f.constants.at("tokens") == 4096);
    REQUIRE(f.rules.size() == 3);
    CHECK(f.rules[0].common.role == "cast_x");
    CHECK(f.rules[0].common.pass == TaskPass::forward);
    CHECK(f.rules[1].in.at(0).first == "step");
    CHECK(f.rules[1].in.at(0).second.at(0).let.at(0).second == "tokens / 2");
    CHECK(f.rules[1].sms == "blocks");
}

TEST_CASE("shipped rule files read") {
    const std::vector<std::string> names = shipped_configs("rules");
    CHECK(std::find(names.begin(), names.end(), "deepseek_v3") != names.end());
    for (const std::string& name : names) {
        CAPTURE(name);
        CHECK(traces::read_rules(find_config("rules", name)).rules.size() > 10);
    }
}

TEST_CASE("every problem of a rule file is reported with its place") {
    CHECK(problems(R"({"name": "a{", "role": "x"}, {"name": "b", "role": "x", "kernel": {"kind": "none"}})") ==
          std::vector<std::string>{
              "/rules/0/name: pattern \"a{\": a { is not closed",
              problems(R"({"name": "c", "role": "x"}, {"name": "b", "role": "x", "kernel": {"kind": "none"}})").at(0)});
    CHECK(problems(R"({"name": "a"})") ==
          std::vector<std::string>{"/rules/0: a rule needs a \"role\", or an \"in\" with roles by region"});
    CHECK(problems(R"({"name": "a", "role": "x", "wen": "1"})") ==
          std::vector<std::string>{"/rules/0/wen: unknown key"});
    CHECK(problems(R"({"name": "a", "role": "x", "when": "1 +"})") ==
          std::vector<std::string>{"/rules/0/when: formula \"1 +\": it ends too early"});
    CHECK(problems(R"({"name": "a", "role": "x", "kernel": {"kind": "fill", "rows": "2"}})") ==
          std::vector<std::string>{"/rules/0/kernel: a kernel of kind fill needs \"cols\""});
    CHECK(problems(R"({"name": "a", "role": "x", "kernel": {"kind": "fill", "rows": 1, "cols": 1, "colour": 1}})") ==
          std::vector<std::string>{"/rules/0/kernel/colour: unknown key"});
    CHECK(problems(R"({"name": "a", "role": "x", "pass": "sideways"})")
              .at(0)
              .rfind("/rules/0/pass: \"sideways\" is none of", 0) == 0);
    CHECK_THROWS_AS(
        traces::parse_rules(parse_json(R"({"schema": "tessera.rules/2", "name": "x", "rules": []})", "r"), "r"),
        ConfigError);
    CHECK_THROWS_AS(traces::parse_rules(parse_json("[]", "r"), "r"), ConfigError);
}
