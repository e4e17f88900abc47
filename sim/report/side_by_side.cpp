#include "sim/report/side_by_side.hpp"

#include "sim/base/text.hpp"
#include "sim/report/analysis.hpp"
#include "sim/report/charts.hpp"
#include "sim/report/console.hpp"
#include "sim/report/escape.hpp"
#include "sim/report/format.hpp"
#include "sim/report/report.hpp"
#include "sim/report/sections.hpp"
#include "sim/report/throughput.hpp"

#include <algorithm>
#include <map>

namespace tessera::report {
namespace {

using Results = std::vector<NamedResult>;

const RunResult* find_run(const Comparison& c, const std::string& id) {
    if (c.baseline.id == id) { return &c.baseline; }
    const VariantOutcome* v = find_variant(c, id);
    return v == nullptr ? nullptr : &v->result;
}

Cell none() { return text_cell("\u2013"); }

std::vector<std::string> columns(const std::string& first, const Results& results, const std::string& unit) {
    std::vector<std::string> out{first};
    for (const NamedResult& r : results) { out.push_back(r.label + unit); }
    return out;
}

// One row per variant, one column per result; `cell` makes the cell of a run.
template <class CellOf>
Table by_variant(const Results& results, const std::string& unit, const CellOf& cell) {
    Table t;
    t.columns = columns("variant", results, unit);
    for (const std::string& id : variants_of(results)) {
        std::vector<Cell> row{code_cell(id)};
        for (const NamedResult& r : results) {
            const RunResult* run = find_run(*r.comparison, id);
            row.push_back(run == nullptr ? none() : cell(*r.comparison, *run));
        }
        t.rows.push_back(std::move(row));
    }
    return t;
}

std::string best_text(const Comparison& c) {
    const auto alone = alone_by_gain(c);
    return alone.empty() ? "\u2013" : alone.front()->result.id + ", " + factor(alone.front()->speedup);
}

Table overview_table(const Results& results) {
    Table t;
    t.caption = "Time is that of the baseline; gains are against the baseline of the same result.";
    t.columns = {"result", "workload", "system", "time (ms)", "best alone", "all together", "limiter", "program"};
    for (const NamedResult& r : results) {
        const Comparison& c = *r.comparison;
        const VariantOutcome* all = find_together(c);
        t.rows.push_back({code_cell(r.label), text_cell(c.workload), text_cell(c.system), time_cell(c.baseline.time),
                          text_cell(best_text(c)),
                          all == nullptr ? none() : number_cell(factor(all->speedup), all->speedup),
                          text_cell(limiter_name(to_string(c.baseline.limiter))), text_cell(c.code_version)});
    }
    return t;
}

Section overview(const SideBySide& in) {
    Section s{"overview", "The results", {}};
    Tiles tiles;
    for (const NamedResult& r : in.results) {
        const VariantOutcome* best = fastest(*r.comparison);
        tiles.tiles.push_back(
            {r.label, human(r.comparison->baseline.time),
             best == nullptr ? r.comparison->system : "best set " + factor(best->speedup) + ", " + best->result.id});
    }
    s.push(std::move(tiles));
    s.table(overview_table(in.results));
    s.table(summary_table(in.results));
    s.table(cost_table(in.results));
    std::vector<Line> pages;
    for (const NamedResult& r : in.results) {
        if (!r.page.empty()) { pages.push_back(Line("The whole report of ").link(r.label, r.page)); }
    }
    return s.bullets(std::move(pages));
}

// What a reader would look for first: who is fastest, whose gains differ most.
std::vector<Line> findings_of(const Results& results) {
    const NamedResult* first = &results.front();
    const NamedResult* best = first;
    for (const NamedResult& r : results) {
        if (r.comparison->baseline.time < best->comparison->baseline.time) { best = &r; }
    }
    std::vector<Line> lines;
    if (best != first) {
        Line line;
        line.text("Without any proposal ").strong(best->label).text(" is fastest: ");
        line.strong(human(best->comparison->baseline.time));
        line.text(", " + factor(first->comparison->baseline.time / best->comparison->baseline.time) + " against ");
        lines.push_back(line.strong(first->label).text("."));
    }
    double widest = 0;
    Line spread;
    for (const std::string& id : variants_of(results)) {
        const NamedResult *low = nullptr, *high = nullptr;
        double least = 0, most = 0;
        for (const NamedResult& r : results) {
            const VariantOutcome* v = find_variant(*r.comparison, id);
            if (v == nullptr || kind_of(*v) == VariantKind::all_but_one) { continue; }
            if (low == nullptr || v->speedup < least) { low = &r, least = v->speedup; }
            if (high == nullptr || v->speedup > most) { high = &r, most = v->speedup; }
        }
        if (low == nullptr || most - least <= widest) { continue; }
        widest = most - least;
        spread = Line("The results disagree most on ");
        spread.strong(id).text(": " + factor(least) + " in ").strong(low->label);
        spread.text(", " + factor(most) + " in ").strong(high->label).text(".");
    }
    if (!spread.empty()) { lines.push_back(spread); }
    return lines;
}

Section gains(const Results& results) {
    Section s{"gains", "Speed-up per variant", {}};
    s.bullets(findings_of(results));
    std::vector<const Comparison*> comparisons;
    std::vector<std::string> labels;
    for (const NamedResult& r : results) {
        comparisons.push_back(r.comparison);
        labels.push_back(r.label);
    }
    s.figure(grouped_speedup_chart(comparisons, labels));
    Table t = by_variant(results, "", [](const Comparison& c, const RunResult& run) {
        const double speedup = c.baseline.time / run.time;
        Cell cell = number_cell(factor(speedup), speedup);
        cell.heat = std::clamp((speedup - 1) / 0.3, -1.0, 1.0);
        return cell;
    });
    t.caption = "Speed-up over the baseline of the same result; the tint is full at 1.3.";
    return s.table(std::move(t));
}

Section times(const Results& results) {
    Section s{"times", "Time, energy and clock", {}};
    Table time = by_variant(results, " (ms)", [](const Comparison&, const RunResult& r) { return time_cell(r.time); });
    time.caption = "Wall time.";
    Table energy = by_variant(results, " (J)", [](const Comparison&, const RunResult& r) {
        return number_cell(fixed(r.energy_j, 2), r.energy_j);
    });
    energy.caption = "Energy of one GPU.";
    Table clock = by_variant(results, " (MHz)", [](const Comparison&, const RunResult& r) {
        return number_cell(fixed(r.sm_clock.raw() * 1e-6, 0), r.sm_clock.raw());
    });
    clock.caption = "Mean SM clock.";
    s.table(std::move(time));
    s.push(Details{"Energy", {Block{std::move(energy)}}});
    return s.push(Details{"SM clock", {Block{std::move(clock)}}});
}

Section classes(const Results& results) {
    Section s{"classes", "Operator classes of the baselines", {}};
    std::map<std::string, Time> longest;
    for (const NamedResult& r : results) {
        for (const ClassTotal& k : r.comparison->baseline.classes) {
            longest[k.op_class] = max(longest[k.op_class], k.time);
        }
    }
    std::vector<std::pair<std::string, Time>> order(longest.begin(), longest.end());
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    Table t;
    t.caption = "Sum over the kernels of a class, streams overlapping.";
    t.columns = columns("operator class", results, " (ms)");
    for (const auto& entry : order) {
        std::vector<Cell> row{text_cell(words(entry.first))};
        for (const NamedResult& r : results) {
            row.push_back(time_cell(class_total(r.comparison->baseline, entry.first).time));
        }
        t.rows.push_back(std::move(row));
    }
    return s.table(std::move(t));
}

Section limits(const Results& results) {
    Section s{"critical", "Critical path of the baselines", {}};
    std::map<std::string, double> largest;
    for (const NamedResult& r : results) {
        for (const auto& [name, share] : r.comparison->baseline.critical_share) {
            largest[name] = std::max(largest[name], share);
        }
    }
    std::vector<std::pair<std::string, double>> order(largest.begin(), largest.end());
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    Table t;
    t.caption = "Share of the critical path by what limited it.";
    t.columns = columns("limited by", results, "");
    for (const auto& entry : order) {
        std::vector<Cell> row{text_cell(limiter_name(entry.first))};
        for (const NamedResult& r : results) {
            const auto& shares = r.comparison->baseline.critical_share;
            const auto found = shares.find(entry.first);
            row.push_back(share_cell(found == shares.end() ? 0 : found->second));
        }
        t.rows.push_back(std::move(row));
    }
    return s.table(std::move(t));
}

Section configurations(const Results& results) {
    Section s{"differences", "What differs between the configurations", {}};
    Table t;
    t.columns = columns("value", results, "");
    t.wide_text = true;
    for (const Difference& d : differences(results)) {
        std::vector<Cell> row{code_cell(d.path)};
        for (const std::string& v : d.values) { row.push_back(v.empty() ? none() : text_cell(v)); }
        t.rows.push_back(std::move(row));
    }
    if (t.rows.empty()) { s.paragraph("Nothing: all results rest on the same values."); }
    return s.table(std::move(t));
}

}  // namespace

std::string overview_text(const Results& results) {
    std::string out = to_text(overview_table(results));
    for (const Table& t : {summary_table(results), cost_table(results)}) {
        if (!t.rows.empty()) { out += "\n" + to_text(t); }
    }
    return out;
}

std::vector<std::string> variants_of(const Results& results) {
    std::vector<std::string> ids;
    const auto add = [&](const std::string& id) {
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) { ids.push_back(id); }
    };
    for (const NamedResult& r : results) { add(r.comparison->baseline.id); }
    for (const NamedResult& r : results) {
        for (const VariantOutcome& v : r.comparison->variants) { add(v.result.id); }
    }
    return ids;
}

