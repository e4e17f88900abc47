#include "sim/report/throughput.hpp"

#include "sim/report/analysis.hpp"
#include "sim/report/format.hpp"

#include <algorithm>

namespace tessera::report {
namespace {

constexpr char kRate[] = "tokens_per_s_per_gpu", kHours[] = "gpu_hours_per_trillion_tokens",
               kDollars[] = "dollars_per_trillion_tokens";

bool counted(const RunResult& r) { return r.figures.count(kRate) > 0; }

Cell figure_cell(const RunResult& r, const char* name, double unit, int decimals) {
    const auto at = r.figures.find(name);
    if (at == r.figures.end()) { return text_cell("\u2013"); }
    return number_cell(fixed(at->second / unit, decimals), at->second);
}

std::vector<Cell> costs(const RunResult& r) {
    return {figure_cell(r, kRate, 1, 0), figure_cell(r, kHours, 1e3, 1), figure_cell(r, kDollars, 1e3, 0)};
}

std::vector<Cell> row_of(Cell first, const RunResult& r) {
    std::vector<Cell> row{std::move(first)};
    for (Cell& c : costs(r)) { row.push_back(std::move(c)); }
    return row;
}

const char* const kUnits[] = {"tokens/s per GPU", "1,000 GPU hours per 10\u00b9\u00b2 tokens",
                              "1,000 dollars per 10\u00b9\u00b2 tokens"};

bool listed(const VariantOutcome& v) { return kind_of(v) != VariantKind::all_but_one; }

}  // namespace

Table throughput_table(const Comparison& c) {
    Table t;
    t.columns = {"variant", kUnits[0], kUnits[1], kUnits[2], "saved (%)"};
    const auto add = [&](const RunResult& r) {
        if (!counted(r)) { return; }
        std::vector<Cell> row = row_of(code_cell(r.id), r);
        const double saving = 100 * (1 - r.time / c.baseline.time);
        Cell cell = number_cell(signed_fixed(saving, 1), saving);
        cell.tone = saving > 0 ? Tone::good : saving < 0 ? Tone::bad : Tone::quiet;
        row.push_back(std::move(cell));
        t.rows.push_back(std::move(row));
    };
    add(c.baseline);
    for (const VariantOutcome& v : c.variants) { add(v.result); }
    t.caption = "At the rental price of the workload's configuration, alike for all variants.";
    return t;
}

Section throughput_section(const Comparison& c) {
    return Section{"throughput", "What tokens cost", {}}.table(throughput_table(c));
}

Table summary_table(const std::vector<NamedResult>& results) {
    Table t;
    t.columns = {"proposal"};
    for (const NamedResult& r : results) { t.columns.push_back(r.label); }
    for (const std::string& id : variants_of(results)) {
        std::vector<Cell> row{code_cell(id)};
        bool any = false;
        for (const NamedResult& r : results) {
            const VariantOutcome* v = find_variant(*r.comparison, id);
            if (v == nullptr || !listed(*v)) {
                row.push_back(text_cell("\u2013"));
                continue;
            }
            any = true;
            Cell cell = number_cell(factor(v->speedup) + " of " + factor(v->bound_speedup) + ", " +
                                        limiter_name(to_string(v->result.limiter)),
                                    v->speedup);
            cell.heat = std::clamp((v->speedup - 1) / 0.3, -1.0, 1.0);
            row.push_back(std::move(cell));
        }
        if (any) { t.rows.push_back(std::move(row)); }
    }
    t.caption = "Speed-up, the most that it could ever be, and what limits with the proposal.";
    return t;
}

Table cost_table(const std::vector<NamedResult>& results) {
    Table t;
    t.columns = {"result", kUnits[0], kUnits[1], kUnits[2]};
    for (const NamedResult& r : results) {
        if (counted(r.comparison->baseline)) { t.rows.push_back(row_of(code_cell(r.label), r.comparison->baseline)); }
    }
    t.caption = "Baselines, at the rental price of each configuration.";
    return t;
}

}  // namespace tessera::report
