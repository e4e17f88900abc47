#include "models/proposals/area.hpp"

#include "sim/base/error.hpp"

namespace tessera {
namespace {

constexpr double um2_per_mm2 = 1e6;

Estimate usd_per_mm2(Die die) {
    switch (die) {
        case Die::gpu:
        case Die::nvswitch: return {0.25, 0.33, 0.60};
        case Die::memory_base: return {0.06, 0.08, 0.15};
        case Die::dram: return {0.05, 0.10, 0.15};
    }
    throw InternalError("a die without a price");
}

}  // namespace

std::string to_string(Die die) {
    switch (die) {
        case Die::gpu: return "GPU die";
        case Die::memory_base: return "HBM base dies";
        case Die::dram: return "DRAM dies";
        case Die::nvswitch: return "NVSwitch";
    }
    throw InternalError("a die without a name");
}

Estimate total_area(const AreaParts& parts) {
    Estimate sum;
    for (const AreaPart& p : parts) { sum += p.mm2; }
    return sum;
}

Estimate cost_usd(const AreaParts& parts) {
    Estimate sum;
    for (const AreaPart& p : parts) { sum += p.mm2 * usd_per_mm2(p.die); }
    return sum;
}

Estimate logic(double um2_at_45nm, Die die) {
    invariant(die == Die::gpu || die == Die::memory_base || die == Die::nvswitch, "logic stands on a logic die");
    const double mm2 = um2_at_45nm / um2_per_mm2;
    return die == Die::memory_base ? Estimate{mm2 / 10, mm2 / 8, mm2 / 4} : Estimate{mm2 / 50, mm2 / 30, mm2 / 15};
}

Estimate sram(double bytes) {
    constexpr double cell_um2 = 0.021;
    const double mm2 = bytes * 8 * cell_um2 / um2_per_mm2;
    return {mm2 / 0.65, mm2 / 0.50, mm2 / 0.35};
}

}  // namespace tessera
