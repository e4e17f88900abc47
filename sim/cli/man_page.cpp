#include "sim/cli/man_page.hpp"

#include "sim/cli/help.hpp"
#include "sim/cli/program.hpp"
#include "sim/cli/verbs.hpp"

namespace tessera::cli {
namespace {

std::string section(const std::string& title) { return ".SH " + title + "\n"; }
std::string paragraph(const std::string& text) { return roff_escaped(text) + "\n"; }
std::string bold(const std::string& text) { return "\\fB" + roff_escaped(text) + "\\fP"; }

// A tag with its text set in.
std::string item(const std::string& tag, const std::string& text) {
    return ".TP\n" + tag + "\n" + roff_escaped(text) + "\n";
}

std::string option_item(const OptionSpec& o) {
    const std::string value = o.value.empty() ? "" : " \\fI" + roff_escaped(o.value) + "\\fP";
    return item(bold(o.name) + value, option_text(o));
}

std::string examples_of(const Verb& verb) {
    std::string text;
    for (const auto& [command, what] : verb.examples) {
        text += ".PP\n.nf\n.RS\n" + bold(command) + "\n.RE\n.fi\n.RS\n" + roff_escaped(what) + "\n.RE\n";
    }
    return text;
}

std::string verb_section(const Verb& verb) {
    std::string text = ".SS " + roff_escaped(verb.usage) + "\n" + paragraph(verb.summary + ".");
    if (!verb.details.empty()) { text += ".PP\n" + paragraph(verb.details); }
    for (const OperandSpec& o : verb.operands) { text += item("\\fI" + roff_escaped(o.name) + "\\fP", o.help); }
    for (const OptionSpec& o : verb.options) { text += option_item(o); }
    return text + examples_of(verb);
}

}  // namespace

std::string roff_escaped(const std::string& text) {
    std::string out;
    bool line_start = true;
    for (const char c : text) {
        if (line_start && (c == '.' || c == '\'')) { out += "\\&"; }
        switch (c) {
            case '\\': out += "\\e"; break;
            case '-': out += "\\-"; break;
            case '\'': out += "\\(aq"; break;
            case '~': out += "\\(ti"; break;
            case '^': out += "\\(ha"; break;
            case '`': out += "\\(ga"; break;
            default: out += c;
        }
        line_start = c == '\n';
    }
    return out;
}

std::string man_page() {
    std::string text = ".TH TESSERA 1 \"\" \"tessera " + roff_escaped(version()) + "\" \"User Commands\"\n";
    text += section("NAME") + "tessera \\- " + paragraph(kPurpose);
    text += section("SYNOPSIS") + bold("tessera") + " \\fIVERB\\fP [\\fIARGUMENTS\\fP] [\\fIOPTIONS\\fP]\n.br\n" +
            bold("tessera help") + " [\\fIVERB\\fP]\n";
    text += section("DESCRIPTION") +
            paragraph(
                "tessera simulates AI accelerators at tile granularity and compares today's hardware with what "
                "has been proposed for it: each proposal alone, all but one, all together. Results go to "
                "standard output, progress and errors to standard error; files appear whole or not at all.");
    text += section("VERBS");
    for (const Verb& v : verbs()) { text += verb_section(v); }
    text += section("COMMON OPTIONS");
    for (const OptionSpec& o : common_options()) { text += option_item(o); }
    text += section("EXIT STATUS");
    for (const auto& [code, meaning] : exit_codes()) { text += item(bold(code), meaning); }
    text += section("ENVIRONMENT") + item(bold("TESSERA_DATA"),
                                          "Folder with configs/ and scripts/ that is looked at "
                                          "before those which came with the program.");
    text += section("FILES") + item("\\fI" + roff_escaped("PREFIX/share/tessera/configs") + "\\fP",
                                    "Systems, models and runs that can be given by name; 'tessera list' shows them.");
    return text;
}

}  // namespace tessera::cli
