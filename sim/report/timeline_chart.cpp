#include "sim/base/text.hpp"
#include "sim/report/charts.hpp"
#include "sim/report/family.hpp"
#include "sim/report/format.hpp"
#include "sim/report/svg.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace tessera::report {
namespace {

constexpr double kWidth = 1000, kLabels = 110, kLane = 40, kPitch = 50, kTop = 6;
constexpr double kPlot = kWidth - kLabels - 4;
constexpr double kNarrow = 0.6;  // picture units below which neighbours of one colour are drawn together

struct Piece {  // one coloured stretch of a lane
    double x0, x1;
    std::string css, tooltip;
};

class Scale {
public:
    explicit Scale(const TimelineWindow& w) : window_(w), span_(to_seconds(w.end - w.start)) {}
    double x(Time t) const {
        const Time inside = max(window_.start, min(window_.end, t));
        return kLabels + kPlot * to_seconds(inside - window_.start) / span_;
    }

private:
    TimelineWindow window_;
    double span_;
};

std::string describe(const Span& s) {
    std::string out = s.name + ": " + human(s.end - s.start) + ", " + words(s.op_class) + ", limited by " +
                      limiter_name(to_string(s.limiter));
    if (s.waited > Time::zero()) { out += ", waited " + human(s.waited); }
    if (s.sms > 0) { out += ", " + std::to_string(s.sms) + " SMs"; }
    if (s.critical) { out += ", on the critical path"; }
    return out;
}

void add(std::vector<Piece>& lane, Piece p) {
    if (!lane.empty()) {
        Piece& last = lane.back();
        const bool narrow = p.x1 - p.x0 < kNarrow || last.x1 - last.x0 < kNarrow;
        if (last.css == p.css && narrow && p.x0 - last.x1 < kNarrow && p.tooltip.empty()) {
            last.x1 = std::max(last.x1, p.x1);
            return;
        }
    }
    lane.push_back(std::move(p));
}

std::vector<Piece> lane_pieces(const Timeline& t, const std::string& stream, const TimelineWindow& w) {
    std::vector<Piece> lane;
    const Scale scale(w);
    for (const Span& s : t.spans) {
        if (s.stream != stream || s.end <= w.start || s.start >= w.end || s.end <= s.start) { continue; }
        const std::string tooltip = w.tooltips ? describe(s) : std::string();
        const Time work_start = min(s.end, s.start + s.waited);
        if (work_start > s.start) { add(lane, {scale.x(s.start), scale.x(work_start), "fw", tooltip}); }
        if (s.end > work_start) {
            const std::string css(families()[family_of(s.op_class)].css);
            add(lane, {scale.x(work_start), scale.x(s.end), css, tooltip});
        }
    }
    return lane;
}

// Region names over the lane where they are wide enough to read; a region ends with its iteration.
void draw_regions(Svg& svg, const Timeline& t, const std::string& stream, const TimelineWindow& w, double y) {
    const Scale scale(w);
    const Span* first = nullptr;
    Time to{};
    const auto flush = [&] {
        if (first == nullptr || first->region.empty()) { return; }
        const double x0 = scale.x(first->start), x1 = scale.x(to);
        if (x1 - x0 > 6.4 * static_cast<double>(first->region.size()) + 4) {
            svg.line(x0 + 0.5, y - 3, x1 - 0.5, y - 3, "axis");
            svg.text((x0 + x1) / 2, y - 6, first->region, "s mid");
        }
    };
    for (const Span& s : t.spans) {
        if (s.stream != stream || s.end <= w.start || s.start >= w.end) { continue; }
        if (first == nullptr || s.region != first->region || s.iteration != first->iteration) {
            flush();
            first = &s;
        }
        to = s.end;
    }
    flush();
}

void draw_axis(Svg& svg, const TimelineWindow& w, double bottom) {
    const Scale scale(w);
    const double low = to_milliseconds(w.start), high = to_milliseconds(w.end);
    const double step = tick_step(high - low, 9);
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6);
    for (double v = std::ceil(low / step - 1e-9) * step; v <= high + 1e-9 * step; v += step) {
        const double x = scale.x(milliseconds(v));
        svg.line(x, kTop, x, bottom, "grid");
        svg.text(x, bottom + 14, fixed(v, decimals) + " ms", "s mid");
    }
}

void draw_legend(Svg& svg, const std::set<std::string>& used, double y) {
    double x = kLabels, extra = 0;
    const auto entry = [&](std::string_view name, std::string_view css) {
        const double width = 32 + 6.2 * static_cast<double>(name.size());
        if (x + width > kWidth) {
            x = kLabels;
            extra += 17;
        }
        svg.rect(x, y + extra - 9, 11, 11, css);
        svg.text(x + 15, y + extra, name, "s");
        x += width;
    };
    for (const Family& f : families()) {
        if (used.count(std::string(f.css)) != 0) { entry(f.name, f.css); }
    }
    if (used.count("fw") != 0) { entry("waiting", "fw"); }
}

std::string_view name_of(const std::string& css) {
    for (const Family& f : families()) {
        if (f.css == css) { return f.name; }
    }
    return "waiting";
}

}  // namespace

TimelineWindow iteration_window(const Timeline& timeline, int iteration) {
    TimelineWindow w;
    bool any = false;
    for (const Span& s : timeline.spans) {
        if (s.iteration != iteration) { continue; }
        w.start = any ? min(w.start, s.start) : s.start;
        w.end = any ? max(w.end, s.end) : s.end;
        any = true;
    }
    return w;
}

Figure timeline_chart(const RunResult& run, const TimelineWindow& window, const std::string& caption) {
    if (window.end <= window.start || run.timeline.streams.empty()) { return {}; }
    const double bottom = kTop + 16 + kPitch * static_cast<double>(run.timeline.streams.size());
    Svg svg(kWidth, bottom + 46 + 17, caption);  // room for a legend of two lines
    draw_axis(svg, window, bottom);
    std::set<std::string> used;
    double y = kTop + 16;
    for (const std::string& stream : run.timeline.streams) {
        const double height = kLane - 14;
        svg.text(kLabels - 8, y + height / 2 + 4, stream, "end");
        for (const Piece& p : lane_pieces(run.timeline, stream, window)) {
            svg.rect(p.x0, y, std::max(0.3, p.x1 - p.x0), height, p.css, p.tooltip);
            svg.label_inside(p.x0, y, p.x1 - p.x0, height, name_of(p.css), p.css);
            used.insert(p.css);
        }
        draw_regions(svg, run.timeline, stream, window, y);
        y += kPitch;
    }
    draw_legend(svg, used, bottom + 38);
    return used.empty() ? Figure{} : Figure{svg.finish(), caption};
}

}  // namespace tessera::report
