#include "models/device/engine_legs.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

Leg engine_leg(const EngineParams& engines, const ExchangeFlow& flow, const std::vector<ExchangeRole>& roles,
               int rows_per_job) {
    double copied = 0, reduced = 0, items = 0;
    for (const ExchangeRole& role : roles) {
        items += role.items;
        reduced += role.added_rows;
        if (role.added_rows <= 0) { copied += std::max(role.read_rows, role.written_rows); }
    }
    Leg leg{"engine copies", Limiter::coprocessor, Time::zero(), 1, Time::zero()};
    if (items <= 0) { return leg; }
    const auto jobs = static_cast<std::int64_t>(std::ceil(items / rows_per_job));
    const double share = 1.0 / static_cast<double>(jobs);
    const EngineJob job{rows_to_bytes(copied * share, flow.row), rows_to_bytes(reduced * share, flow.row)};
    leg.chunks = static_cast<double>(std::max<std::int64_t>(1, jobs / engines.engines));
    leg.busy = engines_time(engines, job, jobs);
    return leg;
}

}  // namespace tessera
