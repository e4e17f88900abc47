#include "sim/cli/validation_summary.hpp"

#include "sim/app/validate_train.hpp"
#include "sim/config/loader.hpp"

#include <algorithm>
#include <string_view>

namespace tessera::cli {
namespace {

constexpr std::string_view kClasses = "operator class";  // families of the report with totals
constexpr std::string_view kWall = "wall";

bool same_experiment(const RunConfig& a, const RunConfig& b) {
    const SimulationConfig &x = a.simulation, &y = b.simulation;
    return to_json(a.system) == to_json(b.system) && to_json(a.workload) == to_json(b.workload) && x.clock == y.clock &&
           x.fixed_clock == y.fixed_clock && x.replay_recorded == y.replay_recorded &&
           x.simulated_ranks == y.simulated_ranks && x.seed == y.seed;
}

}  // namespace

report::ValidationSummary validation_summary(const ValidationReport& validation) {
    report::ValidationSummary out;
    out.set = validation.set;
    out.source = validation.source;
    const auto kernels_of = [&](const std::string& family) {
        int n = 0;
        for (const FamilySummary& s : validation.summary) { n += s.family == family ? s.cases : 0; }
        return n;
    };
    for (const ValidationCase& c : validation.cases) {
        report::ValidationRow row{c.variant, kernels_of(c.variant), microseconds(c.measured),
                                  microseconds(c.covered ? c.predicted : 0.0), 0};
        if (c.family == kWall) {
            row.label = "whole run";
            out.whole = row;
        } else if (c.family == kClasses) {
            out.rows.push_back(row);
        }
    }
    for (report::ValidationRow& row : out.rows) {
        out.whole.cases += row.cases;
        if (out.whole.measured > Time::zero()) { row.share = row.measured / out.whole.measured; }
    }
    out.whole.share = 1;
    for (const ToleranceCheck& t : validation.tolerances) {
        if (!t.met() && !t.known_reason.empty()) { out.deviations.emplace_back(t.what, t.known_reason); }
    }
    return out;
}

std::optional<report::ValidationSummary> validation_of(const RunConfig& config, const RunResult& baseline) {
    if (!same_experiment(config, default_run_config())) { return {}; }
    const std::optional<MeasuredTimeline> measured = h800_train_timeline();
    if (!measured) { return {}; }
    return validation_summary(compare_timelines(baseline, *measured));
}

}  // namespace tessera::cli
