#include "sim/base/json.hpp"
#include "sim/cli/verbs.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace tessera;
using namespace tessera::cli;

namespace {

std::string answer(const std::vector<std::string>& words) {
    const Verb v = network_verb();
    Arguments arguments(words, options_of(v), most_operands(v));
    std::ostringstream out;
    const int code = v.run(arguments, out);
    CHECK(code == 0);
    return out.str();
}

}  // namespace

TEST_CASE("the verb says time, limits and bytes, for people and for machines") {
    const std::string text = answer({"all-to-all", "--gpus", "2048", "--bytes", "64 MiB"});
    CHECK(text.find("all-to-all among 2048 GPUs of h800, mpft") == 0);
    CHECK(text.find("NIC") != std::string::npos);
    const JsonValue json = parse_json(answer({"all-reduce", "--gpus", "16", "--mode", "packet", "--json"}), "answer");
    CHECK(json.find("schema")->as_string() == "tessera.network/1");
    CHECK(json.find("time_s")->as_double() > 0);
    CHECK(json.find("injected_bytes")->as_integer() == json.find("delivered_bytes")->as_integer());
}

TEST_CASE("a wrong pattern or number is refused") {
    CHECK_THROWS_AS(answer({"all-to-none"}), ConfigError);
    CHECK_THROWS_AS(answer({}), ConfigError);
    CHECK_THROWS_AS(answer({"all-to-all", "--gpus", "-4"}), ConfigError);
    CHECK_THROWS_AS(answer({"all-to-all", "--bytes", "64"}), ConfigError);
}
