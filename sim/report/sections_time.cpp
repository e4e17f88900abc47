#include "sim/base/text.hpp"
#include "sim/report/analysis.hpp"
#include "sim/report/charts.hpp"
#include "sim/report/format.hpp"
#include "sim/report/sections.hpp"

#include <algorithm>
#include <set>

namespace tessera::report {
namespace {

// Classes below this share of the wall time are folded away.
constexpr double kSmallClass = 0.005;

Cell change_cell(double before, double after, int decimals) {
    Cell cell = number_cell(signed_fixed(after - before, decimals), after - before);
    cell.tone = cell.text.find_first_of("123456789") == std::string::npos ? Tone::quiet
                                                                          : (after < before ? Tone::good : Tone::bad);
    return cell;
}

// Classes of which the larger time is at least `low` and below `high`.
Table class_table(const RunResult& a, const RunResult& b, Time low, Time high) {
    Table t;
    t.caption =
        "Before: " + a.id + ". After: " + b.id +
        ". Time is the sum over kernels, streams overlapping; critical is the part that the wall time waits for.";
    t.columns = {"operator class",      "kernels",     "time before (ms)",
                 "time after (ms)",     "change (ms)", "critical before (ms)",
                 "critical after (ms)", "change (ms)", "HBM before (GB)",
                 "HBM after (GB)"};
    for (const std::string& name : classes_of(a, b)) {
        const ClassTotal x = class_total(a, name), y = class_total(b, name);
        const Time size = max(x.time, y.time);
        if (size < low || size >= high) { continue; }
        const std::string kernels = std::to_string(x.kernels);
        t.rows.push_back(
            {text_cell(words(name)),
             text_cell(x.kernels == y.kernels ? kernels : kernels + " \u2192 " + std::to_string(y.kernels)),
             time_cell(x.time), time_cell(y.time), change_cell(to_milliseconds(x.time), to_milliseconds(y.time), 2),
             time_cell(x.critical), time_cell(y.critical),
             change_cell(to_milliseconds(x.critical), to_milliseconds(y.critical), 2), gigabytes_cell(x.traffic.hbm()),
             gigabytes_cell(y.traffic.hbm())});
    }
    return t;
}

std::vector<const VariantOutcome*> main_variants(const Comparison& c) {
    std::vector<const VariantOutcome*> out = alone_by_gain(c);
    if (const VariantOutcome* all = find_together(c)) { out.push_back(all); }
    return out;
}

int middle_iteration(const Timeline& t) {
    std::set<int> iterations;
    for (const Span& s : t.spans) { iterations.insert(s.iteration); }
    if (iterations.empty()) { return 0; }
    return *std::next(iterations.begin(), static_cast<std::ptrdiff_t>((iterations.size() - 1) / 2));
}

void add_timeline(Section& s, const RunResult& r) {
    const Timeline& t = r.timeline;
    if (t.spans.empty()) { return; }
    Time end{};
    for (const Span& span : t.spans) { end = max(end, span.end); }
    s.heading(r.id + ", " + human(r.time), "timeline-" + r.id);
    s.figure(timeline_chart(r, {Time::zero(), end, false}, "Timeline of " + r.id + ", the whole run."));
    TimelineWindow zoom = iteration_window(t, middle_iteration(t));
    zoom.tooltips = true;
    if (zoom.start > Time::zero() || zoom.end < end) {
        s.figure(
            timeline_chart(r, zoom,
                           "One iteration of " + r.id +
                               ": rest the pointer on a kernel for its name, limiter and SMs. Iterations overlap, so "
                               "the window also shows its neighbours' kernels."));
    }
}

std::vector<Cell> limiter_row(const RunResult& r, const std::vector<std::string>& names) {
    std::vector<Cell> row{code_cell(r.id), time_cell(r.time)};
    for (const std::string& name : names) {
        const auto found = r.critical_share.find(name);
        row.push_back(share_cell(found == r.critical_share.end() ? 0.0 : found->second));
    }
    return row;
}

}  // namespace

Section waterfall_section(const Comparison& c) {
    Section s{"waterfall", "Where the time goes", {}};
    const VariantOutcome* best = fastest(c);
    if (best == nullptr) { return s; }
    s.figure(waterfall_chart(c.baseline, best->result));
    const Time small = c.baseline.time * kSmallClass;
    s.table(class_table(c.baseline, best->result, small, Time::max()));
    Table rest = class_table(c.baseline, best->result, femtoseconds(1), small);
    const std::string count = std::to_string(rest.rows.size());
    if (!rest.rows.empty()) {
        s.push(Details{count + " classes below 0.5 % of the wall time", {Block{std::move(rest)}}});
    }
    for (const VariantOutcome* v : main_variants(c)) {
        if (v == best) { continue; }
        Figure f = waterfall_chart(c.baseline, v->result);
        if (f.svg.empty()) { continue; }
        s.push(Details{"Waterfall of " + v->result.id + " (" + signed_human(v->result.time - c.baseline.time) + ")",
                       {Block{std::move(f)}}});
    }
    return s;
}

Section critical_path_section(const Comparison& c) {
    Section s{"critical-path", "Critical path", {}};
    const std::vector<const VariantOutcome*> variants = main_variants(c);
    s.figure(limiter_chart(c.baseline, variants));
    std::vector<std::string> names;
    const auto collect = [&](const RunResult& r) {
        for (const auto& [name, share] : limiter_shares(r)) {
            if (share >= 0.0005 && std::find(names.begin(), names.end(), name) == names.end()) {
                names.push_back(name);
            }
        }
    };
    collect(c.baseline);
    for (const VariantOutcome* v : variants) { collect(v->result); }
    if (names.empty()) { return s; }
    Table t;
    t.caption = "Share of the critical path by what limited it.";
    t.columns = {"variant", "time (ms)"};
    for (const std::string& name : names) { t.columns.push_back(limiter_name(name)); }
    t.rows.push_back(limiter_row(c.baseline, names));
    for (const VariantOutcome* v : variants) { t.rows.push_back(limiter_row(v->result, names)); }
    s.table(std::move(t));
    const Timeline& line = c.baseline.timeline;
    if (!line.spans.empty()) {
        s.paragraph(Line()
                        .text("Of the baseline's critical path ")
                        .strong(human(line.critical_by_wait))
                        .text(" is waiting in barriers for other ranks; launch gaps on the compute stream add up to ")
                        .strong(human(line.gap_time))
                        .text("."));
    }
    return s;
}

Section timeline_section(const Comparison& c) {
    Section s{"timeline", "Timeline", {}};
    add_timeline(s, c.baseline);
    if (const VariantOutcome* best = fastest(c)) { add_timeline(s, best->result); }
    return s;
}

}  // namespace tessera::report
