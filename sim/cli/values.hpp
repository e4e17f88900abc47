// What may stand for the value of an option or for an operand. Shell completion offers it, the man page and help name
// it, and Arguments::choice() checks against it.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace tessera::cli {

struct Values {
    std::vector<std::string> words;                   // all that is allowed, or well-known examples beside files
    std::function<std::vector<std::string>()> names;  // further words, found when they are asked for
    bool files = false, folders = false;
};

Values one_of(std::vector<std::string> words);
Values a_file();
Values a_folder();
Values configuration(const std::string& kind);  // "systems", "models", "runs": a shipped name or a file
Values configuration_path();                    // "system.hbm.peak=", for --set

// Every word, those found now included; none if finding them fails, since completion must never disturb a shell.
std::vector<std::string> all_words(const Values& values);

// An operand in the place of its order: "compare [EXPERIMENT]".
struct OperandSpec {
    std::string name;  // "EXPERIMENT"
    std::string help;  // one line
    Values values{};
    bool repeatable = false;  // only the last operand may be
};

struct OptionSpec {
    std::string name;   // "--out", or "-j"
    std::string value;  // what stands for the value in help ("DIR"); empty: a switch
    std::string help;   // one line
    bool repeatable = false;
    Values values{};  // left empty: any file if `value` is "FILE", any folder if it is "DIR"
};

// What completes the option's value, by its own `values` or by the name of its value.
Values values_of(const OptionSpec& option);

}  // namespace tessera::cli
