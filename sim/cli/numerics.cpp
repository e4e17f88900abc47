// tessera numerics: gemm, cast, dot and sweep.
#include "sim/app/numerics_cast.hpp"
#include "sim/app/numerics_sweep.hpp"
#include "sim/base/data_files.hpp"
#include "sim/base/log.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/numerics_report.hpp"
#include "sim/cli/output_folder.hpp"
#include "sim/cli/plots.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/config/loader.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <ostream>

namespace tessera::cli {
namespace {

constexpr std::int64_t kMostExtent = 1 << 16;

NumericsProblem problem_of(Arguments& a, int extent) {
    NumericsProblem p;
    p.m = static_cast<int>(a.integer("--m", extent, 1, kMostExtent));
    p.n = static_cast<int>(a.integer("--n", extent, 1, kMostExtent));
    p.k = static_cast<int>(a.integer("--k", 4096, 1, std::int64_t{1} << 20));
    p.seed = static_cast<std::uint64_t>(a.integer("--seed", 1, 0, std::int64_t{1} << 53));
    const std::vector<std::string>& data = a.all("--data");
    if (!data.empty()) { p.data = numerics::distribution_named(data.front(), "--data"); }
    return p;
}

numerics::Rounding rounding_of(Arguments& a) {
    static constexpr std::array<numerics::Rounding, 3> modes = {
        numerics::Rounding::nearest_even, numerics::Rounding::stochastic, numerics::Rounding::toward_zero};
    return modes[a.choice("--rounding", 0)];
}

NumericsSwitch switch_of(Arguments& a) {
    NumericsSwitch s;
    s.architecture = a.text("--arch", s.architecture);
    s.format = numerics::format_named(a.text("--format", "e4m3"), "--format");
    s.accumulator_bits = static_cast<int>(a.integer("--bits", 0, 1, 64));
    s.split_k = static_cast<int>(a.integer("--split-k", 1, 1, 1024));
    s.scale_inside = a.has("--inside");
    const bool narrow = numerics::spec(s.format).bits() <= 12;
    const std::string group = a.text("--a-group", narrow ? "1x128" : "none");
    s.a_group = group;
    s.b_group = a.text("--b-group", narrow ? (group == "1x128" ? "128x128" : group) : "none");
    s.scale = numerics::scale_format_named(a.text("--scales", "fp32"), "--scales");
    const bool outside = narrow && !s.scale_inside;
    s.promotion = static_cast<int>(a.integer("--promotion", outside ? 128 : 0, 0, kMostExtent));
    s.rounding = rounding_of(a);
    s.output = numerics::format_named(a.text("--output", "fp32"), "--output");
    return s;
}

std::optional<SystemConfig> system_of(const Arguments& a) {
    if (!a.has("--with-time")) { return {}; }
    return load_system(find_config("systems", a.text("--system", "h800")));
}

void write_points(OutputFolder& folder, const std::vector<NumericsPoint>& points) {
    folder.write("numerics.json", write_json(to_json(points)) + "\n");
    folder.write("numerics.csv", to_csv(points));
    PlotRequest plots;
    plots.script = find_data("scripts/plots/numerics_plots.py");
    plots.input = folder.staging() + "/numerics.json";
    plots.folder = folder.staging();
    run_plot_script(plots);
    folder.commit();
    logger().info("wrote numerics.json, numerics.csv and plots to " + folder.path());
}

int run_gemm(Arguments& a, std::ostream& out) {
    const NumericsProblem problem = problem_of(a, 256);
    const NumericsSwitch choice = switch_of(a);
    a.finish();
    const std::optional<SystemConfig> system = system_of(a);
    NumericsBench bench;
    NumericsOutcome outcome = bench.run(problem, choice);
    if (system) { outcome.timing = time_gemm(timed_gemm(problem, choice, *system)); }
    if (a.has("--out")) {
        OutputFolder folder(a.text("--out"));
        folder.write("numerics.json", write_json(to_json(outcome)) + "\n");
        folder.commit();
    }
    out << (a.has("--json") ? write_json(to_json(outcome)) + "\n" : to_text(outcome));
    return 0;
}

int run_sweep(Arguments& a, std::ostream& out) {
    NumericsSweep sweep;
    sweep.problem = problem_of(a, 256);
    sweep.base = switch_of(a);
    if (a.has("--over")) {
        sweep.axes.clear();
        for (const std::string& name : a.all("--over")) { sweep.axes.push_back(numerics_axis_named(name, "--over")); }
    }
    if (a.has("--data")) {
        sweep.data.clear();
        for (const std::string& name : a.all("--data")) {
            sweep.data.push_back(numerics::distribution_named(name, "--data"));
        }
    }
    a.finish();
    std::optional<OutputFolder> folder;
    if (a.has("--out")) { folder.emplace(a.text("--out")); }
    const std::optional<SystemConfig> system = system_of(a);
    std::optional<Progress> bar;
    const std::vector<NumericsPoint> points =
        run_numerics_sweep(sweep, system ? &*system : nullptr, [&bar](std::size_t total) {
            if (!bar) { bar.emplace("numerics", static_cast<std::int64_t>(total)); }
            bar->step();
        });
    bar.reset();
    if (folder) { write_points(*folder, points); }
    out << (a.has("--json") ? write_json(to_json(points)) + "\n" : to_text(points));
    return 0;
}

std::string number_text(double v) {
    char text[40];
    std::snprintf(text, sizeof text, "%.9g", v);
    return text;
}

int run_cast_command(Arguments& a, std::ostream& out) {
    const NumericsProblem p = problem_of(a, 1024);
    CastExperiment e;
    e.rows = p.m;
    e.k = p.k;
    e.data = p.data;
    e.seed = p.seed;
    e.format = numerics::format_named(a.text("--format", "e4m3"), "--format");
    e.group = a.text("--a-group", "1x128");
    e.scale = numerics::scale_format_named(a.text("--scales", "fp32"), "--scales");
    e.rounding = rounding_of(a);
    a.finish();
    if (numerics::spec(e.format).bits() > 16 || !numerics::spec(e.format).has_sign) {
        throw ConfigError("--format", "", "values are not cast to " + std::string(numerics::spec(e.format).name));
    }
    const CastOutcome c = run_cast(e);
    const std::pair<const char*, double> figures[] = {{"relative_frobenius", c.relative_frobenius},
                                                      {"max_relative", c.max_relative},
                                                      {"mean_signed", c.mean_signed},
                                                      {"share_flushed_to_zero", c.flushed},
                                                      {"share_at_largest", c.at_largest},
                                                      {"bits_per_value", c.bits_per_value}};
    JsonValue root = JsonValue::object();
    root.set("schema", JsonValue::string("tessera.numerics.cast/1"));
    root.set("format", JsonValue::string(std::string(numerics::spec(e.format).name)));
    root.set("group", JsonValue::string(e.group));
    root.set("scale_format", JsonValue::string(std::string(numerics::to_string(e.scale))));
    root.set("data", JsonValue::string(std::string(numerics::to_string(e.data))));
    root.set("seed", JsonValue::integer(static_cast<std::int64_t>(e.seed)));
    std::string text = "cast to " + root.find("format")->as_string() + ", groups " + e.group + ", " +
                       root.find("data")->as_string() + " data\n";
    for (const auto& [name, value] : figures) {
        root.set(name, JsonValue::number(value));
        text += "  " + std::string(name) + std::string(26 - std::string(name).size(), ' ') + number_text(value) + "\n";
    }
    out << (a.has("--json") ? write_json(root) + "\n" : text);
    return 0;
}

int run_dot_command(Arguments& a, std::ostream& out) {
    const NumericsProblem p = problem_of(a, 1);
    const std::string architecture = a.text("--arch", "hopper");
    const numerics::Format format = numerics::format_named(a.text("--format", "e4m3"), "--format");
    const int bits = static_cast<int>(a.integer("--bits", 0, 1, 64));
    const int promotion = static_cast<int>(a.integer("--promotion", 0, 0, kMostExtent));
    if (a.has("--a") != a.has("--b")) { a.problem("--a and --b belong together", "a JSON array of numbers each"); }
    a.finish();
    numerics::MmaSpec mma = numerics::mma_spec(architecture, format, "--arch");
    if (bits > 0) { mma = numerics::with_accumulator_bits(mma, bits); }
    const bool given = a.has("--a");
    const std::vector<float> x = given ? read_numbers(a.text("--a")) : numerics::draw(p.data, 1, p.k, p.seed);
    const std::vector<float> y = given ? read_numbers(a.text("--b")) : numerics::draw(p.data, 1, p.k, p.seed + 1);
    const DotOutcome d = run_dot(mma, format, x, y, promotion);
    JsonValue root = JsonValue::object(), steps = JsonValue::array();
    const auto finite = [](double v) {
        return std::isfinite(v) ? JsonValue::number(v) : JsonValue::string(number_text(v));
    };
    std::string text = "      k  accumulator       float64\n";
    for (const DotStep& s : d.steps) {
        JsonValue step = JsonValue::object();
        step.set("k", JsonValue::integer(s.k));
        step.set("accumulator", finite(s.sum));
        step.set("float64", finite(s.exact));
        steps.push(std::move(step));
        char line[80];
        std::snprintf(line, sizeof line, "%7d  %-16.9g  %-16.9g\n", s.k, static_cast<double>(s.sum), s.exact);
        text += line;
    }
    root.set("schema", JsonValue::string("tessera.numerics.dot/1"));
    root.set("result", finite(d.result));
    root.set("float64", finite(d.exact));
    root.set("sum_of_absolutes", finite(d.magnitudes));
    root.set("steps", std::move(steps));
    text += "result " + number_text(d.result) + ", float64 " + number_text(d.exact) + ", error " +
            number_text(d.result - d.exact) + ", sum of absolutes " + number_text(d.magnitudes) + "\n";
    out << (a.has("--json") ? write_json(root) + "\n" : text);
    return 0;
}

struct Command {
    const char* name;
    int (*run)(Arguments&, std::ostream&);
};
constexpr Command kCommands[] = {
    {"gemm", run_gemm}, {"cast", run_cast_command}, {"dot", run_dot_command}, {"sweep", run_sweep}};

std::vector<std::string> command_names() {
    std::vector<std::string> names;
    for (const Command& c : kCommands) { names.emplace_back(c.name); }
    return names;
}

int run(Arguments& a, std::ostream& out) {
    const std::vector<std::string> names = command_names();
    if (a.positionals().empty()) { a.problem("numerics needs a command", "one of " + join(names, ", ")); }
    if (a.positionals().empty()) { a.finish(); }
    const std::string& name = a.positionals().front();
    for (const Command& c : kCommands) {
        if (name == c.name) { return c.run(a, out); }
    }
    throw ConfigError("command line", "", "unknown command \"numerics " + name + "\"", suggestion(name, names));
}

}  // namespace

Verb numerics_verb() {
    Verb v;
    v.name = "numerics";
    v.usage = "numerics gemm|cast|dot|sweep [OPTIONS]";
    v.summary = "bit-exact Tensor Core arithmetic: the error of GEMMs and casts, and what accuracy costs in time";
    v.details =
        "gemm: one GEMM against float64. cast: what quantization loses. dot: one sum, instruction by instruction.\n"
        "sweep: accumulator bits, promotion interval, scale groups and formats; --out writes JSON, CSV and plots.\n"
        "--with-time adds the simulated time, bytes and energy of the same GEMM under the same switch.";
    v.examples = {{"tessera numerics gemm --k 4096 --promotion 0 --a-group none --data same_sign",
                   "what 13 fraction bits lose where all terms have one sign"},
                  {"tessera numerics cast --format e4m3 --a-group 1x32 --scales ue8m0 --data outlier",
                   "the error of microscaling on outlier channels"},
                  {"tessera numerics sweep --with-time --out numerics",
                   "error against time under every switch, and a Pareto plot"}};
    const std::vector<std::string> groups = {"1x128", "128x1", "128x128", "1x32", "1x16", "none"};
    v.options = {
        {"--m", "N", "rows of the result; cast: rows"},
        {"--n", "N", "columns of the result"},
        {"--k", "N", "length of the sums; default 4096"},
        {"--data", "NAME", "normal, same_sign, heavy_tail, outlier; sweep takes several", true,
         one_of({"normal", "same_sign", "heavy_tail", "outlier"})},
        {"--seed", "N", "of the data; default 1"},
        {"--arch", "NAME", "Tensor Core: " + join(numerics::architectures(), ", ") + "; default hopper", false,
         one_of(numerics::architectures())},
        {"--format", "NAME", "operands: e4m3, e5m2, e5m6, e2m1, bf16, fp16; default e4m3", false,
         one_of({"e4m3", "e5m2", "e5m6", "e2m1", "bf16", "fp16"})},
        {"--bits", "N", "fraction bits of the accumulator, 1 to 64; default: the architecture's"},
        {"--promotion", "N", "elements of k between promotions to FP32; 0: never"},
        {"--split-k", "N", "parts of k that are summed by themselves"},
        {"--a-group", "RxK", "elements per scale of A (cast: of the values): 1x128, 128x1, 128x128, 1x32, 1x16, none",
         false, one_of(groups)},
        {"--b-group", "RxK", "the same of B; default 128x128 beside 1x128, else as A", false, one_of(groups)},
        {"--scales", "NAME", "fp32, power_of_two or ue8m0", false, one_of({"fp32", "power_of_two", "ue8m0"})},
        {"--inside", "", "scales are applied inside the Tensor Core (group-scaled MMA)"},
        {"--rounding", "NAME", "of the cast: nearest, stochastic or zero", false,
         one_of({"nearest", "stochastic", "zero"})},
        {"--output", "NAME", "of the result: fp32 or bf16", false, one_of({"fp32", "bf16"})},
        {"--a", "FILE", "dot: the vectors, a JSON array of numbers each"},
        {"--b", "FILE", "dot: likewise"},
        {"--over", "AXIS", "sweep: bits, promotion, group, scale or inside; default all", true,
         one_of({"bits", "promotion", "group", "scale", "inside"})},
        {"--with-time", "", "gemm, sweep: simulate the same GEMM"},
        {"--system", "NAME", "shipped system or a file for --with-time; default h800", false, configuration("systems")},
        {"--out", "DIR", "folder for numerics.json, numerics.csv and plots"}};
    v.operands = {{"COMMAND", "what to do", one_of(command_names())}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
