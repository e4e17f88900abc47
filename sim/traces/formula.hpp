// Integer formulas of rule files: "(smem - 217604) * 16", "grid_x == tokens && smem > 0", "ceil_div(rows, 128)".
//
// Operators, loosest first: || && | == != < <= > >= | + - | * / % | unary - !; parentheses; min, max and ceil_div of
// two values. Comparisons give 0 or 1. A division must come out even: a shape that does not is another kernel's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tessera::traces {

// The value of a name; nothing if there is no such name.
using Names = std::function<std::optional<std::int64_t>(std::string_view)>;

struct FormulaResult {
    std::optional<std::int64_t> value;
    std::string problem;  // why there is no value: "rows has no value", "7 / 2 does not come out even"
};

// Never throws: 64-bit overflow, division by zero, unknown names and nesting beyond 64 levels are problems.
FormulaResult evaluate(std::string_view formula, const Names& names);

// "" if the formula reads, else what is wrong with it, whatever the names mean.
std::string syntax_problem(std::string_view formula);

}  // namespace tessera::traces
