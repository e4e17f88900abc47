#include "sim/app/validate_measured.hpp"

#include "models/power/power_cap.hpp"
#include "sim/app/measured/read_cases.hpp"
#include "sim/base/data_files.hpp"
#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <algorithm>

namespace tessera {
namespace {

constexpr char kFolder[] = "tests/validation/h200";
constexpr char kLinkFolder[] = "tests/validation/h200_links";
constexpr char kSource[] = "kernels measured on one H200 SXM (132 SMs, 700 W), each predicted at ";
constexpr char kMeasuredClock[] = "the SM clock measured while it ran";
constexpr char kPredictedClock[] = "the SM clock that its power allows";
constexpr char kCappedClock[] = "clock";
constexpr char kFreeClock[] = "clock_uncapped";

// A measured clock this far below the ceiling under Tensor Core load shows that power held it down.
constexpr double capped_share = 0.99;

enum class Part { all, gemm, rest, quantization, bandwidth, units };

struct SetOfData {
    const char* name;
    const char* file;
    Part part;
};
constexpr SetOfData kSets[] = {
    {"h200-gemm", "kernels.json", Part::gemm},         {"h200-deepgemm", "deepgemm.json", Part::all},
    {"h200-flashmla", "flashmla.json", Part::all},     {"h200-streams", "kernels.json", Part::rest},
    {"h200-layer", "layer.json", Part::all},           {"h200-quantization", "micro.json", Part::quantization},
    {"h200-bandwidth", "micro.json", Part::bandwidth}, {"h200-micro", "micro.json", Part::units}};

// Measurements between GPUs, on two and on four of them, and DeepEP's published tables.
struct SetOfLinks {
    const char* name;
    const char* source;
    std::vector<const char*> files;
};
const std::vector<SetOfLinks>& link_set_table() {
    static const std::vector<SetOfLinks> table = {
        {"nvlink",
         "H200 GPUs of one host over NVLink, none of their kernels told more than its clock",
         {"nvlink_2gpu.json", "nvlink_4gpu.json"}},
        {"nccl",
         "NCCL 2.28.9 on H200 GPUs of one host, told what the host needs for a call",
         {"nccl_2gpu.json", "nccl_4gpu.json"}},
        {"deepep-2gpu",
         "DeepEP V1 on H200 GPUs of one host, each call at its measured SM clock",
         {"deepep_2gpu.json", "deepep_4gpu.json"}},
        {"deepep-h800", "DeepEP's published tables, H800 with one 400 Gbit/s NIC per GPU", {"deepep_h800.json"}}};
    return table;
}

std::string data_file(const std::string& set, const std::string& relative) {
    std::string file = find_data(relative);
    if (file.empty()) {
        throw ConfigError("", "", "the data set " + set + " is not installed",
                          "expected " + relative + " in one of the data folders");
    }
    return file;
}

bool belongs(const measured::Case& c, Part part) {
    if (part == Part::quantization) { return c.family == "quantization"; }
    const bool unit = c.family.size() > 2 && c.family[1] == '.';  // named by section: "E.wgmma_throughput"
    if (part == Part::units) { return unit; }
    if (part == Part::bandwidth) { return !unit && c.unit == "GB/s"; }
    const bool gemm = c.family == "gemm" || c.family == "grouped_gemm" || c.family == "router_gemm" ||
                      c.family == "mla_qk" || c.family == "mla_pv";
    return part == Part::all || gemm == (part == Part::gemm);
}

ValidationCase described(const measured::Case& c) {
    ValidationCase v;
    v.id = c.id;
    v.family = c.family;
    v.variant = c.variant;
    v.shape = c.shape;
    v.unit = c.unit;
    v.measured = c.measured;
    v.judged = c.judged;
    v.standing = c.standing;
    v.reason = c.problem;
    return v;
}

}  // namespace

ValidationCase judge_probe(const measured::Case& c, const ProbeAnswer& answer) {
    ValidationCase v = described(c);
    if (v.reason.empty()) { v.reason = answer.problem; }
    v.covered = v.reason.empty();
    if (!v.covered) { return v; }
    v.predicted = answer.prediction.value;
    v.limiter = answer.prediction.limiter;
    return v;
}

ValidationCase judge_case(const measured::Case& c, const std::vector<LaunchPrice>& prices) {
    ValidationCase v = described(c);
    Time sum = c.overhead, longest{};
    for (const LaunchPrice& p : prices) {
        if (v.reason.empty()) { v.reason = p.problem; }
        sum += c.net_of_launch ? p.time - p.launch : p.time;
        if (p.time > longest) {
            longest = p.time;
            v.limiter = p.limiter;
        }
    }
    v.covered = v.reason.empty();
    if (!v.covered) {
        v.limiter.clear();
        return v;
    }
    sum = max(sum, c.at_least);
    invariant(!prices.empty() && sum > Time::zero(), "a case without problem has launches and takes time");
    v.predicted = c.unit == "us" ? to_microseconds(sum) : to_double(c.payload) / to_nanoseconds(sum);
    return v;
}

ValidationCase judge_clock(const measured::Case& c, const SettledCase& settled, const PowerConfig& power) {
    ValidationCase v = described(c);
    const bool tensor = std::any_of(settled.prices.begin(), settled.prices.end(),
                                    [](const LaunchPrice& p) { return p.tensor_busy > Time::zero(); });
    v.family = tensor && c.clock < power.tensor_max_clock * capped_share ? kCappedClock : kFreeClock;
    v.id = "clock: " + c.id;
    v.variant = c.family;
    v.unit = "MHz";
    v.judged = Judged::by_ratio;
    v.measured = c.clock.raw() / 1e6;
    v.covered = settled.clock > Frequency::zero();
    if (v.covered) {
        v.predicted = settled.clock.raw() / 1e6;
    } else if (v.reason.empty()) {
        v.reason = "no clock without all of its launches' times";
    }
    return v;
}

std::array<ValidationCase, 2> judge_power(const measured::Case& c, const std::vector<LaunchPrice>& prices,
                                          Frequency clock, const PowerConfig& power) {
    std::array<ValidationCase, 2> out = {described(c), described(c)};
    for (ValidationCase& v : out) {
        v.variant = c.family;
        v.judged = Judged::by_ratio;
        for (const LaunchPrice& p : prices) {
            if (v.reason.empty()) { v.reason = p.problem; }
        }
        v.covered = v.reason.empty() && clock > Frequency::zero();
    }
    ValidationCase &watts = out[0], &joules = out[1];
    watts.family = "board_power";
    watts.id = "power: " + c.id;
    watts.unit = "W";
    watts.measured = c.watts;
    joules.family = "energy_per_call";
    joules.id = "energy: " + c.id;
    joules.unit = "J";
    joules.measured = c.joules;
    if (watts.covered) {
        const Activity a = activity_of(prices, c.overhead, clock);
        watts.predicted = PowerCap(power).board_power(a, clock).raw();
        joules.predicted = watts.predicted * to_seconds(a.clock_time + a.fixed_time);
    }
    return out;
}

ValidationReport validate_cases(const std::string& set, const std::string& source, std::vector<measured::Case> cases,
                                const SystemConfig& system, const ValidateOptions& options) {
    for (measured::Case& c : cases) {
        // Measured gaps end at a first block: they hold the latency of a launch, which the model counts with the
        // kernel.
        const Time drain = c.gaps_hold_drain ? system.launch.drain : Time::zero();
        const LaunchConfig& l = system.launch;
        const Time latency = (l.kernel_latency + drain) * static_cast<double>(c.launches.size());
        c.overhead += l.graph_gap * c.graph_gaps + (l.kernel_gap + l.kernel_latency) * c.stream_gaps;
        if (c.overhead > Time::zero()) { c.overhead = max(c.overhead - latency, Time::zero()); }
    }
    std::vector<SettledCase> settled;
    std::vector<std::vector<LaunchPrice>> prices;
    if (options.power_model) {
        settled = settle_cases(cases, system, options.exact, options.jobs, options.progress);
        for (const SettledCase& s : settled) { prices.push_back(s.prices); }
    } else {
        prices = price_launches(cases, system, options.exact, options.jobs, options.progress);
    }
    const auto answers = run_probes(cases, system, options.jobs, options.progress);
    ValidationReport report;
    report.set = set;
    report.source = source;
    report.power_model = options.power_model;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const measured::Case& c = cases[i];
        report.cases.push_back(c.probe ? judge_probe(c, answers[i]) : judge_case(c, prices[i]));
    }
    for (std::size_t i = 0; i < cases.size(); ++i) {
        if (cases[i].watts <= 0 || cases[i].probe) { continue; }
        const Frequency clock = options.power_model ? settled[i].clock : cases[i].clock;
        for (const ValidationCase& v : judge_power(cases[i], prices[i], clock, system.power)) {
            report.cases.push_back(v);
        }
    }
    for (std::size_t i = 0; i < settled.size(); ++i) {
        if (cases[i].probe || cases[i].clock <= Frequency::zero()) { continue; }
        report.cases.push_back(judge_clock(cases[i], settled[i], system.power));
    }
    report.summary = summarize_cases(report.cases);
    return report;
}

