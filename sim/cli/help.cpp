#include "sim/cli/help.hpp"

#include "sim/base/text.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/cli/wrapped.hpp"

#include <algorithm>

namespace tessera::cli {
namespace {

constexpr std::size_t kTextColumn = 26;

// "  left            right", the right part in its column, on a line of its own if the left is too long.
std::string entry(const std::string& left, const std::string& right) {
    const std::string line = "  " + left;
    const std::string text = wrapped(right, std::string(kTextColumn, ' '));
    if (line.size() + 2 > kTextColumn) { return line + "\n" + text; }
    return line + text.substr(line.size());
}

// Paragraphs end at line breaks.
std::string paragraphs(const std::string& text) {
    std::string out;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        out += wrapped(text.substr(from, end - from), "");
        from = end + 1;
    }
    return out;
}

}  // namespace

const std::vector<std::pair<std::string, std::string>>& exit_codes() {
    static const std::vector<std::pair<std::string, std::string>> codes = {
        {"0", "done"},
        {"1", "a stated tolerance was missed (validate)"},
        {"2", "the input is wrong"},
        {"3", "outside what the model can represent"},
        {"4", "a bug of tessera"}};
    return codes;
}

std::string option_words(const OptionSpec& o) { return o.value.empty() ? o.name : o.name + " " + o.value; }

std::string option_text(const OptionSpec& o) { return o.repeatable ? o.help + " (may be repeated)" : o.help; }

std::string program_help() {
    std::string text =
        "tessera: " + std::string(kPurpose) + "\n\nusage: tessera VERB [ARGUMENTS] [OPTIONS]\n\nverbs:\n";
    for (const Verb& v : verbs()) { text += entry(v.name, v.summary); }
    text += "\ncommon options:\n";
    for (const OptionSpec& o : common_options()) { text += entry(option_words(o), option_text(o)); }
    text += "\nexamples:\n";
    for (const Verb& v : verbs()) { text += "  " + v.examples.front().first + "\n"; }
    std::vector<std::string> codes;
    for (const auto& [code, meaning] : exit_codes()) { codes.push_back(code + " " + meaning); }
    text += "\n" + wrapped("exit codes: " + join(codes, ", ") + ". 'tessera VERB --help' says more about a verb.", "");
    return text;
}

std::string verb_help(const Verb& verb) {
    std::string text = "usage: tessera " + verb.usage + "\n\n" + verb.summary + "\n";
    if (!verb.details.empty()) { text += "\n" + paragraphs(verb.details); }
    if (!verb.operands.empty()) { text += "\narguments:\n"; }
    for (const OperandSpec& o : verb.operands) { text += entry(o.name, o.help); }
    text += "\noptions:\n";
    for (const OptionSpec& o : options_of(verb)) { text += entry(option_words(o), option_text(o)); }
    text += verb.examples.size() == 1 ? "\nexample:\n" : "\nexamples:\n";
    for (const auto& [command, what] : verb.examples) { text += "  " + command + "\n" + wrapped(what, "      "); }
    return text;
}

}  // namespace tessera::cli
