#include "sim/base/text.hpp"
#include "sim/report/analysis.hpp"
#include "sim/report/format.hpp"
#include "sim/report/sections.hpp"

#include <algorithm>

namespace tessera::report {
namespace {

// Smallest change of the wall time that the report calls a gain or a loss.
constexpr double kNoticeable = 0.001;
// Operator classes whose error the headline counts, and the error it counts from.
constexpr double kLargeClass = 0.01, kClassError = 0.2;

std::string top_limiter(const RunResult& r) {
    const auto shares = limiter_shares(r);
    return shares.empty() ? limiter_name(to_string(r.limiter))
                          : limiter_name(shares.front().first) + ", " + percent(shares.front().second, 0);
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
            line.text((i == 0 ? "" : (i + 1 == n ? " and " : ", ")) + limiter_name(shares[i].first) + " (" +
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

Line together_line(const VariantOutcome& all, const Interactions& in) {
    Line line;
    line.text("All together: ").strong(human(all.result.time)).text(", " + factor(all.speedup) + ", ");
    line.text(human(in.together) + " saved against " + human(in.sum_alone) + " if the single gains simply added up");
    const double excess = in.sum_alone == Time::zero() ? 0 : in.together / in.sum_alone - 1;
    if (excess > 0.02) {
        line.text(": they help each other.");
    } else if (excess < -0.02) {
        line.text(": they overlap.");
    } else {
        line.text(": they are nearly independent.");
    }
    return line.text(" The largest limit is then " + top_limiter(all.result) + " of the critical path.");
}

// The fastest set, if leaving something out beats having everything.
Line best_set(const VariantOutcome& best, const VariantOutcome& all) {
    Line line;
    if (best.result.time >= all.result.time * (1 - kNoticeable)) { return line; }
    return line.text("The fastest set is not the full one: ")
        .strong(best.result.id)
        .text(" takes ")
        .strong(human(best.result.time))
        .text(" (" + factor(best.speedup) + ").");
}

Line power(const Comparison& c, const RunResult& r) {
    Line line;
    const double change = c.baseline.sm_clock.raw() > 0 ? r.sm_clock / c.baseline.sm_clock - 1 : 0;
    if (change > -0.01) { return line; }
    return line
        .text("Power takes part of the gain back: busier chips draw more, so under the same cap the SM clock of ")
        .strong(r.id)
        .text(" settles at " + human(r.sm_clock) + " instead of " + human(c.baseline.sm_clock) + " (" +
              signed_percent(change) + "). ")
        .code("--set simulation.clock=sustained")
        .text(" compares at one clock.");
}

Line trust(const ValidationSummary& v) {
    Line line;
    line.text("How far to trust this: today's ")
        .strong(human(v.whole.predicted))
        .text(" is " + signed_percent(v.whole.error()));
    line.text(" from the measured " + human(v.whole.measured) + ". ");
    int off = 0, large = 0;
    for (const ValidationRow& r : v.rows) {
        if (r.share < kLargeClass) { continue; }
        ++large;
        off += r.error() > kClassError || r.error() < -kClassError ? 1 : 0;
    }
    line.text(std::to_string(large - off) + " of the " + std::to_string(large) +
              " operator classes above 1 % of the wall are within 20 %. ");
    return line.text("Gains are differences of two simulations, so errors that both share largely cancel.");
}

// What taking one proposal out of the full set changes, where that is nothing or a gain.
std::vector<Line> dispensable(const Comparison& c, const Interactions& in) {
    Line nothing, costs;
    for (const Interaction& row : in.rows) {
        const double share = row.last / c.baseline.time;
        if (!row.has_last || share > kNoticeable) { continue; }
        const bool cost = share < -kNoticeable;
        Line& line = cost ? costs : nothing;
        line.text(!line.empty()
                      ? ", "
                      : (cost ? "Beside the others these cost time: " : "Beside the others these add nothing: "));
        line.strong(row.slug).text(cost ? " (" + human(-row.last) + ")" : "");
    }
    std::vector<Line> out;
    for (Line* line : {&nothing, &costs}) {
        if (!line->empty()) { out.push_back(line->text(".")); }
    }
    return out;
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
    if (all == nullptr) { return lines; }
    lines.push_back(together_line(*all, in));
    for (Line& l : dispensable(c, in)) { lines.push_back(std::move(l)); }
    const VariantOutcome* best = fastest(c);
    for (Line line : {best_set(*best, *all), power(c, best->result)}) {
        if (!line.empty()) { lines.push_back(std::move(line)); }
    }
    return lines;
}

Section headline_section(const Comparison& c, const std::optional<ValidationSummary>& validation) {
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
        if (all != nullptr && best->result.time < all->result.time) {
            tiles.tiles.push_back(
                {"Fastest set", factor(best->speedup), best->result.id + ", " + human(best->result.time)});
        }
        const auto shares = limiter_shares(best->result);
        tiles.tiles.push_back(
            {"What limits next", limiter_name(shares.empty() ? std::string("none") : shares.front().first),
             shares.empty() ? best->result.id
                            : percent(shares.front().second, 0) + " of the critical path of " + best->result.id});
    }
    s.push(std::move(tiles));
    std::vector<Line> lines = findings(c);
    if (validation) { lines.push_back(trust(*validation)); }
    return s.bullets(std::move(lines));
}

}  // namespace tessera::report
