#include "sim/base/error.hpp"

#include <utility>

namespace tessera {

namespace {

std::string all_lines(const std::vector<Diagnostic>& diagnostics) {
    std::string text;
    for (const Diagnostic& d : diagnostics) {
        if (!text.empty()) { text += '\n'; }
        text += to_string(d);
    }
    return text.empty() ? "invalid input" : text;
}

}  // namespace

std::string to_string(const Diagnostic& d) {
    std::string text;
    for (const std::string* place : {&d.file, &d.pointer}) {
        if (!place->empty()) { text += *place + ": "; }
    }
    text += d.message;
    if (!d.hint.empty()) { text += " (" + d.hint + ")"; }
    for (char& c : text) {
        if (c == '\n' || c == '\r') { c = ' '; }
    }
    return text;
}

ConfigError::ConfigError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(all_lines(diagnostics)), diagnostics_(std::move(diagnostics)) {}

ConfigError::ConfigError(Diagnostic diagnostic) : ConfigError(std::vector<Diagnostic>{std::move(diagnostic)}) {}

ConfigError::ConfigError(std::string file, std::string pointer, std::string message, std::string hint)
    : ConfigError(Diagnostic{std::move(file), std::move(pointer), std::move(message), std::move(hint)}) {}

}  // namespace tessera
