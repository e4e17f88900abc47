#include "models/sm/gemm_program.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

namespace {

// Tokens: the worker's number in the lower 24 bits, then what happens, then (stores) the tile.
constexpr std::uint64_t worker_mask = 0xffffff, store_event = 1ULL << 24, fill_event = 1ULL << 25;
constexpr int tile_shift = 26;

}  // namespace

GemmProgram::Spent& GemmProgram::Spent::operator+=(const Spent& o) {
    prologue += o.prologue;
    tensor += o.tensor;
    promotion += o.promotion;
    wait += o.wait;
    epilogue += o.epilogue;
    return *this;
}

GemmProgram::GemmProgram(const GemmDesc& gemm, const RunScope& scope, Units& units)
    : gemm_(gemm),
      scope_(scope),
      units_(units),
      plan_(plan_gemm(gemm_, scope.sms, units.tensor, units.config)),
      schedule_(gemm_, plan_, scope.sms) {
    const int clusters = scope.sms / plan_.cluster;
    if (clusters == 0) { throw ModelError("a GEMM's cluster needs more SMs than its partition has"); }
    workers_.resize(static_cast<std::size_t>(std::min<std::int64_t>(clusters, schedule_.count())));
}

void GemmProgram::start() {
    const int clusters = std::max(1, units_.memory.place_clusters(plan_.cluster));
    workers_.resize(std::min(workers_.size(), static_cast<std::size_t>(clusters)));
    map_operands();
    const Time ready = scope_.begin + scope_.clock.time(plan_.setup);
    finish_ = ready;
    running_ = static_cast<int>(workers_.size());
    for (std::uint32_t i = 0; i < workers_.size(); ++i) {
        Worker& w = workers_[i];
        w.sm = static_cast<int>(i) * plan_.cluster;
        w.full.assign(static_cast<std::size_t>(plan_.stages), ready);
        w.ready = w.other_ready = w.store_free = ready;
        w.spent.prologue = ready - scope_.begin;
        open(w, w.fill, static_cast<std::int64_t>(i));
        w.use = w.fill;
        w.empty = plan_.stages;
        w.starved = true;
        w.fill_pending = true;
        units_.wheel.at(ready + between_tiles(w), *this, i | fill_event, i);
    }
}

void GemmProgram::open(Worker& w, Cursor& cursor, std::int64_t iteration) const {
    (void)w;
    cursor.iteration = iteration;
    cursor.kblock = 0;
    cursor.valid = iteration < schedule_.count();
    if (cursor.valid) { cursor.tile = schedule_.tile(iteration); }
}

void GemmProgram::advance(Worker& w, Cursor& cursor) const {
    if (++cursor.kblock < cursor.tile.kblocks) { return; }
    const auto step = static_cast<std::int64_t>(workers_.size());
    std::int64_t next = cursor.iteration + step;
    if (skip_from_ >= 0 && cursor.iteration < skip_from_ && next >= skip_from_) { next += skip_by_; }
    open(w, cursor, next);
}

std::int64_t GemmProgram::kblock_length(const ClusterTile& t, std::int64_t kblock) const {
    return std::min<std::int64_t>(plan_.bk, t.k - kblock * plan_.bk);
}

KBlockCycles GemmProgram::cycles_of(const ClusterTile& t, std::int64_t kblock) const {
    constexpr std::int64_t wgmma_depth_bytes = 32;
    const std::int64_t depth = plan_.fp8 ? wgmma_depth_bytes : wgmma_depth_bytes / 2;
    const std::int64_t length = (kblock_length(t, kblock) + depth - 1) / depth * depth;
    if (length >= plan_.bk) { return plan_.full; }
    if (length != short_length_) {
        short_length_ = length;
        short_cycles_ = kblock_cycles(gemm_, plan_, length, units_.tensor, units_.config);
    }
    return short_cycles_;
}

void GemmProgram::on_event(Time now, std::uint64_t token) {
    const auto index = static_cast<std::uint32_t>(token & worker_mask);
    Worker& w = workers_[index];
    if ((token & store_event) != 0) {
        const auto iteration = static_cast<std::int64_t>(token >> tile_shift);
        w.parts_left > 0 ? store_part(index, iteration, now) : store(w, iteration, now);
        return;
    }
    if ((token & fill_event) != 0) {
        w.fill_pending = false;
        fill(index, now);
        return;
    }
    // A k-block's operands have been read: refill its stage, then begin the next k-block.
    ++w.empty;
    fill(index, now);
    w.use_stage = (w.use_stage + 1) % w.full.size();
    if (w.use.kblock + 1 == w.use.tile.kblocks) { end_tile(index); }
    advance(w, w.use);
    const bool waits = plan_.pingpong ? w.queued >= 0 : w.parts_left > 0;
    if (!waits) { next_kblock(index, now); }
}

void GemmProgram::next_kblock(std::uint32_t index, Time now) {
    Worker& w = workers_[index];
    if (!w.use.valid) {
        --running_;
        return;
    }
    if (w.filled > w.used) {
        begin_kblock(index, now);
    } else {
        w.starved = true;
    }
}

// The producer has its next tile, and the tensor maps of the tile's group.
Time GemmProgram::between_tiles(Worker& w) {
    const bool other = w.fill.valid && w.fill.tile.group != w.mapped;
    if (other) { w.mapped = w.fill.tile.group; }
    return scope_.clock.time(plan_.tile_walk + (other ? plan_.group_switch : 0.0));
}

