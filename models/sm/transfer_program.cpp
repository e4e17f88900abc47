#include "models/sm/transfer_program.hpp"

#include "models/sm/warp_loads.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tessera {
namespace {

// Regions far larger than the L2 look alike wherever they are walked: places beyond this share their blocks.
constexpr std::int64_t kTellApart = std::int64_t{256} << 20;
constexpr std::int64_t kChaseStride = 7919;  // places between two lines of a chase: odd, looks random
constexpr double kSteady = 24.0;             // steps of every lane before and while its rate is measured
constexpr double kPassesSeen = 2.0;          // passes over a region that L2 holds in part, likewise
constexpr std::int64_t kStepsKept = 6;       // of a lane, for the end

}  // namespace

TransferProgram::TransferProgram(const TransferDesc& desc, std::vector<int> on, const RunScope& scope, Units& units)
    : desc_(desc), on_(std::move(on)), scope_(scope), units_(units) {
    validate(desc_);
    invariant(static_cast<int>(on_.size()) == desc_.blocks, "a transfer loop has one SM a block");
    places_ = desc_.region.raw() / desc_.step.raw();
    mapped_ = std::min(places_, std::max<std::int64_t>(1, kTellApart / desc_.step.raw()));
    const std::int64_t steps = std::max<std::int64_t>(1, desc_.moved.raw() / desc_.step.raw());
    blocks_.resize(on_.size());
    lanes_.resize(on_.size() * static_cast<std::size_t>(desc_.lanes));
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
        blocks_[b].sm = on_[b];
        const auto all = static_cast<std::int64_t>(blocks_.size());
        blocks_[b].left = steps / all + (static_cast<std::int64_t>(b) < steps % all ? 1 : 0);
        blocks_[b].issuer.reset(scope.begin);
        blocks_[b].path.reset(scope.begin);
    }
    finish_ = mark_time_ = scope.begin;
    window_ = units.config.hbm.refresh_interval * 4.0;
    next_watch_ = scope.begin + window_;
}

void TransferProgram::start() {
    MemoryRegion region;
    region.blocks = mapped_;
    region.block_bytes = desc_.step;
    region.run = desc_.run;
    region.l2_resident = desc_.held ? 1.0 : 0.0;
    source_ = target_ = units_.memory.map(region);
    if (desc_.op == TransferOp::copy) { target_ = units_.memory.map(region); }
    running_ = lanes_.size();
    // Lane by lane over the blocks, as warps start.
    const std::size_t lanes = static_cast<std::size_t>(desc_.lanes);
    for (std::size_t l = 0; l < lanes; ++l) {
        for (std::size_t b = 0; b < blocks_.size(); ++b) {
            units_.wheel.at(scope_.begin, *this, b * lanes + l, static_cast<std::uint32_t>(l));
        }
    }
}

std::string TransferProgram::waiting() const {
    return "transfer loop: " + std::to_string(running_) + " of " + std::to_string(lanes_.size()) + " lanes have work";
}

std::int64_t TransferProgram::place_of(std::size_t index, const Block& b) const {
    const auto all = static_cast<std::int64_t>(blocks_.size());
    const auto block = static_cast<std::int64_t>(index / static_cast<std::size_t>(desc_.lanes));
    const bool ring = desc_.engine == TransferEngine::bulk;
    // The ring's thread takes the block's steps in order; warps walk beside each other.
    const std::int64_t turn = ring ? b.next : lanes_[index].next;
    const std::int64_t lane = ring ? 0 : static_cast<std::int64_t>(index % static_cast<std::size_t>(desc_.lanes));
    const std::int64_t width = ring ? 1 : desc_.lanes;
    if (desc_.engine == TransferEngine::chase) { return turn * kChaseStride % places_ % mapped_; }
    switch (desc_.walk) {
        case TransferWalk::in_turn: return (turn * all * width + block * width + lane) % places_ % mapped_;
        case TransferWalk::own_slice: {
            const std::int64_t first = block * width + lane, stride = all * width;
            const std::int64_t mine = std::max<std::int64_t>(1, (places_ - first + stride - 1) / stride);
            return (first + turn % mine * stride) % mapped_;
        }
        case TransferWalk::everything: return (turn * width + lane) % places_ % mapped_;
    }
    throw InternalError("a transfer walks in a way that does not exist");
}

Time TransferProgram::move(MemoryOp op, RegionId region, std::int64_t place, Block& b, Time now, Time& accepted) {
    MemoryRequest r;
    r.sm = b.sm;
    r.op = op;
    r.region = region;
    r.block = place;
    const bool chase = desc_.engine == TransferEngine::chase;
    r.bytes = chase ? std::min(desc_.step, units_.config.l2.line) : desc_.step;
    const bool write = op == MemoryOp::write;
    if (desc_.engine == TransferEngine::bulk) {
        const double turn = write && desc_.op == TransferOp::copy ? 0.0 : units_.config.tma.ring_turn.raw();
        const Time issued = b.issuer.serve(now, scope_.clock.time(turn)) - scope_.clock.time(turn);
        TmaCopy copy;
        copy.memory = r;
        const TmaReply reply = write ? units_.tma.store(copy, issued) : units_.tma.load(copy, issued);
        if (desc_.op == TransferOp::copy) {  // loads pass at the width of shared memory, stores at the port's rate
            const SystemConfig& c = units_.config;
            const BytesPerCycle rate = write ? c.l2.sm_port_write : c.sm.smem.bandwidth;
            accepted = b.path.serve(issued, scope_.clock.time(desc_.step, rate));
        }
        accepted = max(accepted, reply.source_free);
        return max(reply.done, accepted);
    }
    const L2Config& l2 = units_.config.l2;
    Time passed = now;
    if (desc_.op == TransferOp::copy) {
        passed = b.path.serve(now, scope_.clock.time(desc_.step, write ? l2.sm_port_write : l2.sm_port_read));
    }
    if (!write && desc_.path.raw() > 0) {
        passed = max(passed, b.path.serve(now, scope_.clock.time(desc_.step, desc_.path)));
    }
    const MemoryReply reply = units_.memory.access(r, now);
    accepted = max(reply.accepted, passed);
    const Time issue = write ? Time::zero() : scope_.clock.time(slowest_load_cycles(desc_.batch));
    return max(reply.done + issue, passed);
}

