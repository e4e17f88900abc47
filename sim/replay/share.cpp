#include "sim/replay/share.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tessera {
namespace {

constexpr auto hbm = static_cast<std::size_t>(SharedResource::hbm);
constexpr double unlimited = std::numeric_limits<double>::infinity();
constexpr double tolerance = 1e-9;  // relative; rounding in sums of demands
// Sweeps over the resources. One is enough unless a kernel is cut on one resource and its neighbour on another.
constexpr int max_sweeps = 100;

using Levels = std::array<double, shared_resources>;  // fair share per unit of weight; unlimited: enough for all

// Rate that the resources other than `except` leave to s.
double rate_without(const Sharer& s, const Levels& levels, std::size_t except) {
    double rate = 1;
    for (std::size_t r = 0; r < shared_resources; ++r) {
        if (r != except && s.demand[r] > 0) { rate = std::min(rate, levels[r] * s.weight / s.demand[r]); }
    }
    return rate;
}

// The level at which resource r is just full. Whoever asks for less than its share leaves the rest to the others,
// which raises their level.
double water_level(const std::vector<Sharer>& sharers, const Levels& levels, std::size_t r, double capacity) {
    double level = 0;
    for (std::size_t pass = 0; pass <= sharers.size(); ++pass) {
        double satisfied = 0, weight = 0;
        for (const Sharer& s : sharers) {
            if (s.demand[r] <= 0) { continue; }
            const double asked = s.demand[r] * rate_without(s, levels, r);
            if (asked <= level * s.weight) {
                satisfied += asked;
            } else {
                weight += s.weight;
            }
        }
        if (weight <= 0) { return satisfied <= capacity * (1 + tolerance) ? unlimited : level; }
        const double raised = std::max(capacity - satisfied, 0.0) / weight;
        if (raised <= level) { return level; }
        level = raised;
    }
    return level;
}

bool fits(const std::vector<Sharer>& sharers, const ResourceRates& capacity) {
    for (std::size_t r = 0; r < shared_resources; ++r) {
        double load = 0;
        for (const Sharer& s : sharers) { load += s.demand[r]; }
        if (load > capacity[r] * (1 + tolerance)) { return false; }
    }
    return true;
}

bool same(double a, double b) { return a == b || std::abs(a - b) <= tolerance * std::abs(a); }

Levels equilibrium(const std::vector<Sharer>& sharers, const ResourceRates& capacity) {
    Levels levels;
    levels.fill(unlimited);
    for (int sweep = 0; sweep < max_sweeps; ++sweep) {
        bool settled = true;
        for (std::size_t r = 0; r < shared_resources; ++r) {
            const double level = water_level(sharers, levels, r, capacity[r]);
            settled = settled && same(level, levels[r]);
            levels[r] = level;
        }
        if (settled) { break; }
    }
    return levels;
}

ResourceRates offered(const std::vector<Sharer>& sharers, ResourceRates capacity) {
    double all = 0, written = 0;
    for (const Sharer& s : sharers) {
        all += s.demand[hbm];
        written += s.demand[hbm] * s.write_share;
    }
    if (all > 0) { capacity[hbm] *= mixed_rate(written / all); }
    return capacity;
}

// The curve at `load`, linear between its points.
double slowed_at(const std::vector<double>& curve, double load) {
    const double at = std::clamp(load, 0.0, 1.0) * static_cast<double>(curve.size() - 1);
    const auto left = static_cast<std::size_t>(at);
    if (left + 1 >= curve.size()) { return curve.back(); }
    return curve[left] + (curve[left + 1] - curve[left]) * (at - static_cast<double>(left));
}

// Kernels paced by round trips go slower the more of the HBM the others ask for; that is their demand from then on.
void lengthen_trips(std::vector<Sharer>& sharers, double hbm_rate) {
    double all = 0;
    for (const Sharer& s : sharers) { all += s.demand[hbm]; }
    for (Sharer& s : sharers) {
        if (s.beside_hbm == nullptr || s.beside_hbm->empty()) { continue; }
        s.trips = 1 / slowed_at(*s.beside_hbm, (all - s.demand[hbm]) / hbm_rate);
    }
    for (Sharer& s : sharers) {
        for (double& d : s.demand) { d *= s.trips; }
    }
}

void share_bytes(std::vector<Sharer>& sharers, const ResourceRates& capacity) {
    if (fits(sharers, capacity)) { return; }
    const Levels levels = equilibrium(sharers, capacity);
    for (Sharer& s : sharers) {
        for (std::size_t r = 0; r < shared_resources; ++r) {
            if (s.demand[r] <= 0) { continue; }
            const double rate = levels[r] * s.weight / s.demand[r];
            if (rate >= s.rate * (1 - tolerance)) { continue; }
            s.rate = rate;
            s.bound_by = static_cast<int>(r);
        }
    }
}

}  // namespace

void share_fairly(std::vector<Sharer>& sharers, const ResourceRates& peak) {
    const ResourceRates capacity = offered(sharers, peak);
    for (Sharer& s : sharers) {
        invariant(s.weight > 0, "a sharer without weight");
        s.rate = s.trips = 1;
        s.bound_by = -1;
    }
    lengthen_trips(sharers, capacity[hbm]);
    share_bytes(sharers, capacity);
    for (Sharer& s : sharers) {
        s.rate *= s.trips;
        if (s.trips < 1 && s.bound_by < 0) { s.bound_by = static_cast<int>(hbm); }
    }
}

double sharing_weight(int sms_held, const ResourceRates& demand, const ResourceRates& capacity, int sm_count) {
    if (sms_held > 0) { return sms_held; }
    double share = 0;
    for (std::size_t r = 0; r < shared_resources; ++r) {
        if (capacity[r] > 0) { share = std::max(share, demand[r] / capacity[r]); }
    }
    return std::max(share * sm_count, 1e-3);  // an engine that moves nothing still needs a positive weight
}

}  // namespace tessera
