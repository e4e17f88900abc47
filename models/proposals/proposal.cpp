#include "models/proposals/proposal.hpp"

#include "sim/base/error.hpp"

namespace tessera {
namespace {

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \n");
    if (first == std::string_view::npos) { return {}; }
    return std::string(text.substr(first, text.find_last_not_of(" \n") - first + 1));
}

// The text between a heading line and the next heading (or the end).
std::string section(std::string_view readme, std::string_view heading) {
    const std::size_t at = readme.find(heading);
    if (at == std::string_view::npos) { throw InternalError("a proposal's README lacks: " + std::string(heading)); }
    const std::string_view rest = readme.substr(at + heading.size());
    return trimmed(rest.substr(0, rest.find("\n#")));
}

}  // namespace

void Proposal::configure(SystemConfig&, const ParameterValues&) const {}
void Proposal::passes(PassList&, const ParameterValues&) const {}

Explanation explanation(const Proposal& proposal) {
    const std::string_view readme = proposal.readme();
    Explanation e;
    e.title = trimmed(readme.substr(1, readme.find('\n') - 1));
    const std::string intro = section(readme, readme.substr(0, readme.find('\n')));
    const std::string_view mark = "\nSource: ";
    const std::size_t source = intro.find(mark);
    if (source == std::string::npos) { throw InternalError("a proposal's README lacks its source line"); }
    e.summary = trimmed(std::string_view(intro).substr(0, source));
    e.source = trimmed(std::string_view(intro).substr(source + mark.size()));
    e.removes = section(readme, "## What it removes\n");
    e.adds = section(readme, "## What it adds\n");
    e.limits = section(readme, "## What limits it\n");
    e.worthless = section(readme, "## What could make it worthless\n");
    return e;
}

}  // namespace tessera
