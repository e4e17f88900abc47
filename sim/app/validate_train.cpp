#include "sim/app/validate_train.hpp"

#include "sim/app/run.hpp"
#include "sim/base/data_files.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace tessera {

namespace {

constexpr char kFolder[] = "workloads/deepseek_v3/h800_train";

// Spans of one role, region and iteration in order of start.
class Predictions {
public:
    explicit Predictions(const RunResult& result) {
        for (const Span& s : result.timeline.spans) { spans_[{s.region, s.role, s.iteration}].push_back(&s); }
    }
    const std::vector<const Span*>& of(const MeasuredKernel& k, std::size_t iteration) const {
        static const std::vector<const Span*> none;
        const auto it = spans_.find({k.region, k.role, static_cast<int>(iteration)});
        return it == spans_.end() ? none : it->second;
    }

private:
    std::map<std::tuple<std::string, std::string, int>, std::vector<const Span*>> spans_;
};

double duration_us(const Span& s) { return to_microseconds(s.end - s.start); }

double group_us(const std::vector<const Span*>& spans) {
    Time first = Time::max(), last{};
    for (const Span* s : spans) {
        first = min(first, s->start);
        last = max(last, s->end);
    }
    return to_microseconds(last - first);
}

void add_case(ValidationReport& report, const MeasuredKernel& k, std::size_t iteration, const std::string& suffix,
              double measured, const std::vector<const Span*>& spans, std::size_t index, bool group) {
    if (measured <= 0) { return; }  // shorter than the profiler's resolution
    ValidationCase c;
    c.id = k.region + "/" + k.role + suffix + "/" + std::to_string(iteration);
    c.family = k.op_class;
    c.variant = k.role;
    c.shape = {{"iteration", static_cast<std::int64_t>(iteration)}};
    c.measured = measured;
    c.covered = index < spans.size();
    if (c.covered) {
        c.predicted = group ? group_us(spans) : duration_us(*spans[index]);
    } else {
        c.reason = "the simulated run launches no such kernel";
    }
    report.cases.push_back(c);
}

void add_kernels(ValidationReport& report, const MeasuredTimeline& measured, const Predictions& predictions) {
    for (const MeasuredKernel& k : measured.kernels) {
        for (std::size_t i = 0; i < k.us.size(); ++i) {
            const std::vector<const Span*>& spans = predictions.of(k, i);
            if (!k.group_us.empty()) {
                add_case(report, k, i, "", k.group_us.at(i), spans, 0, true);
                continue;
            }
            for (std::size_t n = 0; n < k.us[i].size(); ++n) {
                const std::string suffix = k.us[i].size() > 1 ? "#" + std::to_string(n + 1) : "";
                add_case(report, k, i, suffix, k.us[i][n], spans, n, false);
            }
        }
    }
}

// Time of each class as the measured totals count it.
std::map<std::string, double> predicted_classes(const MeasuredTimeline& measured, const Predictions& predictions,
                                                const RunResult& result) {
    std::map<std::string, double> us;
    for (const Span& s : result.timeline.spans) { us[s.op_class] += duration_us(s); }
    for (const MeasuredKernel& k : measured.kernels) {  // overlapping launches: their group instead of their sum
        for (std::size_t i = 0; i < k.group_us.size(); ++i) {
            const std::vector<const Span*>& spans = predictions.of(k, i);
            if (spans.empty()) { continue; }
            for (const Span* s : spans) { us[k.op_class] -= duration_us(*s); }
            us[k.op_class] += group_us(spans);
        }
    }
    return us;
}

void add_totals(ValidationReport& report, const MeasuredTimeline& measured, const Predictions& predictions,
                const RunResult& result) {
    const std::map<std::string, double> predicted = predicted_classes(measured, predictions, result);
    for (const auto& [op_class, us] : measured.class_us) {
        ValidationCase c;
        c.id = "class/" + op_class;
        c.family = "operator class";
        c.variant = op_class;
        c.measured = us;
        const auto it = predicted.find(op_class);
        c.covered = it != predicted.end();
        c.predicted = c.covered ? it->second : 0.0;
        if (!c.covered) { c.reason = "the simulated run has no kernel of this class"; }
        report.cases.push_back(c);
        if (us < measured.class_threshold * measured.wall_us) { continue; }
        const auto why = measured.known_reasons.find(op_class);
        report.tolerances.push_back({"class " + op_class, c.covered ? c.error() : -1.0, measured.class_tolerance,
                                     why == measured.known_reasons.end() ? "" : why->second});
    }
    ValidationCase wall;
    wall.id = "wall";
    wall.family = "wall";
    wall.variant = "training chunk";
    wall.measured = measured.wall_us;
    wall.predicted = to_microseconds(result.time);
    report.cases.push_back(wall);
    report.tolerances.insert(report.tolerances.begin(), {"wall", wall.error(), measured.wall_tolerance, ""});
}

}  // namespace

ValidationReport compare_timelines(const RunResult& result, const MeasuredTimeline& measured) {
    ValidationReport report;
    report.set = "h800-train";
    report.source = measured.source;
    const Predictions predictions(result);
    add_kernels(report, measured, predictions);
    add_totals(report, measured, predictions, result);
    report.summary = summarize_cases(report.cases);
    return report;
}

std::optional<MeasuredTimeline> h800_train_timeline() {
    const std::string file = find_data(std::string(kFolder) + "/measured.json");
    if (file.empty()) { return {}; }
    return read_measured_timeline(file.substr(0, file.rfind('/')));
}

ValidationReport validate_h800_train(const RunConfig& config) {
    const std::optional<MeasuredTimeline> measured = h800_train_timeline();
    if (!measured) {
        throw ConfigError("", "", "the data set h800-train is not installed",
                          std::string("expected ") + kFolder + "/measured.json in one of the data folders");
    }
    RunConfig baseline = config;
    baseline.proposals.clear();
    return compare_timelines(run(baseline), *measured);
}

}  // namespace tessera
