#include "sim/traces/formula.hpp"

#include <algorithm>
#include <limits>

namespace tessera::traces {
namespace {

constexpr int max_depth = 64;

struct Failure {
    std::string what;
};

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Reads and works out in one go. With `check`, names have no values and arithmetic does not fail.
class Evaluator {
public:
    Evaluator(std::string_view text, const Names* names) : text_(text), names_(names) {}

    std::int64_t whole() {
        const std::int64_t v = either();
        skip_space();
        if (at_ < text_.size()) { throw Failure{"unexpected \"" + std::string(text_.substr(at_, 12)) + "\""}; }
        return v;
    }

private:
    using Binary = std::int64_t (Evaluator::*)();

    void skip_space() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) { ++at_; }
    }
    bool take(std::string_view token) {
        skip_space();
        if (text_.compare(at_, token.size(), token) != 0) { return false; }
        at_ += token.size();
        return true;
    }
    std::int64_t either() {
        std::int64_t v = both();
        while (take("||")) {
            const std::int64_t w = both();
            v = v != 0 || w != 0 ? 1 : 0;
        }
        return v;
    }
    std::int64_t both() {
        std::int64_t v = comparison();
        while (take("&&")) {
            const std::int64_t w = comparison();
            v = v != 0 && w != 0 ? 1 : 0;
        }
        return v;
    }
    std::int64_t comparison() {
        const std::int64_t v = sum();
        if (take("==")) { return v == sum() ? 1 : 0; }
        if (take("!=")) { return v != sum() ? 1 : 0; }
        if (take("<=")) { return v <= sum() ? 1 : 0; }
        if (take(">=")) { return v >= sum() ? 1 : 0; }
        if (take("<")) { return v < sum() ? 1 : 0; }
        if (take(">")) { return v > sum() ? 1 : 0; }
        return v;
    }
    std::int64_t sum() {
        std::int64_t v = product(), result = 0;
        for (;;) {
            if (take("+")) {
                v = checked(__builtin_add_overflow(v, product(), &result), result);
            } else if (take("-")) {
                v = checked(__builtin_sub_overflow(v, product(), &result), result);
            } else {
                return v;
            }
        }
    }
    std::int64_t product() {
        std::int64_t v = unary(), result = 0;
        for (;;) {
            if (take("*")) {
                v = checked(__builtin_mul_overflow(v, unary(), &result), result);
            } else if (take("/")) {
                v = divided(v, unary(), '/');
            } else if (take("%")) {
                v = divided(v, unary(), '%');
            } else {
                return v;
            }
        }
    }
    std::int64_t unary() {
        if (++depth_ > max_depth) { throw Failure{"nested deeper than 64 levels"}; }
        std::int64_t v = 0, result = 0;
        if (take("-")) {
            v = unary();
            v = checked(__builtin_sub_overflow(std::int64_t{0}, v, &result), result);
        } else if (take("!")) {
            v = unary() == 0 ? 1 : 0;
        } else {
            v = primary();
        }
        --depth_;
        return v;
    }
    std::int64_t primary() {
        skip_space();
        if (take("(")) {
            const std::int64_t v = either();
            if (!take(")")) { throw Failure{"a ( is not closed"}; }
            return v;
        }
        if (at_ < text_.size() && digit(text_[at_])) { return number(); }
        if (at_ < text_.size() && letter(text_[at_])) { return named(); }
        throw Failure{at_ < text_.size() ? "unexpected \"" + std::string(text_.substr(at_, 12)) + "\""
                                         : std::string("it ends too early")};
    }
    std::int64_t number() {
        std::int64_t v = 0;
        while (at_ < text_.size() && digit(text_[at_])) {
            if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, text_[at_] - '0', &v)) {
                throw Failure{"a number is too large"};
            }
            ++at_;
        }
        return v;
    }
    std::int64_t named() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && (letter(text_[at_]) || digit(text_[at_]))) { ++at_; }
        const std::string_view name = text_.substr(begin, at_ - begin);
        if (name == "min" || name == "max" || name == "ceil_div") { return call(name); }
        if (names_ == nullptr) { return 1; }
        const std::optional<std::int64_t> v = (*names_)(name);
        if (!v) { throw Failure{std::string(name) + " has no value"}; }
        return *v;
    }
    std::int64_t call(std::string_view function) {
        if (!take("(")) { throw Failure{std::string(function) + " needs two values in parentheses"}; }
        const std::int64_t a = either();
        if (!take(",")) { throw Failure{std::string(function) + " needs two values"}; }
        const std::int64_t b = either();
        if (!take(")")) { throw Failure{"a ( is not closed"}; }
        if (function == "min") { return std::min(a, b); }
        if (function == "max") { return std::max(a, b); }
        if (names_ == nullptr) { return 1; }
        if (a < 0 || b <= 0) { throw Failure{"ceil_div of a negative value or by none"}; }
        return a / b + (a % b != 0 ? 1 : 0);
    }
    // The result by reference: it is written while the first argument is worked out.
    std::int64_t checked(bool overflow, const std::int64_t& v) const {
        if (!overflow) { return v; }
        if (names_ == nullptr) { return 1; }
        throw Failure{"the result is beyond 64 bits"};
    }
    std::int64_t divided(std::int64_t a, std::int64_t b, char op) const {
        if (names_ == nullptr) { return 1; }
        if (b == 0) { throw Failure{"division by zero"}; }
        if (b == -1) {
            return op == '%' ? 0
                             : checked(a == std::numeric_limits<std::int64_t>::min(),
                                       a == std::numeric_limits<std::int64_t>::min() ? a : -a);
        }
        if (op == '%') { return a % b; }
        if (a % b != 0) { throw Failure{std::to_string(a) + " / " + std::to_string(b) + " does not come out even"}; }
        return a / b;
    }

    std::string_view text_;
    const Names* names_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

FormulaResult evaluate(std::string_view formula, const Names& names) {
    try {
        return {Evaluator(formula, &names).whole(), {}};
    } catch (const Failure& f) { return {std::nullopt, f.what}; }
}

std::string syntax_problem(std::string_view formula) {
    try {
        Evaluator(formula, nullptr).whole();
        return {};
    } catch (const Failure& f) { return f.what; }
}

}  // namespace tessera::traces
