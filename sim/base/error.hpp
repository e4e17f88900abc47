// The three kinds of failure. Libraries throw; only the command line prints and exits.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace tessera {

// One problem in the user's input: where it is, what is wrong, what was expected, what to do.
struct Diagnostic {
    std::string file;     // file name, "--set" or "command line"; empty if not tied to one
    std::string pointer;  // JSON pointer inside the file ("/hbm/stacks"); empty for the whole file
    std::string message;  // what is wrong and what was expected
    std::string hint;     // "did you mean ...", allowed values; may be empty
};

// "file: /pointer: message (hint)", one line, no trailing newline.
std::string to_string(const Diagnostic& d);

// The user's input is wrong: exit code 2. Carries every problem found, not only the first.
class ConfigError : public std::runtime_error {
public:
    explicit ConfigError(std::vector<Diagnostic> diagnostics);
    explicit ConfigError(Diagnostic diagnostic);
    ConfigError(std::string file, std::string pointer, std::string message, std::string hint = {});
    const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

private:
    std::vector<Diagnostic> diagnostics_;
};

// The input is well-formed but outside what the model can represent: exit code 3.
class ModelError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// A broken invariant of ours, never the user's fault: exit code 4.
class InternalError : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

// Throws InternalError with `what` unless `condition` holds.
inline void invariant(bool condition, const char* what) {
    if (!condition) { throw InternalError(what); }
}

enum class ExitCode : int { ok = 0, tolerance_missed = 1, config = 2, model = 3, internal = 4 };

}  // namespace tessera
