#include "sim/base/text.hpp"
#include "sim/report/analysis.hpp"
#include "sim/report/charts.hpp"
#include "sim/report/format.hpp"
#include "sim/report/sections.hpp"

#include <algorithm>
#include <set>

namespace tessera::report {
namespace {

Table class_table(const RunResult& a, const RunResult& b) {
    Table t;
    t.caption =
        "Kernel time is the sum over kernels, streams overlapping; critical is the part that the wall time "
        "waits for. Sorted by kernel time.";
    t.columns = {"operator class",        a.id + " (ms)",          b.id + " (ms)",
                 "change (ms)",           "critical " + a.id,      "critical " + b.id,
                 "HBM " + a.id + " (GB)", "HBM " + b.id + " (GB)", "kernels"};
    for (const std::string& name : classes_of(a, b)) {
        const ClassTotal x = class_total(a, name), y = class_total(b, name);
        t.rows.push_back({text_cell(words(name)), time_cell(x.time), time_cell(y.time), saving_cell(x.time - y.time),
                          time_cell(x.critical), time_cell(y.critical), gigabytes_cell(x.traffic.hbm()),
                          gigabytes_cell(y.traffic.hbm()),
                          text_cell(std::to_string(x.kernels) + " \u2192 " + std::to_string(y.kernels))});
        Cell& change = t.rows.back()[3];
        change.text = signed_fixed(to_milliseconds(y.time - x.time), 2);
        change.value = to_milliseconds(y.time - x.time);
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
    s.table(class_table(c.baseline, best->result));
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
    for (const std::string& name : names) { t.columns.push_back(words(name)); }
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
