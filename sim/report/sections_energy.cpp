// What the run costs in energy and the proposals in silicon, and what a watt and a square millimetre of it buy.
#include "sim/base/text.hpp"
#include "sim/report/format.hpp"
#include "sim/report/sections.hpp"

#include <utility>

namespace tessera::report {
namespace {

Cell not_recorded() {
    Cell cell = text_cell("not recorded");
    cell.tone = Tone::quiet;
    return cell;
}

Cell joules_cell(double j) { return number_cell(fixed(j, 2), j); }

std::string range_text(const Estimate& e, int decimals) {
    return fixed(e.nominal, decimals) + " (" + fixed(e.low, decimals) + " to " + fixed(e.high, decimals) + ")";
}

std::vector<Cell> energy_row(const std::string& name, const RunResult& r) {
    const EnergyUse& e = r.energy;
    std::vector<Cell> row = {text_cell(name), joules_cell(r.energy_j)};
    for (const Energy part : {e.tensor, e.cuda, e.smem, e.l2, e.hbm, e.link, e.engine}) {
        row.push_back(r.energy_recorded ? joules_cell(part.raw()) : not_recorded());
    }
    row.push_back(r.energy_recorded ? joules_cell(r.idle_energy_j) : not_recorded());
    row.push_back(number_cell(fixed(r.average_power_w, 0), r.average_power_w));
    return row;
}

Table energy_table(const Comparison& c) {
    Table t;
    t.caption =
        "Energy of one GPU's board by component (J). Idle is what the board draws with nothing running, over the run. "
        "Energies per operation and byte are fitted to the board power of an H200 where that can tell them apart; "
        "shared "
        "memory and links are assumed (see the assumptions).";
    t.columns = {"variant", "all",   "Tensor Cores", "CUDA cores", "shared memory", "L2",
                 "HBM",     "links", "engines",      "idle",       "mean power (W)"};
    t.rows.push_back(energy_row(baseline_name(c), c.baseline));
    for (const VariantOutcome& v : c.variants) { t.rows.push_back(energy_row(v.result.id, v.result)); }
    return t;
}

Table silicon_table(const Comparison& c) {
    Table t;
    t.caption =
        "Speed-up per watt: the baseline's energy over the variant's for the same work. Area: silicon beside one GPU, "
        "estimated from building blocks, nominal and range; all dies together. Gain per mm2: speed-up beyond 1, over "
        "the "
        "nominal area and over the ends of its range. Cost: of making that area.";
    t.columns = {"variant", "speed-up", "speed-up per watt", "area (mm2)", "gain per mm2", "cost (USD)"};
    for (const VariantOutcome& v : c.variants) {
        const double watt = v.result.energy_j > 0 ? c.baseline.energy_j / v.result.energy_j : 0;
        const double gain = v.speedup - 1;
        Cell per_mm2 = text_cell("\u2013");
        if (v.area_mm2.low > 0) {
            const double nominal = gain / v.area_mm2.nominal;
            per_mm2 = number_cell(signed_percent(nominal, 2) + " (" + signed_percent(gain / v.area_mm2.high, 2) +
                                      " to " + signed_percent(gain / v.area_mm2.low, 2) + ")",
                                  nominal);
        }
        if (!v.silicon_recorded) { per_mm2 = not_recorded(); }
        const auto silicon = [&v](const Estimate& e) {
            return v.silicon_recorded ? number_cell(range_text(e, 1), e.nominal) : not_recorded();
        };
        t.rows.push_back({text_cell(v.result.id), number_cell(factor(v.speedup), v.speedup),
                          number_cell(factor(watt), watt), silicon(v.area_mm2), std::move(per_mm2),
                          silicon(v.cost_usd)});
    }
    return t;
}

}  // namespace

Section energy_section(const Comparison& c) {
    Section s{"energy", "Energy and silicon", {}};
    if (c.baseline.energy_j <= 0) { return s; }
    s.table(silicon_table(c));
    s.table(energy_table(c));
    return s;
}

}  // namespace tessera::report
