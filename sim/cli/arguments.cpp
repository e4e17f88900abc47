#include "sim/cli/arguments.hpp"

#include "sim/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace tessera::cli {
namespace {

std::string quoted(const std::string& word) { return "\"" + word + "\""; }

bool is_option(const std::string& word) {
    return word.size() > 1 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9');
}

}  // namespace

Arguments::Arguments(const std::vector<std::string>& words, std::vector<OptionSpec> specs, std::size_t most_positionals)
    : specs_(std::move(specs)) {
    bool options = true;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const std::string& word = words[at];
        if (options && word == "--") {
            options = false;
        } else if (options && is_option(word)) {
            take_option(words, at);
        } else if (positionals_.size() < most_positionals) {
            positionals_.push_back(word);
        } else {
            problem("unexpected argument " + quoted(word));
        }
    }
}

const OptionSpec* Arguments::spec(const std::string& name) const {
    for (const OptionSpec& s : specs_) {
        if (s.name == name) { return &s; }
    }
    return nullptr;
}

void Arguments::take_option(const std::vector<std::string>& words, std::size_t& at) {
    const std::string& word = words[at];
    const std::size_t equals = word.find('=');
    std::string name = word.substr(0, equals), value;
    bool given = equals != std::string::npos;
    if (given) { value = word.substr(equals + 1); }
    const OptionSpec* option = spec(name);
    if (option == nullptr && word.size() > 2 && word[1] != '-') {  // "-j4"
        option = spec(word.substr(0, 2));
        if (option != nullptr && !option->value.empty()) {
            value = word.substr(2);
            given = true;
        } else {
            option = nullptr;
        }
    }
    if (option == nullptr) {
        std::vector<std::string> names;
        for (const OptionSpec& s : specs_) { names.push_back(s.name); }
        const std::string near = nearest(name, names);
        problem("unknown option " + quoted(name), near.empty() ? "" : "did you mean " + quoted(near) + "?");
        const OptionSpec* meant = spec(near);
        const bool has_value = meant != nullptr && !meant->value.empty() && !given;
        if (has_value && at + 1 < words.size() && !is_option(words[at + 1])) { ++at; }  // its value is no argument
        return;
    }
    if (option->value.empty()) {
        if (given) { problem(option->name + " takes no value"); }
        values_[option->name];
        return;
    }
    if (!given) {
        if (at + 1 >= words.size() || is_option(words[at + 1])) {
            problem(option->name + " needs a value", option->name + " " + option->value);
            return;
        }
        value = words[++at];
    }
    store(*option, value);
}

void Arguments::store(const OptionSpec& option, const std::string& value) {
    std::vector<std::string>& list = values_[option.name];
    if (value.empty()) {
        problem(option.name + " has an empty value", option.name + " " + option.value);
    } else if (!list.empty() && !option.repeatable) {
        problem(option.name + " is given twice: " + quoted(list.front()) + " and " + quoted(value));
    }
    list.push_back(value);
}

std::string Arguments::text(const std::string& name, const std::string& otherwise) const {
    const auto found = values_.find(name);
    return found == values_.end() || found->second.empty() ? otherwise : found->second.front();
}

const std::vector<std::string>& Arguments::all(const std::string& name) const {
    static const std::vector<std::string> none;
    const auto found = values_.find(name);
    return found == values_.end() ? none : found->second;
}

std::int64_t Arguments::integer(const std::string& name, std::int64_t otherwise, std::int64_t low, std::int64_t high) {
    if (all(name).empty()) { return otherwise; }
    const double v = number(name, static_cast<double>(otherwise), static_cast<double>(low), static_cast<double>(high));
    if (v != std::floor(v)) {
        problem(name + " is " + quoted(text(name)) + ": expected a whole number");
        return otherwise;
    }
    return static_cast<std::int64_t>(v);
}

double Arguments::number(const std::string& name, double otherwise, double low, double high) {
    if (all(name).empty()) { return otherwise; }
    const std::string word = text(name);
    char* end = nullptr;
    const double v = std::strtod(word.c_str(), &end);
    if (end == word.c_str() || *end != '\0' || !std::isfinite(v)) {
        problem(name + " is " + quoted(word) + ": expected a number");
        return otherwise;
    }
    if (v < low || v > high) {
        problem(name + " is " + word + ": expected a value from " + format_fixed(low, 0) + " to " +
                format_fixed(high, 0));
        return otherwise;
    }
    return v;
}

std::size_t Arguments::choice(const std::string& name, std::size_t otherwise) {
    const OptionSpec* option = spec(name);
    invariant(option != nullptr && !option->values.words.empty(), "choice() of an option that declares no words");
    if (all(name).empty()) { return otherwise; }
    const std::vector<std::string>& allowed = option->values.words;
    const std::string word = text(name);
    for (std::size_t i = 0; i < allowed.size(); ++i) {
        if (allowed[i] == word) { return i; }
    }
    problem(name + " is " + quoted(word) + ": expected one of " + join(allowed, ", "),
            nearest(word, allowed).empty() ? "" : suggestion(word, allowed));
    return otherwise;
}

void Arguments::problem(const std::string& message, const std::string& hint) {
    const bool known =
        std::any_of(problems_.begin(), problems_.end(), [&](const Diagnostic& d) { return d.message == message; });
    if (!known) { problems_.push_back({"command line", "", message, hint}); }
}

void Arguments::finish() const {
    if (!problems_.empty()) { throw ConfigError(problems_); }
}

}  // namespace tessera::cli
