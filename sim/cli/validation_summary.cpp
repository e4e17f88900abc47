#include "sim/cli/validation_summary.hpp"

#include "sim/app/validate_train.hpp"
#include "sim/base/text.hpp"
#include "sim/config/loader.hpp"
#include "sim/report/console.hpp"
#include "sim/report/format.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

namespace tessera::cli {
namespace {

constexpr std::string_view kClasses = "operator class";  // families of the report with totals
constexpr std::string_view kWall = "wall";

report::Cell error_cell(double error) { return report::number_cell(signed_percent(error), error); }

bool same_experiment(const RunConfig& a, const RunConfig& b) {
    const SimulationConfig &x = a.simulation, &y = b.simulation;
    return to_json(a.system) == to_json(b.system) && to_json(a.workload) == to_json(b.workload) && x.clock == y.clock &&
           x.fixed_clock == y.fixed_clock && x.replay_recorded == y.replay_recorded &&
           x.simulated_ranks == y.simulated_ranks && x.seed == y.seed;
}

report::Table tolerance_table(const ValidationReport& v) {
    report::Table t;
    t.columns = {"held to a tolerance", "measured (ms)", "predicted (ms)", "error", "allowed", ""};
    for (const ToleranceCheck& check : v.tolerances) {
        const auto same = [&](const ValidationCase& c) {
            return check.what == c.id || (c.family == kClasses && check.what == "class " + c.variant);
        };
        const auto found = std::find_if(v.cases.begin(), v.cases.end(), same);
        const bool known = found != v.cases.end();
        t.rows.push_back(
            {report::text_cell(report::words(check.what)),
             known ? report::number_cell(report::fixed(found->measured / 1e3, 3), found->measured)
                   : report::text_cell(""),
             !known           ? report::text_cell("")
             : found->covered ? report::number_cell(report::fixed(found->predicted / 1e3, 3), found->predicted)
                              : report::text_cell("not covered"),
             error_cell(check.error), report::text_cell(check.limit > 0 ? "\u00b1" + percent(check.limit, 0) : "none"),
             report::text_cell(check.met() ? "met" : "MISSED")});
    }
    return t;
}

// Cases of kernels that come in several variants, variant by variant below their family.
std::vector<FamilySummary> families_and_variants(const ValidationReport& v) {
    if (!v.tolerances.empty()) { return v.summary; }
    std::vector<FamilySummary> out;
    for (const FamilySummary& s : v.summary) {
        out.push_back(s);
        std::vector<ValidationCase> own;
        for (const ValidationCase& c : v.cases) {
            if (c.family == s.family) {
                own.push_back(c);
                own.back().family = s.family + ", " + c.variant;
            }
        }
        const std::vector<FamilySummary> variants = summarize_cases(own);
        if (variants.size() < 2 || s.covered == 0) { continue; }
        std::copy_if(variants.begin(), variants.end(), std::back_inserter(out),
                     [](const FamilySummary& of) { return of.cases > 1; });
    }
    return out;
}

report::Table worst_table(const ValidationReport& v) {
    constexpr std::size_t kShown = 10;
    std::vector<const ValidationCase*> covered;
    for (const ValidationCase& c : v.cases) {
        if (c.covered) { covered.push_back(&c); }
    }
    std::stable_sort(covered.begin(), covered.end(), [](const ValidationCase* a, const ValidationCase* b) {
        return std::abs(a->error()) > std::abs(b->error());
    });
    report::Table t;
    t.columns = {"worst", "measured", "predicted", "", "error", "limited by"};
    for (std::size_t i = 0; i < std::min(kShown, covered.size()); ++i) {
        const ValidationCase& c = *covered[i];
        t.rows.push_back({report::text_cell(c.id), report::number_cell(report::fixed(c.measured, 3), c.measured),
                          report::number_cell(report::fixed(c.predicted, 3), c.predicted), report::text_cell(c.unit),
                          error_cell(c.error()), report::text_cell(report::words(c.limiter))});
    }
    return t;
}

// Reasons with the number of cases, the first of them by name; in the order of their first case.
std::string uncovered_text(const ValidationReport& v) {
    std::vector<std::pair<std::string, std::vector<const ValidationCase*>>> reasons;
    for (const ValidationCase& c : v.cases) {
        if (c.covered) { continue; }
        const auto found =
            std::find_if(reasons.begin(), reasons.end(), [&](const auto& r) { return r.first == c.reason; });
        if (found == reasons.end()) {
            reasons.push_back({c.reason, {&c}});
        } else {
            found->second.push_back(&c);
        }
    }
    std::string text;
    for (const auto& [reason, cases] : reasons) {
        text += "  " + std::to_string(cases.size()) + " x " + reason + " (" + cases.front()->id +
                (cases.size() > 1 ? ", ...)" : ")") + "\n";
    }
    return text;
}

report::Table family_table(const ValidationReport& v) {
    report::Table t;
    t.columns = {"family", "cases", "covered", "median", "p90", "worst", "mean signed"};
    for (const FamilySummary& s : families_and_variants(v)) {
        std::vector<report::Cell> row = {report::text_cell(report::words(s.family)),
                                         report::number_cell(std::to_string(s.cases), s.cases),
                                         report::number_cell(std::to_string(s.covered), s.covered)};
        for (const double e : {s.median_abs, s.p90_abs, s.worst_abs}) {
            row.push_back(s.covered > 0 ? report::number_cell(percent(e), e) : report::text_cell(""));
        }
        row.push_back(s.covered > 0 ? error_cell(s.mean_signed) : report::text_cell(""));
        t.rows.push_back(std::move(row));
    }
    return t;
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

std::string validation_text(const ValidationReport& v) {
    std::string text = v.set + ": " + v.source + "\n\n";
    if (!v.tolerances.empty()) { text += report::to_text(tolerance_table(v)) + "\n"; }
    text += report::to_text(family_table(v));
    int uncovered = 0, missed = 0;
    for (const ValidationCase& c : v.cases) { uncovered += c.covered ? 0 : 1; }
    for (const ToleranceCheck& t : v.tolerances) {
        if (t.met()) { continue; }
        if (missed++ == 0) { text += "\n"; }
        text += "missed, " + report::words(t.what) + ": " +
                (t.known_reason.empty() ? "not explained yet" : t.known_reason) + "\n";
    }
    const bool measured = v.tolerances.empty();  // a set that states no limits
    const bool any = static_cast<std::size_t>(uncovered) < v.cases.size();
    if (measured && any) { text += "\n" + report::to_text(worst_table(v)); }
    if (uncovered > 0) {
        text += "\n" + std::to_string(uncovered) + " cases are not covered" +
                (measured ? ":\n" + uncovered_text(v) : "; --json gives the reasons.\n");
    }
    if (measured) { return text + "\n"; }
    text += "\n" +
            (missed == 0
                 ? std::string("every tolerance is met")
                 : std::to_string(missed) + " of " + std::to_string(v.tolerances.size()) + " tolerances are missed") +
            "\n";
    return text;
}

}  // namespace tessera::cli
