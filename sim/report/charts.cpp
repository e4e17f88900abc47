#include "sim/report/charts.hpp"

#include "sim/base/text.hpp"
#include "sim/report/analysis.hpp"
#include "sim/report/chart_parts.hpp"
#include "sim/report/format.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace tessera::report {
namespace {

constexpr std::size_t kWaterfallSteps = 14;

// Colour class of a limiter's share; alike causes share a colour and are told apart by the table.
std::string limiter_css(const std::string& limiter) {
    static const std::map<std::string, std::string> classes = {
        {"tensor_core", "f0"}, {"cuda_core", "f1"}, {"hbm", "f2"},     {"l2", "f3"},      {"smem", "f4"},
        {"tma", "f4"},         {"nvlink", "f6"},    {"nic", "f6"},     {"sm_copy", "f6"}, {"coprocessor", "f6"},
        {"launch", "f7"},      {"gap", "f5"},       {"latency", "f4"}, {"wait", "fw"},    {"none", "fw"}};
    const auto found = classes.find(limiter);
    return found == classes.end() ? "f7" : found->second;
}

}  // namespace

Figure speedup_chart(const Comparison& c, const std::vector<const VariantOutcome*>& variants) {
    if (variants.empty()) { return {}; }
    const Axis axis = speedup_axis(variants);
    const double bottom = 8 + kRow * static_cast<double>(variants.size());
    Svg svg(kWidth, bottom + 24, "Speed-up of each variant over " + c.system + " with its bound");
    draw_grid(svg, axis, 4, bottom, axis_decimals(axis.high - axis.low), "\u00d7");
    double y = 8;
    for (const VariantOutcome* v : variants) {
        const double a = axis.x(std::min(1.0, v->speedup)), b = axis.x(std::max(1.0, v->speedup));
        const double middle = y + kBar / 2 + 4;
        const bool set = v->result.proposals.size() > 1;
        svg.text(kLabels - 8, middle, v->result.id, set ? "end b" : "end");
        svg.rect(a, y, b - a, kBar, v->speedup < 1 ? "fb" : (set ? "f2" : "f0"),
                 v->result.id + ": " + human(v->result.time) + ", " + factor(v->speedup));
        if (v->bound_speedup <= axis.high) {
            svg.line(axis.x(v->bound_speedup), y - 3, axis.x(v->bound_speedup), y + kBar + 3, "bound");
        } else {
            svg.text(axis.x(axis.high) - 2, middle, "\u25b8", "end");
        }
        svg.text(kWidth - kValues + 10, middle, factor(v->speedup) + "  (bound " + factor(v->bound_speedup) + ")", "s");
        y += kRow;
    }
    svg.line(axis.x(1.0), 2, axis.x(1.0), bottom, "axis");
    return {svg.finish(),
            "Speed-up over the baseline (bar) and the most that its bound allows (mark; a triangle if it lies beyond "
            "the axis)."};
}