// The producer thread: fills every free stage, one after another.
void GemmProgram::fill(std::uint32_t index, Time now) {
    Worker& w = workers_[index];
    if (w.empty == 0 || !w.fill.valid || w.fill_pending) { return; }
    if (w.producer_free <= now) {
        load(w, now);
        --w.empty;
        ++w.filled;
        if (w.starved) {
            w.starved = false;
            begin_kblock(index, now);
        }
        if (w.empty == 0 || !w.fill.valid) { return; }
    }
    w.fill_pending = true;
    units_.wheel.at(w.producer_free, *this, index | fill_event, index);
}

void GemmProgram::begin_kblock(std::uint32_t index, Time now) {
    Worker& w = workers_[index];
    ++w.used;
    if (index == 0 && w.use.kblock == 0) { watch_period(w, now); }
    const KBlockCycles c = cycles_of(w.use.tile, w.use.kblock);
    const Time start = max(w.ready, w.full[w.use_stage]);
    const Time end = start + scope_.clock.time(c.total);
    const Time tensor = scope_.clock.time(c.tensor);
    w.spent.wait += start - w.ready;
    w.spent.tensor += tensor;
    w.spent.promotion += end - start - tensor;
    const bool last_of_first = w.used == w.use.tile.kblocks;
    w.ready = w.loop_end = end;
    if (last_of_first) { w.loop_end += scope_.clock.time(plan_.scale_read); }
    units_.wheel.at(max(now, start + scope_.clock.time(c.release)), *this, index, index);
}

void GemmProgram::end_tile(std::uint32_t index) {
    Worker& w = workers_[index];
    if (plan_.epilogue_parts > 1) {
        if (plan_.pingpong) {
            // The other warpgroup's main loop follows at once if its own tile has left.
            if (w.parts_left > 0) {
                w.queued = w.use.iteration;
                return;
            }
            hand_over(w);
        }
        begin_parts(index, w.use.iteration, w.loop_end);
        return;
    }
    const Time begin = max(w.loop_end, w.store_free) + scope_.clock.time(plan_.epilogue_start);
    const Time end = begin + scope_.clock.time(plan_.epilogue);
    const bool last = !w.fill.valid && w.filled == w.used;
    const Time next = last ? end : end + scope_.clock.time(units_.config.sm.tile_turnover);
    if (plan_.pingpong) {
        // The other warpgroup's main loop follows at once; this one's epilogue hides behind it.
        const Time free = max(w.ready, w.other_ready);
        w.spent.epilogue += free - w.ready;
        w.ready = free;
        w.other_ready = next;
    } else {
        w.spent.epilogue += next - w.ready;
        w.ready = next;
    }
    // Known again once the store has been issued.
    w.store_free = end;
    const auto tile = static_cast<std::uint64_t>(w.use.iteration) << tile_shift;
    units_.wheel.at(max(units_.wheel.now(), end), *this, index | store_event | tile, index);
}

// Ping-pong: the other warpgroup takes the next tile.
void GemmProgram::hand_over(Worker& w) {
    const Time free = max(w.ready, w.other_ready);
    w.spent.epilogue += free - w.ready;
    w.ready = free;
}

void GemmProgram::begin_parts(std::uint32_t index, std::int64_t iteration, Time loop_end) {
    Worker& w = workers_[index];
    w.parts_left = plan_.epilogue_parts;
    const Time staged = max(units_.wheel.now(), loop_end + scope_.clock.time(plan_.epilogue_start + plan_.epilogue));
    const auto tile = static_cast<std::uint64_t>(iteration) << tile_shift;
    units_.wheel.at(staged, *this, index | store_event | tile, index);
}

// One part of the tile leaves; the next is staged meanwhile, in the buffer of the part before.
void GemmProgram::store_part(std::uint32_t index, std::int64_t iteration, Time now) {
    Worker& w = workers_[index];
    const Time read = store_share(w, iteration, 1.0 / plan_.epilogue_parts, now);
    if (--w.parts_left > 0) {
        const Time next = max(now, w.part_read) + scope_.clock.time(plan_.epilogue);
        w.part_read = read;
        const auto tile = static_cast<std::uint64_t>(iteration) << tile_shift;
        units_.wheel.at(next, *this, index | store_event | tile, index);
        return;
    }
    w.part_read = read;
    units_.wheel.watchdog().progress();
    const Time next = now + scope_.clock.time(units_.config.sm.tile_turnover);
    if (plan_.pingpong) {
        w.other_ready = next;
        if (w.queued < 0) { return; }
        const Time loop_end = w.loop_end;
        hand_over(w);
        begin_parts(index, w.queued, loop_end);
        w.queued = -1;
    } else {
        const Time free = w.use.valid ? next : now;
        w.spent.epilogue += free - w.ready;
        w.ready = free;
    }
    next_kblock(index, now);
}

Time GemmProgram::finish() const {
    const LaunchConfig& launch = units_.config.launch;
    const double sms = static_cast<double>(workers_.size()) * plan_.cluster;
    const double share = (sms - 1) / std::max(units_.config.sm.count - 1, 1);
    return finish_ + launch.flush_one + (launch.flush_all - launch.flush_one) * std::min(1.0, share) - launch.drain;
}

std::string GemmProgram::waiting() const {
    std::string text = std::to_string(running_) + " of " + std::to_string(workers_.size()) + " GEMM workers";
    for (const Worker& w : workers_) {
        if (w.use.valid) {
            text += ", first on SM " + std::to_string(w.sm) + ": tile " + std::to_string(w.use.iteration) +
                    ", k-block " + std::to_string(w.use.kblock) + " of " + std::to_string(w.use.tile.kblocks);
            break;
        }
    }
    return text;
}

std::unique_ptr<Program> make_gemm_program(const KernelDesc& kernel, const RunScope& scope, Units& units) {
    return std::make_unique<GemmProgram>(std::get<GemmDesc>(kernel), scope, units);
}

}  // namespace tessera
