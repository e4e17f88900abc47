#include "sim/cli/validation_tables.hpp"

#include "sim/base/text.hpp"
#include "sim/report/format.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace tessera::cli {
namespace {

constexpr char kClasses[] = "operator class";  // family of the totals that tolerances are stated for

report::Cell error_cell(const ValidationCase& c) {
    const bool points = c.judged == Judged::by_difference;
    return report::number_cell(signed_percent(c.error()) + (points ? " points" : ""), c.error());
}

// Microseconds are read more easily as milliseconds where whole classes are summed up; large counts in billions.
struct Scale {
    const char* unit;
    double factor;
};
Scale scale_of(const ValidationCase& c) {
    if (c.unit == "us") { return {"ms", 1e-3}; }
    return c.measured >= 1e6 ? Scale{"10^9 ", 1e-9} : Scale{"", 1.0};
}
std::string unit_shown(const ValidationCase& c) { return scale_of(c).unit + (c.unit == "us" ? "" : c.unit); }
report::Cell shown(const ValidationCase& c, double value) {
    return report::number_cell(report::fixed(value * scale_of(c).factor, 3), value);
}

report::Cell percent_cell(double value) { return report::number_cell(percent(value), value); }
report::Cell signed_cell(double value) { return report::number_cell(signed_percent(value), value); }

std::vector<report::Cell> figures(const FamilySummary& s, const std::string& label) {
    std::vector<report::Cell> row = {report::text_cell(label), report::number_cell(std::to_string(s.cases), s.cases),
                                     report::number_cell(std::to_string(s.covered), s.covered)};
    for (const double e : {s.median_abs, s.p90_abs, s.worst_abs}) {
        row.push_back(s.covered > 0 ? percent_cell(e) : report::text_cell(""));
    }
    row.push_back(s.covered > 0 ? signed_cell(s.mean_signed) : report::text_cell(""));
    row.push_back(s.set_aside > 0 ? report::number_cell(std::to_string(s.set_aside), s.set_aside)
                                  : report::text_cell(""));
    return row;
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

std::vector<const ValidationCase*> by_error(const ValidationReport& v) {
    std::vector<const ValidationCase*> covered;
    for (const ValidationCase& c : v.cases) {
        if (c.covered && c.standing == Standing::judged) { covered.push_back(&c); }
    }
    std::stable_sort(covered.begin(), covered.end(), [](const ValidationCase* a, const ValidationCase* b) {
        return std::abs(a->error()) > std::abs(b->error());
    });
    return covered;
}

void add(CasesByReason& list, const std::string& reason, const ValidationCase& c) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const auto& r) { return r.first == reason; });
    if (found == list.end()) {
        list.push_back({reason, {&c}});
    } else {
        found->second.push_back(&c);
    }
}

std::string limits_text(const GoalCheck& g) {
    std::string text;
    for (const double limit : {g.median, g.p90, g.worst, g.mean}) {
        const bool whole = std::abs(100 * limit - std::round(100 * limit)) < 1e-9;
        text += (text.empty() ? "" : " / ") + (limit > 0 ? report::fixed(100 * limit, whole ? 0 : 1) : "-");
    }
    return text + " %";
}

}  // namespace

report::Table tolerance_table(const ValidationReport& v) {
    report::Table t;
    t.columns = {"held to a tolerance", "unit", "measured", "predicted", "error", "allowed", ""};
    for (const ToleranceCheck& check : v.tolerances) {
        const auto same = [&](const ValidationCase& c) {
            return check.what == c.id || (c.family == kClasses && check.what == "class " + c.variant);
        };
        const auto found = std::find_if(v.cases.begin(), v.cases.end(), same);
        const bool known = found != v.cases.end();
        const bool covered = known && found->covered;
        t.rows.push_back(
            {report::text_cell(report::words(check.what)), report::text_cell(known ? unit_shown(*found) : ""),
             known ? shown(*found, found->measured) : report::text_cell(""),
             covered ? shown(*found, found->predicted) : report::text_cell(known ? "not covered" : ""),
             signed_cell(check.error), report::text_cell(check.limit > 0 ? "\u00b1" + percent(check.limit, 0) : "none"),
             report::text_cell(check.met() ? "met" : "MISSED")});
    }
    return t;
}

report::Table goal_table(const std::vector<GoalCheck>& goals) {
    report::Table t;
    t.columns = {"figures to reach", "cases",     "covered", "median", "p90", "worst",
                 "mean signed",      "set aside", "allowed", ""};
    for (const GoalCheck& g : goals) {
        std::vector<report::Cell> row = figures(g.reached, g.reached.family);
        row.push_back(report::text_cell(limits_text(g)));
        row.push_back(report::text_cell(g.met() ? "met" : "MISSED"));
        row.back().tone = g.met() ? report::Tone::good : report::Tone::bad;
        t.rows.push_back(std::move(row));
    }
    return t;
}

report::Table family_table(const ValidationReport& v) {
    report::Table t;
    t.columns = {"family", "cases", "covered", "median", "p90", "worst", "mean signed", "set aside"};
    for (const FamilySummary& s : families_and_variants(v)) { t.rows.push_back(figures(s, report::words(s.family))); }
    return t;
}

report::Table worst_table(const ValidationReport& v, std::size_t most) {
    const std::vector<const ValidationCase*> covered = by_error(v);
    report::Table t;
    t.columns = {"worst", "measured", "predicted", "", "error", "limited by"};
    for (std::size_t i = 0; i < std::min(most, covered.size()); ++i) {
        const ValidationCase& c = *covered[i];
        t.rows.push_back({report::text_cell(c.id), report::number_cell(report::fixed(c.measured, 3), c.measured),
                          report::number_cell(report::fixed(c.predicted, 3), c.predicted), report::text_cell(c.unit),
                          error_cell(c), report::text_cell(report::words(c.limiter))});
    }
    return t;
}

CasesByReason outliers_by_reason(const ValidationReport& v, double beyond) {
    CasesByReason out;
    for (const ValidationCase* c : by_error(v)) {
        if (c->judged != Judged::bit_for_bit && std::abs(c->error()) > beyond) { add(out, c->known_reason, *c); }
    }
    return out;
}

CasesByReason uncovered_by_reason(const ValidationReport& v) {
    CasesByReason out;
    for (const ValidationCase& c : v.cases) {
        if (!c.covered && c.standing != Standing::no_quantity) { add(out, c.reason, c); }
    }
    return out;
}

CasesByReason without_quantity(const ValidationReport& v) {
    CasesByReason out;
    for (const ValidationCase& c : v.cases) {
        if (c.standing == Standing::no_quantity) { add(out, c.reason, c); }
    }
    return out;
}

std::string reason_line(const std::string& reason, const std::vector<const ValidationCase*>& cases) {
    return std::to_string(cases.size()) + " x " + reason + " (" + cases.front()->id +
           (cases.size() > 1 ? ", ...)" : ")");
}

}  // namespace tessera::cli
