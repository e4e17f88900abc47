#include "models/network/folded.hpp"

#include "models/network/fair_share.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::network {

namespace {

// Nodes by how many share their leaf: those of full leaves, and those of the last one if it is not full.
struct Color {
    double nodes = 0, leaves = 0, per_leaf = 0;
};

std::vector<Color> colors_of(const FabricShape& s) {
    const int full = s.nodes() / s.nodes_per_leaf, rest = s.nodes() % s.nodes_per_leaf;
    std::vector<Color> out;
    if (full > 0) {
        out.push_back({static_cast<double>(full) * s.nodes_per_leaf, static_cast<double>(full),
                       static_cast<double>(s.nodes_per_leaf)});
    }
    if (rest > 0) { out.push_back({static_cast<double>(rest), 1, static_cast<double>(rest)}); }
    return out;
}

enum Kind { nvlink_up, nvlink_down, pcie_up, pcie_down, nic_up, nic_down, leaf_up, leaf_down, kinds };

struct Classes {
    std::vector<LinkClass> links;
    std::vector<FlowClass> flows;
    std::vector<Time> latency;  // of each flow class

    int link(std::size_t color, Kind kind) const { return static_cast<int>(color) * kinds + kind; }
};

void add_links(Classes& c, const FabricShape& s, const Color& color) {
    const double gpus = color.nodes * s.gpus_per_node, leaves = color.leaves * s.gpus_per_node;
    const double up = s.nic.raw() * s.nodes_per_leaf * s.uplink_ratio;
    for (int k = 0; k < kinds; ++k) {
        const bool leaf = k == leaf_up || k == leaf_down;
        const double rate = k == nvlink_up || k == nvlink_down ? s.nvlink.raw()
                            : k == pcie_up || k == pcie_down   ? s.pcie.raw()
                            : leaf                             ? up
                                                               : s.nic.raw();
        // A leaf's links exist in every fabric here, but carry something only where there are several leaves.
        c.links.push_back({rate > 0 ? rate : 1.0, leaf ? leaves : gpus});
    }
}

// From a color to a color, through one leaf or across: `each` bytes of every pair.
void add_flows(Classes& c, const FabricShape& s, const std::vector<Color>& colors, std::size_t from, std::size_t to,
               bool across, bool same_index, double each) {
    const double near = colors[from].per_leaf, all = colors[to].nodes;
    const double partners = across ? all - (from == to ? near : 0) : near - 1;
    const double pairs = colors[from].nodes * s.gpus_per_node * partners * (same_index ? 1.0 : s.gpus_per_node - 1.0);
    if (pairs <= 0 || each <= 0) { return; }
    FlowClass f;
    f.count = pairs;
    f.bytes = wire_bytes(s.packets, bytes(std::llround(each)));
    for (const Kind k : {pcie_up, nic_up}) { f.crossings.emplace_back(c.link(from, k), 1); }
    for (const Kind k : {nic_down, pcie_down}) { f.crossings.emplace_back(c.link(to, k), 1); }
    Time latency = s.nic_latency;
    if (across) {
        f.crossings.emplace_back(c.link(from, leaf_up), 1);
        f.crossings.emplace_back(c.link(to, leaf_down), 1);
        latency += s.crossing;
    }
    if (!same_index) {  // first to the GPU of the own node that shares the receiver's plane
        f.crossings.emplace_back(c.link(from, nvlink_up), 1);
        f.crossings.emplace_back(c.link(from, nvlink_down), 1);
        latency += s.nvlink_latency;
    }
    c.flows.push_back(f);
    c.latency.push_back(latency);
}

void add_node_flows(Classes& c, const FabricShape& s, const Color& color, std::size_t index, double each) {
    const double pairs = color.nodes * s.gpus_per_node * (s.gpus_per_node - 1.0);
    if (pairs <= 0 || each <= 0) { return; }
    c.flows.push_back({pairs, each, 0, {{c.link(index, nvlink_up), 1}, {c.link(index, nvlink_down), 1}}});
    c.latency.push_back(s.nvlink_latency);
}

}  // namespace

FoldedTime send_folded(const FabricShape& s, const Spread& spread) {
    check(s);
    const std::vector<Color> colors = colors_of(s);
    Classes c;
    for (const Color& color : colors) { add_links(c, s, color); }
    for (std::size_t from = 0; from < colors.size(); ++from) {
        add_node_flows(c, s, colors[from], from, spread.node);
        for (const bool same : {true, false}) {
            const double each = same ? spread.rail : spread.others;
            add_flows(c, s, colors, from, from, false, same, each);
            for (std::size_t to = 0; to < colors.size(); ++to) { add_flows(c, s, colors, from, to, true, same, each); }
        }
    }
    const FlowTimes run = run_flows(c.links, c.flows);
    FoldedTime out;
    out.flows = static_cast<int>(c.flows.size());
    out.links = static_cast<int>(c.links.size());
    for (std::size_t f = 0; f < c.flows.size(); ++f) {
        out.last = max(out.last, seconds(run.finish[f]) + c.latency[f]);
    }
    for (std::size_t l = 0; l < c.links.size(); ++l) {
        const auto kind = static_cast<Kind>(l % kinds);
        const double per_link = run.carried[l] / c.links[l].count;
        const Time alone = seconds(per_link / c.links[l].rate);
        Time& most = kind == nvlink_up || kind == nvlink_down ? out.nvlink
                     : kind == leaf_up || kind == leaf_down   ? out.spine
                                                              : out.nic;
        most = max(most, alone);
        if (kind == nvlink_up) { out.on_nvlink += run.carried[l] / s.gpus; }
        if (kind == nic_up) { out.on_nic += run.carried[l] / s.gpus; }
        if (kind == leaf_up) { out.across += run.carried[l] / s.gpus; }
    }
    return out;
}

FoldedTime all_to_all_folded(const FabricShape& shape, Bytes each) {
    if (shape.gpus < 2) { throw ModelError("network: an all-to-all needs two GPUs"); }
    const double part = std::floor(to_double(each) / (shape.gpus - 1.0));
    return send_folded(shape, {part, part, part});
}

}  // namespace tessera::network