ValidationReport validate_file(const std::string& file, const SystemConfig& system, const ValidateOptions& options) {
    const JsonValue document = read_json_file(file);
    const std::string clock = options.power_model ? kPredictedClock : kMeasuredClock;
    return validate_cases(file, "each case predicted at " + clock + ", on " + system.name,
                          measured::read_cases(document, file, system), system, options);
}

std::vector<std::string> h200_sets() {
    std::vector<std::string> names;
    for (const SetOfData& s : kSets) { names.emplace_back(s.name); }
    return names;
}

std::vector<measured::Case> h200_cases(const std::string& set, const SystemConfig& system) {
    const auto* data =
        std::find_if(std::begin(kSets), std::end(kSets), [&](const SetOfData& s) { return s.name == set; });
    invariant(data != std::end(kSets), "a set of H200 measurements that does not exist");
    const std::string relative = std::string(kFolder) + "/" + data->file;
    const std::string file = data_file(set, relative);
    std::vector<measured::Case> cases = measured::read_cases(read_json_file(file), relative, system);
    const auto other = [&](const measured::Case& c) { return !belongs(c, data->part); };
    cases.erase(std::remove_if(cases.begin(), cases.end(), other), cases.end());
    return cases;
}

ValidationReport validate_h200(const std::string& set, const SystemConfig& system, const ValidateOptions& options) {
    const std::string source = std::string(kSource) + (options.power_model ? kPredictedClock : kMeasuredClock);
    return validate_cases(set, source, h200_cases(set, system), system, options);
}

std::vector<std::string> link_sets() {
    std::vector<std::string> names;
    for (const SetOfLinks& s : link_set_table()) { names.emplace_back(s.name); }
    return names;
}

ValidationReport validate_links(const std::string& set, const SystemConfig& system, const ValidateOptions& options) {
    const auto& table = link_set_table();
    const auto data = std::find_if(table.begin(), table.end(), [&](const SetOfLinks& s) { return s.name == set; });
    invariant(data != table.end(), "a set of measurements between GPUs that does not exist");
    std::vector<ValidationReport> reports;
    for (const char* name : data->files) {
        const std::string relative = std::string(kLinkFolder) + "/" + name;
        const JsonValue document = read_json_file(data_file(set, relative));
        reports.push_back(
            validate_cases(name, data->source, measured::read_cases(document, relative, system), system, options));
    }
    ValidationReport whole = merged(reports);
    whole.set = set;
    whole.source = data->source;
    return whole;
}

}  // namespace tessera
