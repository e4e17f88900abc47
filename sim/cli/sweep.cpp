// tessera sweep: a design space, here or with scripts/sweep_dask.py on many machines.
#include "sim/base/data_files.hpp"
#include "sim/base/log.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/output_folder.hpp"
#include "sim/cli/plots.hpp"
#include "sim/cli/uncertainty.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/config/loader.hpp"
#include "sim/sweep/cluster.hpp"
#include "sim/sweep/page.hpp"
#include "sim/sweep/point.hpp"
#include "sim/sweep/results.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <ostream>

namespace tessera::cli {
namespace {

namespace fs = std::filesystem;
using sweep::Outcomes;
using sweep::Plan;
using sweep::Store;

constexpr char store_name[] = "store.jsonl";
constexpr std::size_t most_bands = 8;  // points of the front that --uncertainty looks at

std::string point_name(std::size_t point) {
    char name[40];
    std::snprintf(name, sizeof name, "points/%06zu.json", point);
    return name;
}

std::unique_ptr<Store> open_store(const Arguments& arguments, bool resume) {
    const fs::path folder = arguments.text("--out");
    { const OutputFolder writable(folder.string()); }
    std::error_code failed;
    fs::create_directories(folder, failed);
    return std::make_unique<Store>((folder / store_name).string(), sweep::code_fingerprint(), resume);
}

template <class Write>
void stream_to(const std::string& path, const Write& write) {
    std::ofstream file(path, std::ios::binary);
    write(file);
    file.close();
    if (!file) { throw ConfigError(path, "", "cannot be written", "is the disk full?"); }
}

void write_results(const std::string& path, const Outcomes& outcomes, const sweep::Analysis& analysis,
                   const std::optional<report::Uncertainty>& bands, const std::string& command) {
    OutputFolder folder(path);
    const std::string staging = folder.staging();
    for (std::size_t p = 0; p < outcomes.plan().size(); ++p) {
        folder.write(point_name(p), write_json(point_json(outcomes, p, analysis.reference)) + "\n");
    }
    stream_to(staging + "/results.json", [&](std::ostream& o) { write_results_json(o, outcomes, analysis); });
    stream_to(staging + "/results.csv", [&](std::ostream& o) { write_results_csv(o, outcomes, analysis); });
    if (bands) { folder.write("uncertainty.json", write_json(to_json(*bands)) + "\n"); }
    PlotRequest plots = sweep_plots(staging + "/results.json", staging + "/plots");
    draw_plots(plots);
    folder.write("report.html", to_html(sweep_document(outcomes, analysis, bands, command)));
    folder.commit();
    logger().info("wrote report.html, results.json, results.csv, points/ and plots/ to " + path);
}

// What scripts/sweep_dask.py asks for instead of a whole sweep. False: it did not.
bool run_for_cluster(Arguments& arguments, const Plan& plan, std::ostream& out) {
    const std::string code = sweep::code_fingerprint();
    if (arguments.has("--portable")) {
        const sweep::PortableSweep files = portable(plan.config());
        JsonValue v = JsonValue::object();
        v.set("sweep", parse_json(files.sweep_json, "sweep"));
        v.set("base", parse_json(files.base_json, "base"));
        if (!files.workload.empty()) { v.set("workload", parse_json(files.workload, "workload")); }
        out << write_json(v, 0) << "\n";
    } else if (arguments.has("--pending")) {
        out << pending_json(plan, *open_store(arguments, true), code) << "\n";
    } else if (arguments.has("--work")) {
        const sweep::Stage stage = sweep::stage_named(arguments.text("--stage", to_string(sweep::Stage::simulation)));
        work(plan, point_list(arguments.text("--work"), plan), stage, code, out, simulated_devices());
    } else if (arguments.has("--take")) {
        const std::size_t taken = take(plan, *open_store(arguments, true), code, std::cin);
        logger().info("took " + std::to_string(taken) + " points");
    } else {
        return false;
    }
    return true;
}

void check_options(Arguments& arguments) {
    if (arguments.positionals().empty()) { arguments.problem("which sweep?", "tessera sweep sweep.json"); }
    for (const char* option : {"--resume", "--pending", "--take"}) {
        if (arguments.has(option) && !arguments.has("--out")) {
            arguments.problem(std::string(option) + " is about a folder: --out says which");
        }
    }
}

// What gives the results again, wherever and however the points were run.
std::string command_of(const Arguments& arguments, const std::vector<std::string>& sets, int samples) {
    std::string command = "tessera sweep " + arguments.positionals().front();
    for (const std::string& s : sets) { command += " --set " + s; }
    if (samples > 0) { command += " --uncertainty " + std::to_string(samples); }
    return command + " --out DIR";
}

int run_sweep_verb(Arguments& arguments, std::ostream& out) {
    const std::vector<std::string> sets = sets_of(arguments);
    const int jobs = jobs_of(arguments);
    const int samples = uncertainty_of(arguments);
    check_options(arguments);
    arguments.finish();
    const Plan plan(sweep::load_sweep(find_config("sweeps", arguments.positionals().front()), sets));
    if (run_for_cluster(arguments, plan, out)) { return 0; }
    sweep::Options options;
    options.jobs = jobs;
    options.progress = progress_bar("sweeping");
    const bool kept = arguments.has("--out");
    const std::unique_ptr<Store> store =
        kept ? open_store(arguments, arguments.has("--resume")) : std::make_unique<Store>();
    run_sweep(plan, *store, options);
    const Outcomes outcomes(plan, *store);
    const sweep::Analysis analysis = analyse(outcomes);
    std::optional<report::Uncertainty> bands;
    if (samples > 0) {
        std::vector<std::size_t> points = analysis.pareto;
        points.resize(std::min(points.size(), most_bands));
        bands = point_bands(plan, points, samples, jobs);
    }
    if (kept) {
        write_results(arguments.text("--out"), outcomes, analysis, bands, command_of(arguments, sets, samples));
    }
    if (arguments.has("--json")) {
        write_results_json(out, outcomes, analysis);
    } else {
        out << summary_text(outcomes, analysis);
        if (bands) { out << "\n" << report::summary_text(*bands); }
    }
    return 0;
}

}  // namespace

Verb sweep_verb() {
    Verb v;
    v.name = "sweep";
    v.usage = "sweep SWEEP [--out DIR] [-j N] [--resume]";
    v.summary = "many points of a design space: grids, samples, which settings win and why";
    v.details =
        "SWEEP is a file or the name of a shipped sweep: axes over any path that --set takes and over proposals and\n"
        "their parameters, as lists or ranges; all combinations, a Latin hypercube or Sobol's sequence.\n"
        "With --uncertainty: a band around the speed-up of points on the front, and the assumptions behind it.\n"
        "With --out: report.html, results.json, results.csv, one JSON per point, plots, and store.jsonl, which keeps\n"
        "every point as it ends: a sweep that was interrupted goes on with --resume. The results do not depend on -j.";
    v.examples = {
        {"tessera sweep factorial --out out", "all combinations of the eight proposals, and what each is worth"},
        {"tessera sweep sweep.json --out out --resume -j 2", "go on where it was interrupted"}};
    v.options = simulation_options();
    v.options.insert(v.options.begin(),
                     {{"--out", "DIR", "folder for the results and what is needed to go on"},
                      jobs_option(),
                      uncertainty_option(),
                      {"--resume", "", "go on with the points that DIR already has"},
                      {"--portable", "", "for scripts/sweep_dask.py: the sweep and its base as one JSON"},
                      {"--pending", "", "likewise: the points that DIR still lacks"},
                      {"--work", "POINTS", "likewise: run these points, a line of JSON each on stdout"},
                      {"--stage", "NAME", "of --work: estimate or simulation"},
                      {"--take", "", "likewise: add such lines from stdin to DIR"}});
    v.operands = {{"SWEEP", "a file or the name of a shipped sweep", configuration("sweeps")}};
    v.run = run_sweep_verb;
    return v;
}

}  // namespace tessera::cli
