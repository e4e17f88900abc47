#include "models/proposals/selection.hpp"
#include "sim/base/json.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/explanations.hpp"
#include "sim/cli/proposal_cards.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/cli/wrapped.hpp"
#include "sim/config/loader.hpp"
#include "sim/result/result_json.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace tessera::cli {
namespace {

// With default parameters beside one GPU of the default run.
AreaParts area_parts(const Proposal& p) {
    const std::vector<ActiveProposal> active = {{&p, default_values(p)}};
    return area_of(configured(load_system(find_config("systems", "h800")), active), active);
}

std::string range_text(const Estimate& e) {
    return format_fixed(e.nominal, 2) + " mm2 (" + format_fixed(e.low, 2) + " to " + format_fixed(e.high, 2) + ")";
}

std::string area_text(const Proposal& p) {
    std::string text;
    for (const AreaPart& part : area_parts(p)) {
        text += "  " + to_string(part.die) + ": " + range_text(part.mm2) + "\n" + wrapped(part.what, "      ") +
                wrapped("From: " + part.source, "      ");
    }
    return text;
}

std::string proposal_text(const Proposal& p) {
    const Explanation e = explanation(p);
    std::string text = std::string(p.slug()) + ": " + e.title + "\n\n" + wrapped(e.summary, "") + "\n";
    text += wrapped("Source: " + e.source, "") + "\n";
    text += "What it removes\n" + wrapped(e.removes, "  ") + "\nWhat it adds\n" + wrapped(e.adds, "  ");
    text += "\nWhat limits it\n" + wrapped(e.limits, "  ") + "\nWhat could make it worthless\n" +
            wrapped(e.worthless, "  ");
    if (!p.required().empty()) { text += "\nNeeds: " + join(p.required(), ", ") + "\n"; }
    if (!p.conflicts().empty()) { text += "\nCannot be combined with: " + join(p.conflicts(), ", ") + "\n"; }
    text += "\nSilicon\n" + area_text(p);
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
    JsonValue& silicon = root.set("silicon", JsonValue::array());
    for (const AreaPart& part : area_parts(p)) {
        JsonValue& entry = silicon.push(JsonValue::object());
        set(entry, "die", to_string(part.die));
        entry.set("low_mm2", JsonValue::number(part.mm2.low));
        entry.set("nominal_mm2", JsonValue::number(part.mm2.nominal));
        entry.set("high_mm2", JsonValue::number(part.mm2.high));
        set(entry, "what", part.what);
        set(entry, "source", part.source);
    }
    return root;
}

std::vector<std::string> known_names() {
    std::vector<std::string> names;
    for (const Proposal* p : proposal_registry()) { names.emplace_back(p->slug()); }
    for (const std::string& kind : config_kinds()) {
        for (const std::string& n : shipped_configs(kind)) { names.push_back(n); }
    }
    for (std::string& family : family_names()) { names.push_back(std::move(family)); }
    return names;
}

std::string configuration(const std::string& kind, const std::string& file, bool json) {
    return json ? write_json(read_json_file(file)) + "\n" : configuration_text(kind, file);
}

// A file of the user's: a result, or a configuration.
std::string file_text(const std::string& file, bool json) {
    const JsonValue root = read_json_file(file);
    if (json) { return write_json(root) + "\n"; }
    const std::string kind = schema_of(root).empty() ? kind_of_config(root) : std::string();
    return kind.empty() ? result_text(root, file) : configuration_text(kind, file);
}

std::string text_about(const std::string& name, bool json) {
    if (const Proposal* p = find_proposal(name)) {
        return json ? write_json(proposal_json(*p)) + "\n" : proposal_text(*p);
    }
    for (const std::string& kind : config_kinds()) {
        const std::vector<std::string> names = shipped_configs(kind);
        if (std::count(names.begin(), names.end(), name) != 0) {
            return configuration(kind, find_config(kind, name), json);
        }
    }
    std::error_code ignored;
    if (std::filesystem::is_regular_file(name, ignored)) { return file_text(name, json); }
    const std::string family = family_text(name);
    if (!family.empty()) { return family; }
    throw ConfigError("command line", "", "nothing is called \"" + name + "\"", suggestion(name, known_names()));
}

int run(Arguments& arguments, std::ostream& out) {
    if (arguments.positionals().empty()) {
        arguments.problem("explain needs a name", "'tessera list' shows the names");
    }
    arguments.finish();
    out << text_about(arguments.positionals().front(), arguments.has("--json"));
    return 0;
}

}  // namespace

Verb explain_verb() {
    Verb v;
    v.name = "explain";
    v.usage = "explain WHAT";
    v.summary = "what a name means: a proposal, a configuration with its sources, a result, a family of measurements";
    v.details =
        "A proposal answers four questions: what it removes, adds, is limited by, and what could make it worthless. A "
        "configuration lists every value with its source. A result.json is summed up. A family of measurements has "
        "figures to reach and reasons for its deviations.";
    v.examples = {
        {"tessera explain fused-cast-tma", "what it removes, adds, is limited by, and what makes it worthless"},
        {"tessera explain h800", "every value of the system with its source"},
        {"tessera explain grouped_gemm", "how exact these kernels are meant to be, and what stays off"}};
    v.operands = {{"WHAT",
                   "a name of 'tessera list', a result.json, a configuration, a family of measurements",
                   {{}, known_names, true}}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