void TransferProgram::begin_step(std::size_t index, Time now) {
    Lane& lane = lanes_[index];
    Block& b = blocks_[index / static_cast<std::size_t>(desc_.lanes)];
    if (b.left == 0) {
        --running_;
        return;
    }
    lane.place = place_of(index, b);
    --b.left;
    ++b.next;
    ++lane.next;
    Time accepted = now;
    const bool write_only = desc_.op == TransferOp::write;
    lane.stored = desc_.op != TransferOp::copy;
    const Time done = move(write_only ? MemoryOp::write : MemoryOp::read, source_, lane.place, b, now, accepted);
    finish_ = max(finish_, done);
    units_.wheel.at(write_only ? max(accepted, now) : done, *this, index, static_cast<std::uint32_t>(index));
}

void TransferProgram::end_step(std::size_t index, Time now) {
    Block& b = blocks_[index / static_cast<std::size_t>(desc_.lanes)];
    ++b.done;
    units_.wheel.watchdog().progress();
    const bool warp = desc_.engine == TransferEngine::vector && desc_.op != TransferOp::write;
    begin_step(index, warp ? now + scope_.clock.time(warp_turn_cycles) : now);
}

void TransferProgram::on_event(Time now, std::uint64_t token) {
    const auto index = static_cast<std::size_t>(token);
    Lane& lane = lanes_[index];
    if (lane.next == 0) { return begin_step(index, now); }
    if (!lane.stored) {
        Block& b = blocks_[index / static_cast<std::size_t>(desc_.lanes)];
        lane.stored = true;
        Time accepted = now;
        finish_ = max(finish_, move(MemoryOp::write, target_, lane.place, b, now, accepted));
        units_.wheel.at(accepted, *this, index, static_cast<std::uint32_t>(index));
        return;
    }
    if (!scope_.exact) { watch(now); }
    end_step(index, now);
}

// Measures every block's rate over a window of whole refresh intervals and, for a region that is walked again and
// again, of some passes.
void TransferProgram::watch(Time now) {
    if (now < next_watch_) { return; }
    std::int64_t done = 0, fewest = std::numeric_limits<std::int64_t>::max();
    for (Block& b : blocks_) {
        done += b.done - b.mark;
        if (b.left > 0) { fewest = std::min(fewest, b.done - b.mark); }
    }
    const bool again = desc_.region < desc_.moved && places_ <= mapped_;
    const bool enough = fewest >= static_cast<std::int64_t>(kSteady * desc_.lanes / 4) &&
                        (!again || static_cast<double>(done) >= kPassesSeen * static_cast<double>(places_));
    if (!enough) {
        next_watch_ = now + window_;
        return;
    }
    if (measuring_) { skip(now); }
    measuring_ = !measuring_;
    for (Block& b : blocks_) { b.mark = b.done; }
    mark_time_ = now;
    next_watch_ = now + window_;
}

// Until the first block comes near its end, every block goes on at its rate.
void TransferProgram::skip(Time now) {
    const double elapsed = static_cast<double>((now - mark_time_).raw());
    double horizon = std::numeric_limits<double>::max();
    for (const Block& b : blocks_) {
        if (b.left <= kStepsKept * desc_.lanes || b.done == b.mark) {
            if (b.left > 0) { return; }
            continue;
        }
        const double rate = static_cast<double>(b.done - b.mark) / elapsed;
        horizon = std::min(horizon, static_cast<double>(b.left - kStepsKept * desc_.lanes) / rate);
    }
    if (horizon > 1e18 || horizon < elapsed) { return; }
    const std::size_t lanes = static_cast<std::size_t>(desc_.lanes);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        Block& b = blocks_[i];
        if (b.left == 0) { continue; }
        const double rate = static_cast<double>(b.done - b.mark) / elapsed;
        const std::int64_t turns = static_cast<std::int64_t>(rate * horizon) / desc_.lanes;
        const std::int64_t steps = std::min(b.left, turns * desc_.lanes);
        b.left -= steps;
        b.next += steps;
        b.done += steps;
        for (std::size_t l = 0; l < lanes; ++l) { lanes_[i * lanes + l].next += turns; }
        MemoryRequest r;
        r.sm = b.sm;
        r.op = desc_.op == TransferOp::write ? MemoryOp::write : MemoryOp::read;
        r.region = source_;
        r.block = static_cast<std::int64_t>(i) % mapped_;
        r.bytes = desc_.step;
        units_.memory.account(r, static_cast<int>(std::min<std::int64_t>(steps, 1 << 20)), now);
    }
    skipped_ += femtoseconds(static_cast<std::int64_t>(horizon));
}

ProgramReport TransferProgram::report(const UnitUse& use) const {
    ProgramReport r;
    const double l2 = std::max({use.l2_slices, use.l2_link, use.sm_port});
    r.limiter = use.hbm > 0.8 ? Limiter::hbm : (l2 > 0.8 ? Limiter::l2 : Limiter::latency);
    r.clock_bound = std::clamp(1.0 - use.hbm, 0.0, 1.0);
    r.sms = desc_.blocks;
    r.waves = 1;
    r.shares = {{"stream", finish_ - scope_.begin + skipped_}};
    return r;
}

}  // namespace tessera
