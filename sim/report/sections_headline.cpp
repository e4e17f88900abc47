#include "sim/base/text.hpp"
#include "sim/report/analysis.hpp"
#include "sim/report/format.hpp"
#include "sim/report/sections.hpp"

#include <algorithm>

namespace tessera::report {
namespace {

// Smallest change of the wall time that the report calls a gain or a loss.
constexpr double kNoticeable = 0.001;

std::string top_limiter(const RunResult& r) {
    const auto shares = limiter_shares(r);
    return shares.empty() ? words(std::string(to_string(r.limiter)))
                          : words(shares.front().first) + ", " + percent(shares.front().second, 0);
}

Line today(const Comparison& c) {
    Line line;
    line.text("Today: one run of ").strong(c.workload).text(" takes ").strong(human(c.baseline.time));
    line.text(" on " + c.system + " at " + human(c.baseline.sm_clock) + ". ");
    const auto shares = limiter_shares(c.baseline);
    if (!shares.empty()) {
        line.text("The critical path is held up by ");
        const std::size_t n = std::min<std::size_t>(3, shares.size());
        for (std::size_t i = 0; i < n; ++i) {
            line.text((i == 0 ? "" : (i + 1 == n ? " and " : ", ")) + words(shares[i].first) + " (" +
                      percent(shares[i].second, 0) + ")");
        }
        line.text(".");
    }
    return line;
}

Line worth_most(const Comparison& c, const VariantOutcome& v) {
    Line line;
    const Time gain = saved(c, v), most = bound_saving(c, v);
    line.text("Worth most alone: ").strong(v.result.id).text(" saves ").strong(human(gain));
    line.text(" (" + factor(v.speedup) + ")");
    if (most > Time::zero()) {
        line.text(", " + percent(gain / most, 0) + " of the " + human(most) + " its bound allows");
    }
    return line.text(". After it, the largest limit is " + top_limiter(v.result) + " of the critical path.");
}

std::vector<Line> ranking(const Comparison& c, const std::vector<const VariantOutcome*>& alone) {
    Line gains, idle, losses;
    const auto add = [](Line& line, const char* lead, const VariantOutcome& v, const std::string& what) {
        line.text(line.empty() ? lead : ", ").strong(v.result.id).text(" " + what);
    };
    for (std::size_t i = 0; i < alone.size(); ++i) {
        const VariantOutcome& v = *alone[i];
        const double share = saved(c, v) / c.baseline.time;
        if (share < -kNoticeable) {
            add(losses, "Slower than today when alone: ", v, "(" + signed_human(-saved(c, v)) + ")");
        } else if (share <= kNoticeable) {
            add(idle, "Worth nothing in time alone: ", v, "(" + signed_human(-saved(c, v)) + ")");
        } else if (i > 0) {
            add(gains, "Then: ", v, human(saved(c, v)));
        }
    }
    std::vector<Line> out;
    for (Line* line : {&gains, &idle, &losses}) {
        if (!line->empty()) { out.push_back(line->text(".")); }
    }
    return out;
}

Line together_line(const Comparison& c, const VariantOutcome& all, const Interactions& in) {
    Line line;
    line.text("All together: ")
        .strong(human(all.result.time))
        .text(", " + factor(all.speedup) + ", " + human(in.together));
    line.text(" saved against " + human(in.sum_alone) + " if the single gains simply added up");
    const double excess = in.sum_alone == Time::zero() ? 0 : in.together / in.sum_alone - 1;
    if (excess > 0.02) {
        line.text(": they help each other.");
    } else if (excess < -0.02) {
        line.text(": they overlap.");
    } else {
        line.text(": they are nearly independent.");
    }
    return line.text(" The next limit is then " + top_limiter(all.result) + " of the critical path (" +
                     human(c.baseline.sm_clock) + " before, " + human(all.result.sm_clock) + " after).");
}

Line dispensable(const Comparison& c, const Interactions& in) {
    Line line;
    for (const Interaction& row : in.rows) {
        if (!row.has_last || row.last / c.baseline.time > kNoticeable) { continue; }
        line.text(line.empty() ? "With the others present, these add nothing more: " : ", ").strong(row.slug);
        line.text(" (" + signed_human(-row.last) + ")");
    }
    return line.empty() ? line : line.text(".");
}

}  // namespace

std::string baseline_name(const Comparison& c) { return c.baseline.id + " (" + c.system + ")"; }

std::vector<Line> findings(const Comparison& c) {
    const auto alone = alone_by_gain(c);
    const Interactions in = interactions(c);
    const VariantOutcome* all = find_together(c);
    std::vector<Line> lines{today(c)};
    if (!alone.empty() && saved(c, *alone.front()) > Time::zero()) { lines.push_back(worth_most(c, *alone.front())); }
    for (Line& l : ranking(c, alone)) { lines.push_back(std::move(l)); }
    if (all != nullptr) { lines.push_back(together_line(c, *all, in)); }
    Line spare = dispensable(c, in);
    if (!spare.empty()) { lines.push_back(std::move(spare)); }
    return lines;
}

Section headline_section(const Comparison& c) {
    Section s{"headline", "What to take away", {}};
    const auto alone = alone_by_gain(c);
    const VariantOutcome* all = find_together(c);
    Tiles tiles;
    tiles.tiles.push_back({"Today", human(c.baseline.time), baseline_name(c)});
    if (!alone.empty()) {
        const VariantOutcome& v = *alone.front();
        tiles.tiles.push_back({"Best single proposal", factor(v.speedup), v.result.id + ", " + human(v.result.time)});
    }
    if (all != nullptr) { tiles.tiles.push_back({"All together", factor(all->speedup), human(all->result.time)}); }
    if (const VariantOutcome* best = fastest(c)) {
        const auto shares = limiter_shares(best->result);
        tiles.tiles.push_back(
            {"What limits next", words(shares.empty() ? std::string("none") : shares.front().first),
             shares.empty() ? best->result.id
                            : percent(shares.front().second, 0) + " of the critical path of " + best->result.id});
    }
    s.push(std::move(tiles));
    return s.bullets(findings(c));
}

}  // namespace tessera::report
