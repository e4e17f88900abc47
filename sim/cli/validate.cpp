#include "models/numerics/vectors.hpp"
#include "sim/app/accuracy_goals.hpp"
#include "sim/app/deviation_ledger.hpp"
#include "sim/app/validate_measured.hpp"
#include "sim/app/validate_numerics.hpp"
#include "sim/app/validate_published.hpp"
#include "sim/app/validate_train.hpp"
#include "sim/app/validate_whatif.hpp"
#include "sim/base/log.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/experiment.hpp"
#include "sim/cli/output_folder.hpp"
#include "sim/cli/plots.hpp"
#include "sim/cli/validation_page.hpp"
#include "sim/cli/validation_text.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/config/loader.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>

namespace tessera::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kRun[] = "deepseek_v3_train_chunk_h200";

struct Context {
    const std::vector<std::string>& changes;
    ValidateOptions options;
    // The measured kernels ran on an H200; PATH=VALUE changes what predicts them.
    SystemConfig system() const { return load_run_config(find_config("runs", kRun), changes).system; }
};

struct Set {
    std::string name;
    std::function<ValidationReport(const Context&)> validate;
};

std::vector<Set> sets() {
    std::vector<Set> out = {
        {"h800-train", [](const Context& c) { return validate_h800_train(default_run_config(c.changes)); }}};
    out.push_back({"h200-numerics", [](const Context&) { return validate_h200_numerics(); }});
    for (const std::string& name : h200_sets()) {
        out.push_back({name, [name](const Context& c) { return validate_h200(name, c.system(), c.options); }});
    }
    for (const std::string& name : link_sets()) {
        out.push_back({name, [name](const Context& c) { return validate_links(name, c.system(), c.options); }});
    }
    for (const std::string& name : published_sets()) {
        out.push_back({name, [name](const Context& c) { return validate_published(name, c.changes); }});
    }
    out.push_back({"whatif", [](const Context& c) { return validate_whatif(c.system(), c.options); }});
    return out;
}

// "--set NAME[,NAME]" chooses sets of measurements, "--set path=value" changes the configuration, as for other verbs.
struct Choice {
    std::vector<Set> sets;
    std::vector<std::string> files;
    std::vector<std::string> changes;
};

// "a,b" names two sets.
std::vector<std::string> listed(const std::string& word) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at <= word.size();) {
        const std::size_t end = std::min(word.find(',', at), word.size());
        names.push_back(word.substr(at, end - at));
        at = end + 1;
    }
    return names;
}

Choice choice_of(Arguments& arguments) {
    Choice choice;
    const std::vector<Set> all = sets();
    for (const std::string& word : arguments.all("--set")) {
        if (word.find('=') != std::string::npos) {
            choice.changes.push_back(word);
            continue;
        }
        for (const std::string& name : listed(word)) {
            const auto found = std::find_if(all.begin(), all.end(), [&](const Set& s) { return s.name == name; });
            if (found == all.end()) {
                arguments.problem("no set of measurements is called \"" + name + "\"",
                                  suggestion(name, measurement_sets()));
            } else {
                choice.sets.push_back(*found);
            }
        }
    }
    choice.files = arguments.all("--data");
    if (choice.sets.empty() && choice.files.empty()) { choice.sets = all; }
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

std::vector<ValidationReport> validate_all(const Choice& choice, const Context& context, std::ostream& out) {
    std::vector<ValidationReport> reports;
    for (const Set& set : choice.sets) {
        reports.push_back(set.validate(context));
        out << validation_text(reports.back());
    }
    for (const std::string& data : choice.files) {
        reports.push_back(numerics::is_vector_manifest(data) ? validate_vectors(data)
                                                             : validate_file(data, context.system(), context.options));
        out << validation_text(reports.back());
    }
    return reports;
}

// The goals are stated for the project's own sets. A user's files belong together: their families are summed up over
// all of them.
ValidationReport judged(const std::vector<ValidationReport>& reports, const DeviationLedger& ledger,
                        const Choice& choice) {
    ValidationReport whole = merged(reports);
    ledger.explain(whole);
    if (choice.files.empty()) {
        whole.goals = check_goals(accuracy_goals(), whole);
    } else if (choice.sets.empty()) {
        for (ValidationCase& c : whole.cases) { c.set.clear(); }
        whole.summary = summarize_cases(whole.cases);
    }
    return whole;
}

void write_page(OutputFolder& folder, ValidationPage page) {
    folder.write("validation.json", write_json(to_json(page.whole)) + "\n");
    page.plots = draw_plots(validation_plots(folder.staging() + "/validation.json", folder.staging() + "/plots"));
    const report::Document document = validation_document(page);
    folder.write("validation.html", report::to_html(document));
    folder.write("validation.md", report::to_markdown(document));
    folder.commit();
    logger().info("wrote validation.html, validation.md and validation.json to " + folder.path());
}

std::string command_of(const Arguments& arguments) {
    std::string command = "tessera validate";
    for (const char* option : {"--set", "--data"}) {
        for (const std::string& word : arguments.all(option)) {
            command += std::string(" ") + option + " " + shell_quoted(word);
        }
    }
    return command + (arguments.has("--exact") ? " --exact" : "") + " --out DIR";
}

int run(Arguments& arguments, std::ostream& out) {
    const Choice choice = choice_of(arguments);
    const int jobs = jobs_of(arguments);
    arguments.finish();
    const std::string file = arguments.text("--json");
    if (!file.empty()) { check_file(file); }
    std::optional<OutputFolder> folder;
    if (arguments.has("--out")) { folder.emplace(arguments.text("--out")); }
    const Context context{
        choice.changes,
        {arguments.has("--exact"), jobs, progress_bar("measured kernels"), arguments.has("--power-model")}};
    const DeviationLedger ledger = deviation_ledger();
    ValidationPage page;
    page.sets = validate_all(choice, context, out);
    page.whole = judged(page.sets, ledger, choice);
    page.beyond = ledger.beyond;
    page.command = command_of(arguments);
    out << goals_text(page.whole, page.beyond);
    if (!file.empty()) {
        write_file_atomically(file, write_json(to_json(page.whole)) + "\n");
        logger().info("wrote " + file);
    }
    const bool passed = page.whole.passed();
    if (folder) { write_page(*folder, std::move(page)); }
    return static_cast<int>(passed ? ExitCode::ok : ExitCode::tolerance_missed);
}

}  // namespace

