#include "sim/report/analysis.hpp"
#include "sim/report/format.hpp"
#include "sim/report/sections.hpp"

namespace tessera::report {
namespace {

Cell plain_time(Time t) {
    Cell cell = time_cell(t);
    if (t == Time::zero()) { cell.tone = Tone::quiet; }
    return cell;
}

std::vector<Cell> cost_row(const RunResult& r) {
    const CommunicationCost& c = r.communication;
    return {code_cell(r.id),           number_cell(std::to_string(c.sms), c.sms),
            share_cell(c.sm_share),    plain_time(c.moving),
            plain_time(c.waited),      plain_time(c.compute.hbm),
            plain_time(c.compute.l2),  plain_time(c.compute.links),
            plain_time(c.moved.hbm),   plain_time(c.moved.l2),
            plain_time(c.moved.links), plain_time(c.below_max_clock)};
}

// Share of the critical path by who holds it up, where links or their drivers do.
std::vector<Cell> limit_row(const RunResult& r) {
    const auto share = [&](const char* limiter) {
        const auto found = r.critical_share.find(limiter);
        return share_cell(found == r.critical_share.end() ? 0.0 : found->second);
    };
    return {code_cell(r.id),
            share("nic"),
            share("nvlink"),
            share("sm_copy"),
            share("coprocessor"),
            share("wait"),
            text_cell(limiter_name(to_string(r.limiter))),
            gigabytes_cell(r.traffic.nvlink_out),
            gigabytes_cell(r.traffic.nic_out)};
}

}  // namespace

Section communication_section(const Comparison& c) {
    Section s{"communication", "What communication costs", {}};
    Table costs, limits;
    costs.caption =
        "One GPU. SMs held: by exchanges and barriers, and as a share of all SM-time. Moving: exchanges alone; "
        "waiting: "
        "for other ranks. Lost: time that compute kernels, and exchanges, take longer because the other uses HBM, L2 "
        "or links (for exchanges HBM includes the longer round trips of copying SMs and of the NIC). Clock: what "
        "compute kernels take longer than at the highest SM clock. Kernels overlap: the columns do not add up to the "
        "run's time.";
    costs.columns = {"variant",
                     "SMs held",
                     "SM-time",
                     "moving (ms)",
                     "waiting (ms)",
                     "compute: HBM (ms)",
                     "compute: L2 (ms)",
                     "compute: links (ms)",
                     "exchange: HBM (ms)",
                     "exchange: L2 (ms)",
                     "exchange: links (ms)",
                     "clock (ms)"};
    limits.caption = "Share of the critical path that links and whoever drives them hold up, and the bytes sent (GB).";
    limits.columns = {"variant", "NIC",     "NVLink",          "copying SMs", "co-processor",
                      "waiting", "limiter", "NVLink out (GB)", "NIC out (GB)"};
    std::vector<const RunResult*> runs = {&c.baseline};
    for (const VariantOutcome& v : c.variants) { runs.push_back(&v.result); }
    bool any = false;
    for (const RunResult* r : runs) {
        any = any || r->communication.moving > Time::zero();
        costs.rows.push_back(cost_row(*r));
        limits.rows.push_back(limit_row(*r));
    }
    if (!any) { return s; }
    return s.table(std::move(costs)).table(std::move(limits));
}

}  // namespace tessera::report
