#include "models/network/fair_share.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tessera::network {

namespace {

constexpr double never = std::numeric_limits<double>::max();

struct Filling {
    std::vector<double> left;    // bytes per second of a link class, all its links together
    std::vector<double> weight;  // crossings of growing flows
};

void check(const std::vector<LinkClass>& links, const std::vector<FlowClass>& flows) {
    for (const LinkClass& l : links) {
        if (!(l.rate > 0) || !(l.count > 0)) { throw ModelError("network: a link has no bandwidth"); }
    }
    for (const FlowClass& f : flows) {
        for (const auto& [link, times] : f.crossings) {
            invariant(link >= 0 && static_cast<std::size_t>(link) < links.size() && times > 0,
                      "network: a flow crosses a link that does not exist");
        }
    }
}

// The smallest rise after which a link is full.
double next_rise(const Filling& fill) {
    double rise = never;
    for (std::size_t l = 0; l < fill.left.size(); ++l) {
        if (fill.weight[l] > 0) { rise = std::min(rise, std::max(0.0, fill.left[l]) / fill.weight[l]); }
    }
    return rise;
}

}  // namespace

std::vector<double> fair_rates(const std::vector<LinkClass>& links, const std::vector<FlowClass>& flows,
                               const std::vector<bool>& active) {
    check(links, flows);
    Filling fill;
    for (const LinkClass& l : links) { fill.left.push_back(l.rate * l.count); }
    fill.weight.assign(links.size(), 0);
    std::vector<double> rates(flows.size(), 0);
    std::vector<std::size_t> growing;
    for (std::size_t f = 0; f < flows.size(); ++f) {
        if (!active[f]) { continue; }
        if (flows[f].crossings.empty()) {
            rates[f] = never;
            continue;
        }
        growing.push_back(f);
        for (const auto& [link, times] : flows[f].crossings) {
            fill.weight[static_cast<std::size_t>(link)] += flows[f].count * times;
        }
    }
    double level = 0;
    while (!growing.empty()) {
        const double rise = next_rise(fill);
        invariant(rise < never, "network: flows grow without end");
        level += rise;
        std::vector<bool> full(links.size(), false);
        for (std::size_t l = 0; l < links.size(); ++l) {
            fill.left[l] -= rise * fill.weight[l];
            full[l] = fill.weight[l] > 0 && fill.left[l] <= 1e-9 * links[l].rate * links[l].count;
        }
        const auto stops = [&](std::size_t f) {
            const auto& c = flows[f].crossings;
            return std::any_of(c.begin(), c.end(),
                               [&](const auto& x) { return full[static_cast<std::size_t>(x.first)]; });
        };
        std::vector<std::size_t> still;
        for (const std::size_t f : growing) {
            if (!stops(f)) {
                still.push_back(f);
                continue;
            }
            rates[f] = level;
            for (const auto& [link, times] : flows[f].crossings) {
                double& weight = fill.weight[static_cast<std::size_t>(link)];
                weight = std::max(0.0, weight - flows[f].count * times);
            }
        }
        invariant(still.size() < growing.size(), "network: no link is full, yet no flow can grow");
        growing = std::move(still);
        for (std::size_t l = 0; l < links.size(); ++l) {  // what rounding left of a class whose flows all stopped
            if (full[l]) { fill.weight[l] = 0; }
        }
    }
    return rates;
}

FlowTimes run_flows(const std::vector<LinkClass>& links, const std::vector<FlowClass>& flows) {
    FlowTimes out;
    out.finish.assign(flows.size(), 0);
    out.carried.assign(links.size(), 0);
    std::vector<double> left;
    double sent = 0, arrived = 0;
    for (const FlowClass& f : flows) {
        left.push_back(f.bytes);
        sent += f.bytes * f.count;
    }
    std::vector<bool> done(flows.size(), false), active(flows.size(), false);
    double now = 0;
    for (std::size_t ended = 0; ended < flows.size();) {
        double next_start = never;
        for (std::size_t f = 0; f < flows.size(); ++f) {
            active[f] = !done[f] && flows[f].start <= now;
            if (!done[f] && !active[f]) { next_start = std::min(next_start, flows[f].start); }
        }
        const std::vector<double> rates = fair_rates(links, flows, active);
        double step = next_start < never ? next_start - now : never;
        for (std::size_t f = 0; f < flows.size(); ++f) {
            if (active[f]) { step = std::min(step, left[f] / rates[f]); }
        }
        invariant(step < never, "network: nothing moves");
        now += step;
        for (std::size_t f = 0; f < flows.size(); ++f) {
            if (!active[f]) { continue; }
            const double moved = left[f] <= rates[f] * step * (1 + 1e-12) ? left[f] : rates[f] * step;
            left[f] -= moved;
            arrived += moved * flows[f].count;
            for (const auto& [link, times] : flows[f].crossings) {
                out.carried[static_cast<std::size_t>(link)] += moved * flows[f].count * times;
            }
            if (left[f] <= 1e-9 * flows[f].bytes) {
                arrived += left[f] * flows[f].count;
                done[f] = true;
                out.finish[f] = now;
                ++ended;
            }
        }
    }
    out.last = now;
    invariant(std::abs(arrived - sent) <= 1e-9 * std::max(1.0, sent), "network: bytes were lost or made");
    return out;
}

}  // namespace tessera::network