std::vector<std::string> measurement_sets() {
    std::vector<std::string> names;
    for (const Set& s : sets()) { names.push_back(s.name); }
    return names;
}

Verb validate_verb() {
    Verb v;
    v.name = "validate";
    v.usage = "validate [--set NAME ...] [--data FILE ...] [--json FILE] [--out DIR]";
    v.summary = "predictions against measurements: per kernel, per operator class, for the whole";
    v.details =
        "Sets: h800-train (DeepSeek's published training trace); h200-numerics (Tensor Core results recorded bit for "
        "bit); h200-gemm, h200-deepgemm, h200-flashmla, "
        "h200-streams, "
        "h200-layer, h200-quantization, h200-bandwidth and h200-micro (measured on an H200); nvlink, nccl and "
        "deepep-2gpu "
        "(two and "
        "four H200 GPUs of a host); deepep-h800 (DeepEP's published tables); whatif (measured pairs of "
        "kernels that differ by one switch: predicted against measured ratio). --data reads measurement files of the "
        "same forms: `cases` of kernels or of layers with `ops`, `rows` of DeepGEMM and FlashMLA, `sections` of the "
        "microbenchmarks and of measurements between GPUs, `rows` of DeepEP, `configs` of NCCL, `published` tables, a "
        "manifest of Tensor Core vectors. Every case is predicted at its measured SM clock, or with "
        "--power-model at the clock that it settles at under the power cap when it is repeated without pause; one "
        "that is broken, or that the model "
        "cannot represent, is reported and stops no other. Predictions far off are listed with the reason, as far as "
        "it is known. The exit code is 1 if a tolerance that a set states is missed, or a figure that the project "
        "means to reach.";
    v.examples = {
        {"tessera validate --set h800-train", "the error of every operator class and of the whole 129.0 ms"},
        {"tessera validate --data kernels.json --json errors.json", "your own measurements, every case in a file"},
        {"tessera validate --data vectors.json",
         "recorded Tensor Core results against the arithmetic of models/numerics"},
        {"tessera validate --set whatif", "can the ratios behind a proposal's gain be believed?"}};
    v.options = {
        {"--set", "NAME", "set of measurements (a,b: several), default all; PATH=VALUE changes the configuration", true,
         one_of(measurement_sets())},
        {"--data", "FILE", "measurements in a file: kernels of an H200, or a manifest of Tensor Core vectors", true},
        {"--json", "FILE", "every case as JSON, tessera.validate/1"},
        {"--out", "DIR", "validation.html (plots, deviations, every case), .md and .json"},
        jobs_option(),
        {"--power-model", "", "predict the SM clock too, from the power each kernel draws, and judge both"},
        {"--exact", "", "simulate every tile: no folding of SMs, no skipping of periods"}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
