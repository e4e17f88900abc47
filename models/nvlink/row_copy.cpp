#include "models/nvlink/row_copy.hpp"

#include "models/nvlink/sm_copy.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

namespace {

constexpr double step_bytes = 512;  // a warp's access of 16 bytes per lane
constexpr int bulk_in_flight = 3;   // loads of a ring of six, the others store
// Instructions of a warp per step: unpack two values and add both for each of four words of an input; convert, store
// and count once.
constexpr double add_instructions = 16, step_instructions = 24;

void require(bool good) {
    if (!good) { throw ModelError("an exchange of rows needs SMs, rows and bytes"); }
}

// What the busiest SM's warps do when items are dealt out evenly: whole turns.
double uneven_turns(double items, int sms, int warps) {
    const double all = static_cast<double>(sms) * warps, whole = std::floor(items / all);
    const double left = items - whole * all;
    return whole + std::min(1.0, left / warps);
}

}  // namespace

Time send_rows_time(const SmLinkParams& p, const RowJob& job, Time wire, Frequency clock) {
    require(job.sms > 0 && job.warps > 0 && job.rows > 0 && job.row > Bytes::zero());
    const BytesPerCycle store = !job.to_peers ? p.write : job.bulk ? p.remote_bulk_store : p.remote_store;
    const double bytes_in = to_double(job.row), bytes_out = bytes_in * job.copies;
    Cycles busy = cycles(bytes_in / p.read.raw() + bytes_out / store.raw());
    if (job.bulk && job.tail > Bytes::zero()) { busy = busy + p.bulk_interval * job.copies; }
    const Time port = busy / clock, trip = p.l2_trip / clock + p.hbm_extra;
    Time think = trip + p.l2_trip / clock + p.loop_issue / clock;
    int customers = job.warps;
    double turns = uneven_turns(job.rows, job.sms, job.warps);
    if (job.bulk) {
        think = max(trip + p.bulk_start, job.to_peers ? p.store_trip : Time::zero());
        customers = job.warps * bulk_in_flight;
        turns /= bulk_in_flight;
    }
    const Time round = shared_port_round(think, port, customers);
    const double all = static_cast<double>(customers) * job.sms;
    const Time shared = shared_port_round(round, wire / (all * std::max(turns, 1e-9)), static_cast<int>(all));
    Time total = shared * turns;
    if (job.copy_bandwidth > 0) {
        const double local = bytes_in + (job.to_peers ? 0.0 : bytes_out);
        total = max(total, seconds(job.rows * local / job.copy_bandwidth));
    }
    return trip + total + (job.to_peers ? p.fence_peer : p.fence_local);
}

Time add_rows_time(const SmLinkParams& p, const AddJob& job, Time wire, Frequency clock) {
    require(job.sms > 0 && job.warps > 0 && job.tokens > 0 && job.row > Bytes::zero() && job.inputs > 0);
    const double in = job.inputs * step_bytes;
    const Time port = cycles(in / p.read.raw() + step_bytes / p.write.raw()) / clock;
    const Time issue = cycles((job.inputs * add_instructions + step_instructions) / job.issue_slots) / clock;
    const bool far = job.remote > 0;
    const Time think = p.l2_trip / clock + p.hbm_extra + (far ? p.load_trip : Time::zero()) + p.loop_issue / clock;
    const double steps = std::ceil(to_double(job.row) / step_bytes);
    const double turns = uneven_turns(job.tokens, job.sms, job.warps) * steps;
    const Time round = shared_port_round(think, port + issue, job.warps);
    const double all = static_cast<double>(job.warps) * job.sms;
    const Time shared = shared_port_round(round, wire / (all * turns), static_cast<int>(all));
    Time total = shared * turns;
    if (job.copy_bandwidth > 0) {
        const double moved = job.tokens * to_double(job.row) * (job.inputs * job.missing + 1.0);
        total = max(total, seconds(moved / job.copy_bandwidth));
    }
    return think + total;
}

}  // namespace tessera
