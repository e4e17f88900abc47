// Section J: what the driver says of the device, held against the system config.
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/micro.hpp"

#include "sim/base/error.hpp"

#include <array>

namespace tessera::measured {
namespace {

struct Fact {
    const char* field;
    const char* unit;
    double (*of)(const SystemConfig& system);
};
constexpr std::array<Fact, 11> kFacts = {{
    {"sms", "", [](const SystemConfig& s) { return static_cast<double>(s.sm.count); }},
    {"global_mem", "B", [](const SystemConfig& s) { return to_double(s.hbm.capacity); }},
    {"l2_bytes", "B", [](const SystemConfig& s) { return to_double(s.l2.capacity); }},
    {"shared_per_sm", "B", [](const SystemConfig& s) { return to_double(s.sm.smem.capacity); }},
    {"shared_per_block_optin", "B",
     [](const SystemConfig& s) { return to_double(s.sm.smem.capacity - s.sm.smem.reserved_per_cta); }},
    {"reserved_shared_per_block", "B", [](const SystemConfig& s) { return to_double(s.sm.smem.reserved_per_cta); }},
    {"regs_per_sm", "", [](const SystemConfig& s) { return static_cast<double>(s.sm.registers); }},
    {"max_threads_per_sm", "", [](const SystemConfig& s) { return static_cast<double>(s.sm.max_threads); }},
    {"max_blocks_per_sm", "", [](const SystemConfig& s) { return static_cast<double>(s.sm.max_ctas); }},
    {"sm_clock_khz_max", "kHz", [](const SystemConfig& s) { return s.power.max_clock.raw() / 1e3; }},
    {"datasheet_like_GBps", "GB/s", [](const SystemConfig& s) { return s.hbm.peak.raw() / 1e9; }},
}};

// A fact is no clocked measurement: any clock will do.
void state(Case& out, const Fact& fact, double measured) {
    out.variant = kCalibration;
    out.unit = fact.unit;
    out.clock = megahertz(1000);
    out.measured = measured;
    out.probe = [of = fact.of](const SystemConfig& s, Frequency) { return Prediction{of(s), "config"}; };
}

std::vector<MicroQuantity> device_facts() {
    std::vector<MicroQuantity> out;
    for (const Fact& fact : kFacts) {
        out.push_back(
            {fact.field, [&fact](const JsonCursor& item, Case& c) { state(c, fact, item.positive(fact.field)); }});
    }
    return out;
}

void sm_clocks(const JsonCursor& item, Case& out) {
    static constexpr Fact clock{"sm_ghz", "GHz", [](const SystemConfig& s) { return s.power.max_clock.raw() / 1e9; }};
    state(out, clock, item.at("sm_ghz").positive("med"));
}

}  // namespace

std::vector<MicroQuantity> device_quantities(const std::string& id) {
    if (id == "J.device") { return device_facts(); }
    if (id == "J.sm_clocks") { return {{"", sm_clocks}}; }
    return {};
}

}  // namespace tessera::measured
