#include "models/proposals/proposal.hpp"
#include "sim/base/json.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/config/loader.hpp"

#include <ostream>

namespace tessera::cli {
namespace {

int run(Arguments& arguments, std::ostream& out) {
    arguments.finish();
    JsonValue root = JsonValue::object();
    std::string text;
    for (const std::string& kind : config_kinds()) {
        JsonValue names = JsonValue::array();
        text.append(kind).append("\n");
        for (const std::string& name : shipped_configs(kind)) {
            names.push(JsonValue::string(name));
            text += "  " + name + "\n";
        }
        root.set(kind, std::move(names));
    }
    JsonValue proposals = JsonValue::array();
    text += "proposals\n";
    for (const Proposal* p : proposal_registry()) {
        const std::string slug(p->slug()), title = explanation(*p).title;
        JsonValue entry = JsonValue::object();
        entry.set("slug", JsonValue::string(slug));
        entry.set("title", JsonValue::string(title));
        proposals.push(std::move(entry));
        text.append("  ").append(slug).append(slug.size() < 20 ? 20 - slug.size() : 1, ' ').append(title).append("\n");
    }
    root.set("proposals", std::move(proposals));
    out << (arguments.has("--json") ? write_json(root) + "\n" : text);
    return 0;
}

}  // namespace

Verb list_verb() {
    Verb v;
    v.name = "list";
    v.usage = "list [--json]";
    v.summary = "what ships with the program: systems, models, runs, sweeps, proposals";
    v.details = "Any name may be given to 'tessera explain'; names of configurations stand for their files.";
    v.examples = {{"tessera list", "all names"}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
