// Another program, without a shell in between: arguments are passed as they are.
#pragma once

#include <string>
#include <vector>

namespace tessera::cli {

struct SubprocessResult {
    bool started = false;    // false: no such program
    bool timed_out = false;  // it was ended after the limit
    int exit_code = -1;
    std::string error_text;  // what it wrote to stderr, at most 64 KiB
};

// Runs arguments[0] (an absolute path) with stdin and stdout on /dev/null; ends it and its children after `limit_s`.
SubprocessResult run_subprocess(const std::vector<std::string>& arguments, double limit_s);

}  // namespace tessera::cli
