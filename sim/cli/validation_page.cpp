#include "sim/cli/validation_page.hpp"

#include "sim/base/text.hpp"
#include "sim/cli/validation_tables.hpp"
#include "sim/report/format.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::cli {
namespace {

using report::Section;

constexpr std::size_t kWorst = 10;

report::Tiles headline(const ValidationPage& page) {
    const std::vector<ValidationCase>& cases = page.whole.cases;
    std::vector<double> errors;
    for (const ValidationCase& c : cases) {
        if (c.covered && c.standing == Standing::judged && c.judged != Judged::bit_for_bit) {
            errors.push_back(std::abs(c.error()));
        }
    }
    const auto covered = std::count_if(cases.begin(), cases.end(), [](const ValidationCase& c) { return c.covered; });
    const auto aside = std::count_if(cases.begin(), cases.end(),
                                     [](const ValidationCase& c) { return c.standing != Standing::judged; });
    const std::vector<GoalCheck>& goals = page.whole.goals;
    const auto met = std::count_if(goals.begin(), goals.end(), [](const GoalCheck& g) { return g.met(); });
    report::Tiles tiles;
    tiles.tiles.push_back({"cases", std::to_string(cases.size()),
                           std::to_string(covered) + " predicted, " + std::to_string(aside) + " set aside"});
    if (!errors.empty()) {
        tiles.tiles.push_back({"median error", percent(quantile(errors, 0.5)), "of all cases judged"});
        tiles.tiles.push_back({"90 % of the cases", percent(quantile(errors, 0.9)), "are at most this far off"});
    }
    if (!goals.empty()) {
        tiles.tiles.push_back(
            {"figures reached", std::to_string(met) + " of " + std::to_string(goals.size()), "groups of cases"});
    }
    return tiles;
}

Section summary(const ValidationPage& page) {
    Section s{"summary", "How far to trust it", {}};
    s.push(headline(page));
    s.paragraph(page.whole.power_model
                    ? "Errors are predicted / measured - 1; the power model predicted the clock as well. Slow-downs of "
                      "kernels side by side are compared in points."
                    : "Errors are predicted / measured - 1 at the SM clock that was measured. Slow-downs of kernels "
                      "side by side are compared in points.");
    s.paragraph(
        "Set aside, and in no figure: measurements that set a constant of the system, and those that hold nothing to "
        "predict.");
    s.table(goal_table(page.whole.goals));
    for (const report::Image& image : page.plots) { s.push(image); }
    return s;
}

Section set_section(const ValidationReport& v, std::size_t index) {
    Section s{"set-" + std::to_string(index + 1), v.set, {}};
    s.paragraph(report::Line(v.source + "."));
    s.table(tolerance_table(v));
    s.table(family_table(v));
    s.table(worst_table(v, kWorst));
    return s;
}

report::Table cases_table(const std::vector<const ValidationCase*>& cases, bool reasons) {
    report::Table t;
    t.columns = {"case", "family", "measured", "predicted", "unit", "error", "limited by"};
    if (reasons) { t.columns.emplace_back("not covered because"); }
    for (const ValidationCase* c : cases) {
        t.rows.push_back(
            {report::text_cell(c->id), report::text_cell(report::words(c->family)),
             report::number_cell(report::fixed(c->measured, 3), c->measured),
             c->covered ? report::number_cell(report::fixed(c->predicted, 3), c->predicted) : report::text_cell(""),
             report::text_cell(c->unit),
             c->covered ? report::number_cell(signed_percent(c->error()), c->error()) : report::text_cell(""),
             report::text_cell(report::words(c->limiter))});
        if (reasons) { t.rows.back().push_back(report::text_cell(c->reason)); }
    }
    return t;
}

Section deviations(const ValidationPage& page) {
    Section s{"deviations", "Deviations", {}};
    const CasesByReason outliers = outliers_by_reason(page.whole, page.beyond);
    if (outliers.empty()) { return s; }
    s.paragraph(report::Line("Predictions that are off by more than " + percent(page.beyond, 0) +
                             ", gathered by the reason as far as it is known."));
    for (const auto& [reason, cases] : outliers) {
        report::Details d;
        d.summary = std::to_string(cases.size()) + " x " + (reason.empty() ? "not explained yet" : reason);
        d.blocks.push_back({cases_table(cases, false)});
        s.push(std::move(d));
    }
    return s;
}

Section uncovered(const ValidationPage& page) {
    Section s{"not-covered", "Not covered", {}};
    std::vector<report::Line> lines;
    for (const auto& [reason, cases] : uncovered_by_reason(page.whole)) {
        lines.emplace_back(reason_line(reason, cases));
    }
    for (const auto& [reason, cases] : without_quantity(page.whole)) {
        lines.emplace_back("nothing to predict: " + reason_line(reason, cases));
    }
    s.bullets(std::move(lines));
    return s;
}

Section every_case(const ValidationPage& page) {
    Section s{"cases", "Every case", {}};
    std::vector<const ValidationCase*> cases;
    for (const ValidationCase& c : page.whole.cases) { cases.push_back(&c); }
    report::Details d;
    d.summary = std::to_string(cases.size()) + " cases; click a column's head to sort";
    d.blocks.push_back({cases_table(cases, true)});
    s.push(std::move(d));
    return s;
}

std::string subtitle(const ValidationPage& page) {
    std::vector<std::string> names;
    for (const ValidationReport& v : page.sets) { names.push_back(v.set); }
    return join(names, ", ");
}

}  // namespace

report::Document validation_document(const ValidationPage& page) {
    report::Document d;
    d.title = "tessera: predictions against measurements";
    d.subtitle = subtitle(page);
    d.footer = page.command;
    d.sections.push_back(summary(page));
    for (std::size_t i = 0; i < page.sets.size(); ++i) { d.sections.push_back(set_section(page.sets[i], i)); }
    for (Section s : {deviations(page), uncovered(page), every_case(page)}) {
        if (!s.blocks.empty()) { d.sections.push_back(std::move(s)); }
    }
    return d;
}

}  // namespace tessera::cli