std::vector<Difference> differences(const Results& results) {
    std::vector<std::string> order;
    std::map<std::string, std::vector<std::string>> values;
    for (std::size_t i = 0; i < results.size(); ++i) {
        for (const Assumption& a : assumptions_of(results[i].comparison->provenance_json)) {
            auto [at, added] = values.try_emplace(a.path, results.size());
            if (added) { order.push_back(a.path); }
            at->second[i] = a.value;
        }
    }
    std::vector<Difference> out;
    for (const std::string& path : order) {
        const std::vector<std::string>& v = values[path];
        const bool same = std::all_of(v.begin(), v.end(), [&](const std::string& s) { return s == v.front(); });
        if (!same) { out.push_back({path, v}); }
    }
    return out;
}

std::string side_by_side_csv(const Results& results) {
    std::string out;
    for (const NamedResult& r : results) {
        const std::string lines = variants_csv(*r.comparison);
        const std::size_t head = lines.find('\n') + 1;
        if (out.empty()) { out = "result," + lines.substr(0, head); }
        for (std::size_t from = head; from < lines.size();) {
            const std::size_t end = lines.find('\n', from) + 1;
            out += escape_csv(r.label) + "," + lines.substr(from, end - from);
            from = end;
        }
    }
    return out;
}

Document side_by_side_report(const SideBySide& input) {
    Document d;
    d.title = std::to_string(input.results.size()) + " results side by side";
    std::vector<std::string> labels;
    for (const NamedResult& r : input.results) { labels.push_back(r.label); }
    d.subtitle = join(labels, ", ");
    d.footer = "Written by tessera" + (input.code_version.empty() ? "" : " " + input.code_version) + ".";
    Section again{"reproduce", "How to get this report again", {}};
    again.paragraph(Line().code(input.command));
    d.sections = {overview(input),       gains(input.results),          times(input.results), classes(input.results),
                  limits(input.results), configurations(input.results), std::move(again)};
    return d;
}

}  // namespace tessera::report
