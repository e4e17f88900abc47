#include "sim/base/text.hpp"
#include "sim/cli/candidates.hpp"
#include "sim/cli/completion_script.hpp"
#include "sim/cli/verbs.hpp"

#include <algorithm>
#include <ostream>

namespace tessera::cli {
namespace {

int run(Arguments& arguments, std::ostream& out) {
    const std::vector<std::string>& given = arguments.positionals();
    if (given.empty()) { arguments.problem("completion needs a shell", "one of " + join(shells(), ", ")); }
    arguments.finish();
    if (given.front() == "words") {
        out << to_lines(candidates({given.begin() + 1, given.end()}));
        return 0;
    }
    if (std::count(shells().begin(), shells().end(), given.front()) == 0) {
        throw ConfigError("command line", "", "no completion for the shell \"" + given.front() + "\"",
                          suggestion(given.front(), shells()));
    }
    if (given.size() > 1) { throw ConfigError("command line", "", "unexpected argument \"" + given[1] + "\""); }
    out << completion_script(given.front());
    return 0;
}

}  // namespace

Verb completion_verb() {
    Verb v;
    v.name = "completion";
    v.usage = "completion bash|zsh|fish";
    v.summary = "a script with which the shell completes verbs, options, names and files";
    v.details =
        "bash: source <(tessera completion bash), in ~/.bashrc to keep it. zsh: save the script as _tessera in a "
        "folder of $fpath. fish: save it as ~/.config/fish/completions/tessera.fish. An installed package brings all "
        "three. The scripts ask 'tessera completion words -- WORD...' what fits at the end of the words.";
    v.examples = {{"tessera completion bash > tessera.bash", "then: source tessera.bash"},
                  {"tessera completion words -- explain warp", "what could follow, one word a line"}};
    std::vector<std::string> kinds = shells();
    kinds.emplace_back("words");
    v.operands = {{"SHELL", "bash, zsh or fish", one_of(std::move(kinds)), false},
                  {"WORD", "words: the command line so far, behind --", {}, true}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
