// The words after a verb: options and positional arguments, checked against what the verb declares. Problems are
// collected and thrown together, so that the user sees all of them at once.
#pragma once

#include "sim/base/error.hpp"
#include "sim/cli/values.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tessera::cli {

class Arguments {
public:
    // "--name value", "--name=value" and "-jN" are understood; "--" ends the options. Problems (unknown option with a
    // suggestion, missing value, repeated option, too many positional arguments) wait for finish().
    Arguments(const std::vector<std::string>& words, std::vector<OptionSpec> specs, std::size_t most_positionals);

    const std::vector<std::string>& positionals() const { return positionals_; }
    bool has(const std::string& name) const { return values_.count(name) != 0; }
    std::string text(const std::string& name, const std::string& otherwise = {}) const;
    const std::vector<std::string>& all(const std::string& name) const;

    // Typed values; one that does not read or lies outside [low, high] is a problem and yields `otherwise`.
    std::int64_t integer(const std::string& name, std::int64_t otherwise, std::int64_t low, std::int64_t high);
    double number(const std::string& name, double otherwise, double low, double high);
    // Index into the words that the option declares as one_of(...).
    std::size_t choice(const std::string& name, std::size_t otherwise);

    // "--m is needed for a gemm" and the like, from the verb itself.
    void problem(const std::string& message, const std::string& hint = {});
    // Throws ConfigError with every problem met so far.
    void finish() const;

private:
    const OptionSpec* spec(const std::string& name) const;
    void take_option(const std::vector<std::string>& words, std::size_t& at);
    void store(const OptionSpec& option, const std::string& value);
    std::vector<OptionSpec> specs_;
    std::map<std::string, std::vector<std::string>> values_;
    std::vector<std::string> positionals_;
    std::vector<Diagnostic> problems_;
};

}  // namespace tessera::cli
