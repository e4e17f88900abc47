#include "models/proposals/proposal.hpp"
#include "sim/base/json.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/proposal_cards.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/cli/wrapped.hpp"
#include "sim/config/loader.hpp"

#include <algorithm>
#include <ostream>

namespace tessera::cli {
namespace {

std::string proposal_text(const Proposal& p) {
    const Explanation e = explanation(p);
    std::string text = std::string(p.slug()) + ": " + e.title + "\n\n" + wrapped(e.summary, "") + "\n";
    text += wrapped("Source: " + e.source, "") + "\n";
    text += "What it removes\n" + wrapped(e.removes, "  ") + "\nWhat it adds\n" + wrapped(e.adds, "  ");
    text += "\nWhat limits it\n" + wrapped(e.limits, "  ") + "\nWhat could make it worthless\n" +
            wrapped(e.worthless, "  ");
    if (!p.required().empty()) { text += "\nNeeds: " + join(p.required(), ", ") + "\n"; }
    if (!p.conflicts().empty()) { text += "\nCannot be combined with: " + join(p.conflicts(), ", ") + "\n"; }
    const report::ProposalCard card = proposal_card({&p, default_values(p)});
    if (!card.parameters.empty()) { text += "\nParameters\n"; }
    for (const report::ParameterCard& q : card.parameters) {
        text += "  " + q.name + " = " + q.value + " (" + q.range + ")\n" + wrapped(q.doc, "      ") +
                wrapped("From: " + q.provenance, "      ");
    }
    return text;
}

JsonValue proposal_json(const Proposal& p) {
    const report::ProposalCard card = proposal_card({&p, default_values(p)});
    JsonValue root = JsonValue::object();
    const auto set = [](JsonValue& o, const char* key, const std::string& v) { o.set(key, JsonValue::string(v)); };
    set(root, "slug", card.slug);
    set(root, "title", card.title);
    set(root, "source", card.source);
    set(root, "removes", card.removes);
    set(root, "adds", card.adds);
    set(root, "limits", card.limits);
    set(root, "worthless", card.worthless);
    JsonValue parameters = JsonValue::array();
    for (const report::ParameterCard& q : card.parameters) {
        JsonValue entry = JsonValue::object();
        set(entry, "name", q.name);
        set(entry, "default", q.value);
        set(entry, "range", q.range);
        set(entry, "meaning", q.doc);
        set(entry, "provenance", q.provenance);
        parameters.push(std::move(entry));
    }
    root.set("parameters", std::move(parameters));
    return root;
}

// The file of a shipped configuration, or "".
std::string shipped_file(const std::string& name) {
    for (const char* kind : {"systems", "models", "runs"}) {
        const std::vector<std::string> names = shipped_configs(kind);
        if (std::find(names.begin(), names.end(), name) != names.end()) { return find_config(kind, name); }
    }
    return {};
}

std::vector<std::string> known_names() {
    std::vector<std::string> names;
    for (const Proposal* p : proposal_registry()) { names.emplace_back(p->slug()); }
    for (const char* kind : {"systems", "models", "runs"}) {
        for (const std::string& n : shipped_configs(kind)) { names.push_back(n); }
    }
    return names;
}

int run(Arguments& arguments, std::ostream& out) {
    if (arguments.positionals().empty()) {
        arguments.problem("explain needs a name", "'tessera list' shows the names");
    }
    arguments.finish();
    const std::string& name = arguments.positionals().front();
    if (const Proposal* p = find_proposal(name)) {
        out << (arguments.has("--json") ? write_json(proposal_json(*p)) + "\n" : proposal_text(*p));
        return 0;
    }
    const std::string file = shipped_file(name);
    if (file.empty()) {
        throw ConfigError("command line", "", "nothing is called \"" + name + "\"", suggestion(name, known_names()));
    }
    // A configuration explains itself: every value stands beside its source.
    out << write_json(read_json_file(file)) << "\n";
    return 0;
}

}  // namespace

Verb explain_verb() {
    Verb v;
    v.name = "explain";
    v.usage = "explain WHAT";
    v.summary = "a proposal's four answers and parameters, or a shipped configuration with its sources";
    v.examples = {
        {"tessera explain fused-cast-tma", "what it removes, adds, is limited by, and what makes it worthless"},
        {"tessera explain h800", "every value of the system with its source"}};
    v.operands = {{"WHAT", "a name of 'tessera list'", {{}, known_names}}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
