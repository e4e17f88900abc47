#include "sim/cli/help.hpp"

#include "sim/cli/verbs.hpp"

namespace tessera::cli {
namespace {

constexpr std::size_t kTextColumn = 26;

// "  left            right", the right part in its column, on a line of its own if the left is too long.
std::string entry(const std::string& left, const std::string& right) {
    std::string line = "  " + left;
    if (line.size() + 2 > kTextColumn) {
        line += "\n" + std::string(kTextColumn, ' ');
    } else {
        line += std::string(kTextColumn - line.size(), ' ');
    }
    return line + right + "\n";
}

std::string option_entry(const OptionSpec& o) {
    return entry(o.value.empty() ? o.name : o.name + " " + o.value,
                 o.repeatable ? o.help + " (may be repeated)" : o.help);
}

}  // namespace

std::string program_help() {
    std::string text =
        "tessera: what would a proposed piece of accelerator hardware be worth?\n\n"
        "usage: tessera VERB [ARGUMENTS] [OPTIONS]\n\nverbs:\n";
    for (const Verb& v : verbs()) { text += entry(v.name, v.summary); }
    text += "\ncommon options:\n";
    for (const OptionSpec& o : common_options()) { text += option_entry(o); }
    text += "\nexamples:\n";
    for (const Verb& v : verbs()) { text += "  " + v.examples.front().first + "\n"; }
    text +=
        "\nexit codes: 0 done, 1 a stated tolerance was missed (validate), 2 the input is wrong, 3 outside what the\n"
        "model can represent, 4 a bug of tessera. 'tessera VERB --help' says more about a verb.\n";
    return text;
}

std::string verb_help(const Verb& verb) {
    std::string text = "usage: tessera " + verb.usage + "\n\n" + verb.summary + "\n";
    if (!verb.details.empty()) { text += "\n" + verb.details + "\n"; }
    text += "\noptions:\n";
    for (const OptionSpec& o : options_of(verb)) { text += option_entry(o); }
    text += verb.examples.size() == 1 ? "\nexample:\n" : "\nexamples:\n";
    for (const auto& [command, what] : verb.examples) {
        text.append("  ").append(command).append("\n      ").append(what).append("\n");
    }
    return text;
}

}  // namespace tessera::cli
