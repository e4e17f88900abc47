#include "sim/app/settle_cases.hpp"

#include "models/power/clock_session.hpp"
#include "models/power/power_cap.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {
namespace {

bool settles(const std::vector<LaunchPrice>& prices) {
    return !prices.empty() &&
           std::all_of(prices.begin(), prices.end(), [](const LaunchPrice& p) { return p.problem.empty(); });
}

// The clock that the cap allows; a case that no clock allows keeps none, and says why.
Frequency allowed(const Activity& activity, Time window, ClockSession& session, std::vector<LaunchPrice>& prices) {
    try {
        return session.run(activity, window);
    } catch (const ModelError& e) {
        prices.front().problem = e.what();
        return Frequency::zero();
    }
}

}  // namespace

Activity activity_of(const std::vector<LaunchPrice>& prices, Time overhead, Frequency clock) {
    Activity a;
    a.reference = clock;
    a.fixed_time = overhead;
    for (const LaunchPrice& p : prices) {
        const Time scaled = p.time * p.clock_bound;
        a.clock_time += scaled;
        a.fixed_time += p.time - scaled;
        a.energy += p.energy;
        a.tensor = a.tensor || p.tensor_busy > Time::zero();
    }
    return a;
}

std::vector<LaunchPrice> restated(std::vector<LaunchPrice> prices, Frequency from, Frequency to,
                                  const ClockModel& clocks) {
    const double stretch = from / to;
    for (LaunchPrice& p : prices) {
        const double factor = p.clock_bound * stretch + (1 - p.clock_bound);
        p.time = p.time * factor;
        p.tensor_busy = p.tensor_busy * stretch;
        p.clock_bound *= stretch / factor;
        p.energy = clocks.at_clock(p.energy, from, to);
    }
    return prices;
}

std::vector<SettledCase> settle_cases(std::vector<measured::Case> cases, const SystemConfig& system, bool exact,
                                      int jobs, const ProgressFn& progress) {
    const PowerCap clocks(system.power);
    std::vector<SettledCase> out(cases.size());
    for (measured::Case& c : cases) { c.clock = system.power.sustained_clock; }
    for (const bool last : {false, true}) {
        auto prices = price_launches(cases, system, exact, jobs, progress);
        ClockSession session(system.power);
        for (std::size_t i = 0; i < cases.size(); ++i) {
            SettledCase& settled = out[i];
            settled.prices = std::move(prices[i]);
            settled.clock = Frequency::zero();
            if (!settles(settled.prices)) { continue; }
            const Frequency from = cases[i].clock;
            const Activity activity = activity_of(settled.prices, cases[i].overhead, from);
            const Frequency to = allowed(activity, cases[i].window, session, settled.prices);
            if (to == Frequency::zero()) { continue; }
            settled.clock = cases[i].clock = to;
            settled.power = clocks.board_power(activity, to);
            if (last) { settled.prices = restated(std::move(settled.prices), from, to, clocks); }
        }
    }
    return out;
}

}  // namespace tessera
