#include "models/proposals/proposal.hpp"
#include "sim/app/import_workload.hpp"
#include "sim/base/json.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/explanations.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/cli/wrapped.hpp"
#include "sim/config/loader.hpp"

#include <ostream>

namespace tessera::cli {
namespace {

void add(JsonValue& root, const std::string& kind, const std::vector<std::string>& names) {
    JsonValue& array = root.set(kind, JsonValue::array());
    for (const std::string& name : names) { array.push(JsonValue::string(name)); }
}

std::string lines(const std::string& kind, const std::vector<std::string>& names) {
    return kind + "\n  " + join(names, "\n  ") + "\n";
}

// Many names that are only worth a glance: as many on a line as fit whole.
std::string paragraph(const std::string& kind, const std::vector<std::string>& names) {
    std::string text = kind + "\n", line;
    for (const std::string& name : names) {
        if (!line.empty() && line.size() + name.size() + 4 > kTerminalWidth) {
            text += line + ";\n";
            line.clear();
        }
        line += (line.empty() ? "  " : "; ") + name;
    }
    return text + line + "\n";
}

int run(Arguments& arguments, std::ostream& out) {
    arguments.finish();
    JsonValue root = JsonValue::object();
    std::string text;
    for (const std::string& kind : config_kinds()) {
        add(root, kind, shipped_configs(kind));
        text += lines(kind, shipped_configs(kind));
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
    add(root, "rules", shipped_rules());
    text += lines("rules for names of traced kernels", shipped_rules());
    add(root, "sets", measurement_sets());
    text += paragraph("sets of measurements", measurement_sets());
    add(root, "families", family_names());
    text += paragraph("families of measurements", family_names());
    out << (arguments.has("--json") ? write_json(root) + "\n" : text);
    return 0;
}

}  // namespace

Verb list_verb() {
    Verb v;
    v.name = "list";
    v.usage = "list [--json]";
    v.summary = "what ships with the program: systems, models, runs, sweeps, proposals, measurements";
    v.details =
        "Systems, models, runs, sweeps, proposals and families may be given to 'tessera explain', sets to 'validate "
        "--set', rules to 'import --rules'. Names of configurations stand for their files, in files as well.";
    v.examples = {{"tessera list", "all names"}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
