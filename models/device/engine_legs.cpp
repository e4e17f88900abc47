#include "models/device/engine_legs.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

namespace {

struct EngineWork {
    double items = 0, reads = 0, writes = 0, ordered = 0, added = 0;  // rows
    double moved() const { return std::max(reads, writes); }
};

// What engines do of the roles. An engine that multicasts reads a row once for all its copies, another once for each;
// one that forwards takes rows from the network's buffer to the links without a copy in memory between. Rows that end
// in the tensor are put in order.
EngineWork engine_work(const EngineParams& e, const std::vector<ExchangeRole>& roles) {
    EngineWork w;
    for (const ExchangeRole& role : roles) {
        w.items += role.items;
        if (role.added_rows > 0) {
            w.added += role.added_rows;
            continue;
        }
        const double copies = e.multicast ? role.written_rows : std::max(role.written_rows, role.read_rows);
        const double passes = e.multicast ? 1 : std::max(1.0, role.written_rows / std::max(role.read_rows, 1e-9));
        const bool lands = role.kind == RoleKind::forward && !e.forwarding;
        w.reads += role.read_rows * passes + (lands ? role.read_rows : 0);
        w.writes += copies + (lands ? role.written_rows : 0);
        if (role.kind == RoleKind::receive) { w.ordered += role.written_rows; }
    }
    return w;
}

}  // namespace

Leg engine_leg(const EngineParams& engines, const ExchangeFlow& flow, const std::vector<ExchangeRole>& roles,
               int rows_per_job) {
    const EngineWork work = engine_work(engines, roles);
    Leg leg{"engine copies", Limiter::coprocessor, Time::zero(), 1, Time::zero()};
    if (work.items <= 0) { return leg; }
    const auto jobs = static_cast<std::int64_t>(std::ceil(work.items / rows_per_job));
    const double share = 1.0 / static_cast<double>(jobs);
    const double ordering = work.ordered * (1 / engines.layout_rate - 1);
    const EngineJob job{rows_to_bytes((work.moved() + ordering) * share, flow.row),
                        rows_to_bytes(work.added * share, flow.row)};
    leg.chunks = static_cast<double>(std::max<std::int64_t>(1, jobs / engines.engines));
    leg.busy = engines_time(engines, job, jobs);
    return leg;
}

Energy engine_energy(const CoprocessorConfig& config, const ExchangeFlow& flow,
                     const std::vector<ExchangeRole>& roles) {
    const EngineWork work = engine_work(engine_params(config), roles);
    return joules(1e-12 * (to_double(rows_to_bytes(work.moved(), flow.row)) * config.copy_pj_per_byte +
                           to_double(rows_to_bytes(work.added, flow.row)) * config.reduce_pj_per_byte));
}

}  // namespace tessera
