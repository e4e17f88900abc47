#include "sim/app/measured/beside.hpp"

#include "models/power/clock_session.hpp"
#include "sim/replay/share.hpp"

#include <algorithm>

namespace tessera::measured {
namespace {

constexpr int max_rounds = 12;
constexpr double settled_hz = 1e5;

// The side at another clock: what scales with the clock is stretched, energy is that of the other supply.
KernelResult at_clock(const Side& side, const SystemConfig& system, Frequency clock) {
    KernelResult r = side.work;
    const double stretch = side.at / clock;
    const double factor = r.clock_bound * stretch + (1 - r.clock_bound);
    r.time = r.time * factor;
    r.clock_bound *= stretch / factor;
    r.energy = energy_at_clock(r.energy, system.power, side.at, clock);
    return r;
}

// A second of both at `clock`, at the given progress. The clock scales what draws the power by the share of its time
// that scales.
Activity second_of(const std::array<KernelResult, 2>& sides, const std::array<double, 2>& progress, Frequency clock) {
    Activity a;
    a.reference = clock;
    double power = 0, scaled = 0;
    for (std::size_t i = 0; i < sides.size(); ++i) {
        const double times = progress[i] / to_seconds(sides[i].time);
        EnergyUse e = sides[i].energy;
        for (const auto part : {&EnergyUse::tensor, &EnergyUse::cuda, &EnergyUse::smem, &EnergyUse::l2, &EnergyUse::hbm,
                                &EnergyUse::link, &EnergyUse::engine}) {
            e.*part = e.*part * times;
        }
        a.energy += e;
        power += e.total().raw();
        scaled += e.total().raw() * sides[i].clock_bound;
        a.tensor = a.tensor || (times > 0 && sides[i].tensor_busy > Time::zero());
    }
    const double share = power > 0 ? scaled / power : 1.0;
    a.clock_time = seconds(share);
    a.fixed_time = seconds(1 - share);
    return a;
}

Frequency clock_alone(const Side& side, const SystemConfig& system, Time window) {
    return ClockSession(system.power).run(second_of({side.work, side.work}, {1, 0}, side.at), window);
}

}  // namespace

double weight_of(double bytes_in_flight, const SystemConfig& system) {
    const double share = system.hbm.peak.raw() * system.hbm.read_efficiency / system.sm.count;
    return bytes_in_flight / (share * to_seconds(system.hbm.latency));
}

Beside beside(const Side& a, const Side& b, const SystemConfig& system, Time window) {
    Beside out;
    const std::array<const Side*, 2> sides = {&a, &b};
    for (std::size_t i = 0; i < 2; ++i) { out.alone[i] = clock_alone(*sides[i], system, window); }
    out.together = std::min(out.alone[0], out.alone[1]);
    for (int round = 0; round < max_rounds; ++round) {
        const ResourceRates capacity = capacities(system, out.together);
        std::array<KernelResult, 2> now;
        std::vector<Sharer> sharers(2);
        for (std::size_t i = 0; i < 2; ++i) {
            now[i] = at_clock(*sides[i], system, out.together);
            sharers[i].demand = demand(now[i].traffic, now[i].time, capacity);
            sharers[i].weight = sides[i]->weight;
            sharers[i].write_share = write_share(now[i].traffic);
        }
        share_fairly(sharers, capacity);
        const std::array<double, 2> rate = {sharers[0].rate, sharers[1].rate};
        for (std::size_t i = 0; i < 2; ++i) {
            out.progress[i] = rate[i] * (at_clock(*sides[i], system, out.alone[i]).time / now[i].time);
            if (sharers[i].bound_by >= 0) { out.bound_by = sharers[i].bound_by; }
        }
        const Frequency next = ClockSession(system.power).run(second_of(now, rate, out.together), window);
        const bool settled = std::abs(next.raw() - out.together.raw()) < settled_hz;
        out.together = next;
        if (settled) { break; }
    }
    return out;
}

}  // namespace tessera::measured
