#include "models/numerics/vectors.hpp"
#include "sim/app/validate_numerics.hpp"
#include "sim/app/validate_train.hpp"
#include "sim/base/log.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/output_folder.hpp"
#include "sim/cli/validation_summary.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/config/loader.hpp"

#include <array>
#include <filesystem>
#include <ostream>

namespace tessera::cli {
namespace {

namespace fs = std::filesystem;

struct Set {
    const char* name;
    ValidationReport (*validate)(const std::vector<std::string>& sets);
};

ValidationReport train(const std::vector<std::string>& sets) { return validate_h800_train(default_run_config(sets)); }

ValidationReport h200_numerics(const std::vector<std::string>&) { return validate_h200_numerics(); }

constexpr std::array<Set, 2> kSets = {{{"h800-train", train}, {"h200-numerics", h200_numerics}}};

// Files of measurements by their contents.
struct DataKind {
    bool (*is_one)(const std::string& path);
    ValidationReport (*validate)(const std::string& path);
};
constexpr std::array<DataKind, 1> kDataKinds = {{{numerics::is_vector_manifest, validate_vectors}}};

ValidationReport validate_data(const std::string& path) {
    for (const DataKind& k : kDataKinds) {
        if (k.is_one(path)) { return k.validate(path); }
    }
    throw ConfigError(path, "", "no known form of measurements", "a manifest of Tensor Core vectors, vectors.json");
}

// "--set NAME" chooses a set of measurements, "--set path=value" changes the configuration, as for other verbs.
struct Choice {
    std::vector<const Set*> sets;
    std::vector<std::string> changes;
};

Choice choice_of(Arguments& arguments) {
    Choice choice;
    std::vector<std::string> names;
    for (const Set& s : kSets) { names.emplace_back(s.name); }
    for (const std::string& word : arguments.all("--set")) {
        if (word.find('=') != std::string::npos) {
            choice.changes.push_back(word);
            continue;
        }
        const Set* found = nullptr;
        for (const Set& s : kSets) { found = word == s.name ? &s : found; }
        if (found == nullptr) {
            arguments.problem("no set of measurements is called \"" + word + "\"", suggestion(word, names));
        }
        choice.sets.push_back(found);
    }
    if (choice.sets.empty() && !arguments.has("--data")) {
        for (const Set& s : kSets) { choice.sets.push_back(&s); }
    }
    if (arguments.has("--exact")) { choice.changes.emplace_back("simulation.exact=true"); }
    return choice;
}

// Refuses a file that cannot be written before the simulation starts.
void check_file(const std::string& path) {
    if (fs::is_directory(path)) { throw ConfigError("--json", "", "\"" + path + "\" is a folder, not a file"); }
    const fs::path parent = fs::path(path).parent_path();
    const std::string folder = parent.empty() ? "." : parent.string();
    if (!fs::is_directory(folder)) { throw ConfigError("--json", "", "the folder \"" + folder + "\" does not exist"); }
    if (!fs::exists(path) || fs::is_regular_file(path)) { OutputFolder(folder, "--json"); }
}

int run(Arguments& arguments, std::ostream& out) {
    const Choice choice = choice_of(arguments);
    arguments.finish();
    const std::string file = arguments.text("--json");
    if (!file.empty()) { check_file(file); }
    std::vector<ValidationReport> reports;
    for (const Set* set : choice.sets) { reports.push_back(set->validate(choice.changes)); }
    for (const std::string& path : arguments.all("--data")) { reports.push_back(validate_data(path)); }
    bool passed = true;
    for (const ValidationReport& report : reports) {
        passed = passed && report.passed();
        out << validation_text(report);
    }
    if (!file.empty()) { write_file_atomically(file, write_json(to_json(merged(reports))) + "\n"); }
    if (!file.empty()) { logger().info("wrote " + file); }
    return static_cast<int>(passed ? ExitCode::ok : ExitCode::tolerance_missed);
}

}  // namespace

Verb validate_verb() {
    Verb v;
    v.name = "validate";
    v.usage = "validate [--set NAME] [--data FILE] [--json FILE]";
    v.summary = "predictions against measurements: per kernel, per operator class, for the whole";
    v.details =
        "Sets: h800-train (DeepSeek's published training trace), h200-numerics (Tensor Core results recorded bit for "
        "bit).\n"
        "The exit code is 1 if a tolerance that the set states is missed.";
    v.examples = {
        {"tessera validate --set h800-train", "the error of every operator class and of the whole 129.0 ms"},
        {"tessera validate --set h800-train --json errors.json", "the same, every kernel by itself in a file"},
        {"tessera validate --data vectors.json",
         "recorded Tensor Core results against the arithmetic of models/numerics"}};
    v.options = {{"--set", "NAME", "set of measurements, default all; PATH=VALUE changes the configuration", true},
                 {"--data", "FILE", "measurements in a file: a manifest of Tensor Core vectors", true},
                 {"--json", "FILE", "every case as JSON, tessera.validate/1"},
                 {"--exact", "", "simulate every tile: no folding of SMs, no skipping of periods"}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
