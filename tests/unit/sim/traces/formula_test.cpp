#include "sim/traces/formula.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

std::optional<std::int64_t> value(const char* formula) {
    const traces::Names names = [](std::string_view name) -> std::optional<std::int64_t> {
        if (name == "smem") { return 218052; }
        if (name == "tokens") { return 4096; }
        return std::nullopt;
    };
    return traces::evaluate(formula, names).value;
}

}  // namespace

TEST_CASE("arithmetic binds as in C") {
    CHECK(value("(smem - 217604) * 16") == 7168);
    CHECK(value("2 + 3 * 4 - 6 / 2") == 11);
    CHECK(value("-2 * -3") == 6);
    CHECK(value("17 % 5") == 2);
    CHECK(value("ceil_div(tokens + 1, 128)") == 33);
    CHECK(value("min(3, max(1, 2))") == 2);
}

TEST_CASE("conditions give 0 or 1") {
    CHECK(value("tokens == 4096 && smem > 0") == 1);
    CHECK(value("tokens != 4096 || smem < 0") == 0);
    CHECK(value("!(1 >= 2)") == 1);
    CHECK(value("1 + 3 * (tokens <= 4096)") == 4);
}

TEST_CASE("what has no value says why") {
    const traces::Names none = [](std::string_view) -> std::optional<std::int64_t> { return std::nullopt; };
    const auto why = [&](const char* f) { return traces::evaluate(f, none).problem; };
    CHECK(why("rows * 2") == "rows has no value");
    CHECK(why("7 / 2") == "7 / 2 does not come out even");
    CHECK(why("1 / 0") == "division by zero");
    CHECK(why("9223372036854775807 + 1") == "the result is beyond 64 bits");
    CHECK(why("(-9223372036854775807 - 1) / -1") == "the result is beyond 64 bits");
    CHECK(why("99999999999999999999") == "a number is too large");
    CHECK(why("ceil_div(1, 0)") == "ceil_div of a negative value or by none");
    CHECK(why("") == "it ends too early");
}

TEST_CASE("syntax is checked without values") {
    CHECK(traces::syntax_problem("rows / 128 - (1 / 0)").empty());
    CHECK(traces::syntax_problem("rows / ") == "it ends too early");
    CHECK(traces::syntax_problem("(rows") == "a ( is not closed");
    CHECK(traces::syntax_problem("rows rows") == "unexpected \"rows\"");
    CHECK(traces::syntax_problem("min(1)") == "min needs two values");
    CHECK(traces::syntax_problem(std::string(1000, '(') + "1" + std::string(1000, ')')) ==
          "nested deeper than 64 levels");
    CHECK(traces::syntax_problem(std::string(1000, '-') + "1") == "nested deeper than 64 levels");
}
