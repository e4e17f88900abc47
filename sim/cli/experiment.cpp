#include "sim/cli/experiment.hpp"

#include "sim/config/loader.hpp"

#include <algorithm>
#include <cctype>

namespace tessera::cli {

RunConfig load_experiment(const Arguments& arguments, const std::vector<std::string>& sets) {
    if (arguments.positionals().empty()) { return default_run_config(sets); }
    return load_run_config(find_config("runs", arguments.positionals().front()), sets);
}

std::string command_of(const std::string& verb, const Arguments& arguments, const std::vector<std::string>& sets) {
    std::string command = "tessera " + verb;
    for (const std::string& p : arguments.positionals()) { command += " " + shell_quoted(p); }
    for (const std::string& s : sets) { command += " --set " + shell_quoted(s); }
    return command + " --out DIR";
}

std::string shell_quoted(const std::string& word) {
    const auto safe = [](unsigned char c) {
        return std::isalnum(c) != 0 || std::string("-_./=,:+@%").find(static_cast<char>(c)) != std::string::npos;
    };
    if (!word.empty() && std::all_of(word.begin(), word.end(), safe)) { return word; }
    std::string out = "'";
    for (const char c : word) { out += c == '\'' ? std::string("'\\''") : std::string(1, c); }
    return out + "'";
}

}  // namespace tessera::cli
