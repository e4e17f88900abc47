// Section J: what the driver says of the device, held against the system config.
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/micro.hpp"

#include "models/l2/sm_places.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <array>
#include <vector>

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

// SMs of each GPC that clusters larger than a pair can use, then the pairs that none can.
std::vector<int> cluster_groups(const SystemConfig& s) {
    std::vector<int> sizes(static_cast<std::size_t>(s.sm.gpcs));
    for (const SmPlace& p : sm_places(s.sm.count, s.sm.gpcs, s.sm.lone_tpcs)) {
        ++sizes[static_cast<std::size_t>(p.gpc)];
    }
    const int lone = std::min(s.sm.lone_tpcs, sizes.front() / 2);
    sizes.front() -= 2 * lone;
    sizes.insert(sizes.end(), static_cast<std::size_t>(lone), 2);
    return sizes;
}

void describe_map(Case& out, const char* unit, double measured, std::function<double(const SystemConfig&)> of) {
    out.unit = unit;
    out.clock = megahertz(1000);
    out.measured = measured;
    out.probe = [of = std::move(of)](const SystemConfig& s, Frequency) { return Prediction{of(s), "placement"}; };
}

// Clusters lie within a GPC.
void clusters(const JsonCursor& item, Case& out) {
    const int size = sms_of(item.at("cluster_size"));
    out.shape = {{"cluster", size}};
    describe_map(out, "clusters", static_cast<double>(item.count("max_active_clusters")),
                 [size](const SystemConfig& s) {
                     int whole = 0;
                     for (const int sms : cluster_groups(s)) { whole += sms / size; }
                     return static_cast<double>(whole);
                 });
}

void gpc_groups(const JsonCursor& item, Case& out) {
    describe_map(out, "groups", static_cast<double>(item.count("groups")),
                 [](const SystemConfig& s) { return static_cast<double>(cluster_groups(s).size()); });
}

void largest_group(const JsonCursor& item, Case& out) {
    std::size_t most = 0;
    for (const JsonCursor& group : item.at("smids").items()) { most = std::max(most, group.items().size()); }
    if (most == 0) { item.at("smids").fail("expected groups of SMs"); }
    describe_map(out, "SMs", static_cast<double>(most), [](const SystemConfig& s) {
        const std::vector<int> sizes = cluster_groups(s);
        return static_cast<double>(*std::max_element(sizes.begin(), sizes.end()));
    });
}

void timers(const JsonCursor& /*item*/, Case& out) {
    out.standing = Standing::no_quantity;
    throw ModelError("how far the clocks that measured can be trusted: a property of the measuring program");
}

}  // namespace

std::vector<MicroQuantity> device_quantities(const std::string& id) {
    if (id == "J.device") { return device_facts(); }
    if (id == "J.sm_clocks") { return {{"", sm_clocks}}; }
    if (id == "J.clusters") { return {{"", clusters}}; }
    if (id == "J.gpc_groups") { return {{"", gpc_groups}, {"largest", largest_group}}; }
    if (id == "J.timers") { return {{"", timers}}; }
    return {};
}

}  // namespace tessera::measured