Figure waterfall_chart(const RunResult& baseline, const RunResult& variant) {
    const std::vector<WaterfallStep> steps = waterfall(baseline, variant, kWaterfallSteps);
    if (steps.empty()) { return {}; }
    const double start = to_milliseconds(baseline.time), end = to_milliseconds(variant.time);
    double low = std::min(start, end), high = std::max(start, end), running = start;
    for (const WaterfallStep& s : steps) {
        running += to_milliseconds(s.delta);
        low = std::min(low, running);
        high = std::max(high, running);
    }
    const double range = std::max(high - low, 1e-6 * high);
    const double floor_step = tick_step(range, 5);
    const double cut = std::max(0.0, std::floor((low - 0.25 * range) / floor_step) * floor_step);
    const Axis axis{cut, high + 0.03 * range};
    const double bottom = 8 + kRow * static_cast<double>(steps.size() + 2);
    Svg svg(kWidth, bottom + 24, "From " + baseline.id + " to " + variant.id + " by operator class");
    draw_grid(svg, axis, 4, bottom, axis_decimals(axis.high - axis.low), " ms");
    double y = 8;
    const auto total = [&](const RunResult& r) {
        svg.text(kLabels - 8, y + kBar / 2 + 4, r.id, "end b");
        svg.rect(kLabels, y, axis.x(to_milliseconds(r.time)) - kLabels, kBar, "f0", r.id + ": " + human(r.time));
        svg.text(kWidth - kValues + 10, y + kBar / 2 + 4, human(r.time), "b");
        y += kRow;
    };
    total(baseline);
    running = start;
    for (const WaterfallStep& s : steps) {
        const double next = running + to_milliseconds(s.delta);
        const bool gain = s.delta < Time::zero();
        svg.line(axis.x(running), y - (kRow - kBar), axis.x(running), y + kBar, "whisker");
        svg.text(kLabels - 8, y + kBar / 2 + 4, words(s.label), "end");
        svg.rect(axis.x(std::min(running, next)), y, std::max(1.0, std::abs(axis.x(next) - axis.x(running))), kBar,
                 gain ? "fg" : "fb", words(s.label) + ": " + signed_human(s.delta));
        svg.text(kWidth - kValues + 10, y + kBar / 2 + 4, signed_human(s.delta), "s");
        running = next;
        y += kRow;
    }
    total(variant);
    std::string caption = "Change of the time on the critical path per operator class, " + baseline.id + " to " +
                          variant.id + "; the steps add up exactly.";
    if (cut > 0) { caption += " The axis starts at " + fixed(cut, axis_decimals(range)) + " ms."; }
    return {svg.finish(), caption};
}

Figure limiter_chart(const RunResult& baseline, const std::vector<const VariantOutcome*>& variants) {
    std::vector<const RunResult*> runs{&baseline};
    for (const VariantOutcome* v : variants) { runs.push_back(&v->result); }
    double high = 0;
    std::map<std::string, double> weight;
    for (const RunResult* r : runs) {
        high = std::max(high, to_milliseconds(r->time));
        for (const auto& [name, share] : r->critical_share) { weight[name] += share * to_milliseconds(r->time); }
    }
    if (high <= 0 || weight.empty()) { return {}; }
    std::vector<std::pair<std::string, double>> order(weight.begin(), weight.end());
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    std::vector<std::pair<std::string, std::string>> entries;
    for (const auto& [name, sum] : order) {
        if (sum > 0.001 * high) { entries.emplace_back(limiter_name(name), limiter_css(name)); }
    }
    const Axis axis{0, high * 1.02};
    const double bottom = 8 + kRow * static_cast<double>(runs.size());
    Svg svg(kWidth, bottom + 62, "Critical path by limiter for the baseline and each variant");
    draw_grid(svg, axis, 4, bottom, axis_decimals(axis.high), " ms");
    double y = 8;
    for (const RunResult* r : runs) {
        double at = 0;
        svg.text(kLabels - 8, y + kBar / 2 + 4, r->id, "end");
        for (const auto& [name, sum] : order) {
            const auto found = r->critical_share.find(name);
            if (found == r->critical_share.end() || found->second <= 0) { continue; }
            const double ms = found->second * to_milliseconds(r->time);
            svg.rect(axis.x(at), y, axis.x(at + ms) - axis.x(at), kBar, limiter_css(name) + " seg",
                     r->id + ", " + limiter_name(name) + ": " + fixed(ms, 2) + " ms, " + percent(found->second));
            svg.label_inside(axis.x(at), y, axis.x(at + ms) - axis.x(at), kBar, limiter_name(name), limiter_css(name));
            at += ms;
        }
        svg.text(kWidth - kValues + 10, y + kBar / 2 + 4, human(r->time), "s");
        y += kRow;
    }
    legend(svg, bottom + 36, entries);
    return {svg.finish(),
            "What held the critical path up. Memory, arithmetic and links are the kernels' own limits; "
            "gap is launch latency between kernels; wait is time spent in barriers for other ranks."};
}

}  // namespace tessera::report
