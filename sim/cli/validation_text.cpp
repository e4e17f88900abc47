#include "sim/cli/validation_text.hpp"

#include "sim/base/text.hpp"
#include "sim/cli/validation_tables.hpp"
#include "sim/report/console.hpp"
#include "sim/report/format.hpp"

#include <algorithm>

namespace tessera::cli {
namespace {

constexpr std::size_t kWorst = 10;

std::string missed_tolerances(const ValidationReport& v) {
    std::string text;
    std::size_t missed = 0;
    for (const ToleranceCheck& t : v.tolerances) {
        if (t.met()) { continue; }
        if (missed++ == 0) { text += "\n"; }
        text += "missed, " + report::words(t.what) + ": " +
                (t.known_reason.empty() ? "not explained yet" : t.known_reason) + "\n";
    }
    return text + "\n" +
           (missed == 0
                ? std::string("every tolerance is met")
                : std::to_string(missed) + " of " + std::to_string(v.tolerances.size()) + " tolerances are missed") +
           "\n\n";
}

std::string listed(const CasesByReason& list, const std::string& what) {
    std::size_t count = 0;
    std::string text;
    for (const auto& [reason, cases] : list) {
        count += cases.size();
        text += "  " + reason_line(reason, cases) + "\n";
    }
    return count == 0 ? "" : "\n" + std::to_string(count) + " cases " + what + ":\n" + text;
}

}  // namespace

std::string validation_text(const ValidationReport& v) {
    std::string text = v.set + ": " + v.source + "\n\n";
    if (!v.tolerances.empty()) { text += report::to_text(tolerance_table(v)) + "\n"; }
    text += report::to_text(family_table(v));
    const auto predicted = std::any_of(v.cases.begin(), v.cases.end(), [](const ValidationCase& c) {
        return c.covered && c.standing == Standing::judged;
    });
    if (predicted && v.tolerances.empty()) { text += "\n" + report::to_text(worst_table(v, kWorst)); }
    text += listed(uncovered_by_reason(v), "are not covered");
    text += listed(without_quantity(v), "hold nothing that a device model predicts");
    return text + (v.tolerances.empty() ? "\n" : missed_tolerances(v));
}

std::string goals_text(const ValidationReport& whole, double beyond) {
    std::string text;
    if (!whole.goals.empty()) { text += report::to_text(goal_table(whole.goals)) + "\n"; }
    const CasesByReason outliers = outliers_by_reason(whole, beyond);
    if (!outliers.empty()) {
        text += "off by more than " + percent(beyond, 0) + ":\n";
        for (const auto& [reason, cases] : outliers) {
            text += "  " + reason_line(reason.empty() ? "not explained yet" : reason, cases) + "\n";
        }
        text += "\n";
    }
    return text;
}

}  // namespace tessera::cli
