#include "sim/base/log.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/experiment.hpp"
#include "sim/cli/output_folder.hpp"
#include "sim/cli/starter.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/config/loader.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace tessera::cli {
namespace {

namespace fs = std::filesystem;

// The name of a shipped configuration, from an option.
std::string shipped(Arguments& arguments, const char* option, const char* kind, const char* otherwise) {
    const std::string name = arguments.text(option, otherwise);
    const std::vector<std::string> names = shipped_configs(kind);
    if (std::count(names.begin(), names.end(), name) == 0) {
        arguments.problem(std::string(option) + " is \"" + name + "\": expected one of " + join(names, ", "),
                          suggestion(name, names));
    }
    return name;
}

int run(Arguments& arguments, std::ostream& out) {
    const std::string run_name = shipped(arguments, "--run", "runs", "deepseek_v3_train_chunk");
    const std::string system = shipped(arguments, "--system", "systems", "h800");
    arguments.finish();
    const std::string folder = arguments.positionals().empty() ? "." : arguments.positionals().front();
    OutputFolder target(folder, "init");
    const auto files = starter_files(run_name, system);
    std::vector<Diagnostic> there;
    for (const auto& [name, text] : files) {
        std::error_code ignored;
        const fs::path path = fs::path(folder) / name;
        if (fs::exists(fs::symlink_status(path, ignored))) {
            there.push_back({path.string(), "", "is already there", "--force replaces it"});
        }
    }
    if (!there.empty() && !arguments.has("--force")) { throw ConfigError(std::move(there)); }
    for (const auto& [name, text] : files) { target.write(name, text); }
    target.commit();
    const std::string experiment = shell_quoted((fs::path(folder) / "experiment.json").lexically_normal().string());
    for (const auto& entry : files) {
        logger().info("wrote " + (fs::path(folder) / entry.first).lexically_normal().string());
    }
    out << "Change experiment.json and system.json, then:\n  tessera compare " << experiment << " --out out\n";
    return 0;
}

}  // namespace

Verb init_verb() {
    Verb v;
    v.name = "init";
    v.usage = "init [DIR] [--run NAME] [--system NAME] [--force]";
    v.summary = "a commented experiment to start from, with schemas for the editor";
    v.details =
        "Writes experiment.json, system.json, schemas/ and .vscode/settings.json into DIR, the current folder by "
        "default. VS Code then completes and checks the files while they are written; other editors follow the "
        "\"$schema\" in them. Files that are there are kept unless --force is given.";
    v.examples = {{"tessera init my-study", "then: tessera compare my-study/experiment.json --out out"}};
    v.operands = {{"DIR", "folder to begin in", a_folder()}};
    v.options = {{"--run",
                  "NAME",
                  "shipped run to start from; default deepseek_v3_train_chunk",
                  false,
                  {{}, [] { return shipped_configs("runs"); }}},
                 {"--system",
                  "NAME",
                  "shipped system to start from; default h800",
                  false,
                  {{}, [] { return shipped_configs("systems"); }}},
                 {"--force", "", "replace files that are there"}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
