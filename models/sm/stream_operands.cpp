#include "models/sm/stream_operands.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

// Stride of the walk through gathered blocks: odd and far from any power of two, so that the order looks random.
constexpr std::int64_t kGatherStride = 7919;
constexpr std::int64_t kSharedBlock = 4096;  // requests below this size share L2 blocks of this size
constexpr int kAccountSlices = 64;           // requests that stand for the skipped ones of an operand

bool has_runs(Access a) { return a == Access::strided || a == Access::gathered || a == Access::transposed; }

}  // namespace

StreamOperands::StreamOperands(const StreamPlan& plan, const RunScope& scope, Units& units)
    : plan_(plan),
      scope_(scope),
      units_(units),
      cursors_(plan.operands.size()),
      paths_(static_cast<std::size_t>(scope.sms)) {
    for (Server& s : paths_) { s.reset(scope.begin); }
}

void StreamOperands::map() {
    const auto lanes = static_cast<double>(scope_.sms) * plan_.lanes;
    const auto taken = static_cast<double>(plan_.units_per_lane);
    const std::optional<double> dirty = written_share();
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
        const StreamOperandPlan& o = plan_.operands[i];
        Cursor& c = cursors_[i];
        const double steps = o.every_round ? plan_.rounds : 1;
        const double typical = std::max(1.0, std::ceil(taken * o.bytes_per_unit / steps));
        const bool shared = !o.once_per_sm && typical < static_cast<double>(kSharedBlock);
        c.shared_bytes = shared ? kSharedBlock : 0;
        const std::int64_t block = o.once_per_sm ? o.source
                                   : shared      ? kSharedBlock
                                                 : static_cast<std::int64_t>(typical);
        // The last units of a kernel are shared out in smaller and smaller portions.
        const double portions = lanes * steps * (2.0 + std::log(taken)) * static_cast<double>(plan_.loops(0));
        c.blocks = (o.source + block - 1) / block;
        if (o.source >= o.total && !o.once_per_sm && !shared) { c.blocks += static_cast<std::int64_t>(portions); }
        if (o.once_per_sm) { c.on_sm.assign(static_cast<std::size_t>(scope_.sms), false); }
        MemoryRegion region;
        region.blocks = c.blocks;
        region.block_bytes = bytes(block);
        region.total = bytes(o.source);
        region.run = has_runs(o.operand.access) ? o.operand.run : bytes(0);
        const bool rows = o.operand.access == Access::strided && o.operand.cols > 0;
        region.pitch = rows ? storage(o.operand.dtype, o.operand.cols) : bytes(0);
        region.scattered = o.operand.access == Access::transposed && o.operand.run < units_.config.hbm.row;
        region.l2_resident = o.operand.cast_by_memory ? 0.0 : o.operand.l2_resident;
        region.near_memory_ratio = o.operand.near_memory_ratio;
        region.core_ratio = o.operand.core_ratio();
        region.dirty_evictions = dirty ? *dirty : o.write ? 1.0 - o.operand.l2_resident : 0.0;
        // Consecutive bytes in short runs: what a store request of a warp carries.
        region.store_request = o.operand.access == Access::contiguous ? o.operand.run : bytes(0);
        c.region = units_.memory.map(region);
    }
}

// Of the bytes whose lines are new to the L2. None where that is not known before: rows that are read again; where
// stores are scattered, they are written back themselves, run by run.
std::optional<double> StreamOperands::written_share() const {
    double fresh = 0, written = 0;
    for (const StreamOperandPlan& o : plan_.operands) {
        if (o.source < o.total || o.operand.access == Access::transposed) { return std::nullopt; }
        const double bytes = static_cast<double>(o.source) * (1.0 - o.operand.l2_resident);
        fresh += bytes;
        written += o.write ? bytes : 0.0;
    }
    return fresh > 0 ? written / fresh : 0.0;
}

Time StreamOperands::request(std::size_t operand, int sm, double amount, Time now, Time& accepted) {
    const StreamOperandPlan& o = plan_.operands[operand];
    Cursor& c = cursors_[operand];
    MemoryRequest r;
    r.sm = sm;
    r.op = o.write ? MemoryOp::write : MemoryOp::read;
    r.region = c.region;
    if (o.once_per_sm) {
        if (c.on_sm[static_cast<std::size_t>(sm)]) { return now; }
        c.on_sm[static_cast<std::size_t>(sm)] = true;
        r.bytes = bytes(o.source);
        return send(r, now, accepted);
    }
    c.due += amount;
    const auto whole = static_cast<std::int64_t>(std::llround(c.due));
    r.bytes = bytes(whole - c.issued);
    if (c.shared_bytes > 0) {
        if (!share_block(o, c, whole, r)) {
            return o.write ? now : now + scope_.clock.time(units_.config.l2.latency_near);
        }
    } else {
        if (r.bytes <= bytes(0)) { return now; }
        c.issued = whole;
        ++c.next;
    }
    const std::int64_t place = c.next - 1, turn = place / c.blocks, at = place % c.blocks;
    r.block = o.operand.access == Access::gathered ? (at * kGatherStride + turn) % c.blocks : at;
    return send(r, now, accepted);
}

Time StreamOperands::send(const MemoryRequest& r, Time now, Time& accepted) {
    const L2Config& l2 = units_.config.l2;
    const BytesPerCycle rate = r.op == MemoryOp::write ? l2.sm_port_write : l2.sm_port_read;
    const Time passed = paths_[static_cast<std::size_t>(r.sm)].serve(now, scope_.clock.time(r.bytes, rate));
    const MemoryReply reply = units_.memory.access(r, now);
    accepted = max(accepted, max(reply.accepted, passed));
    return max(reply.done, passed);
}

// Whether a request has to be made, of r.bytes.
bool StreamOperands::share_block(const StreamOperandPlan& o, Cursor& c, std::int64_t whole, MemoryRequest& r) {
    if (whole <= c.issued) { return false; }
    if (o.write) {
        if (r.bytes.raw() < c.shared_bytes && whole < o.total) { return false; }
        c.issued = whole;
        ++c.next;
        return true;
    }
    const std::int64_t blocks = (whole - c.issued + c.shared_bytes - 1) / c.shared_bytes;
    r.bytes = bytes(std::min(blocks * c.shared_bytes, o.total - c.issued));
    c.issued += r.bytes.raw();
    c.next += blocks;
    return true;
}

void StreamOperands::account(double passes, Time now) {
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
        const StreamOperandPlan& o = plan_.operands[i];
        Cursor& c = cursors_[i];
        if (o.once_per_sm) { continue; }
        for (int slice = 0; slice < kAccountSlices; ++slice) {
            c.due += o.bytes_per_unit * passes / kAccountSlices;
            const auto whole = static_cast<std::int64_t>(std::llround(c.due));
            MemoryRequest r;
            r.op = o.write ? MemoryOp::write : MemoryOp::read;
            r.region = c.region;
            r.bytes = bytes(whole - c.issued);
            if (r.bytes <= bytes(0)) { continue; }
            c.issued = whole;
            r.block = c.next++ % c.blocks;
            units_.memory.account(r, 1, now);
        }
    }
}

bool StreamOperands::reuse() const {
    return std::any_of(plan_.operands.begin(), plan_.operands.end(),
                       [](const StreamOperandPlan& o) { return o.source < o.total; });
}

}  // namespace tessera
