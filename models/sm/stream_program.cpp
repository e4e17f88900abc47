#include "models/sm/stream_program.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

// Stride of the walk through gathered blocks: odd and far from any power of two, so that the order looks random.
constexpr std::int64_t kGatherStride = 7919;
constexpr double kLatencyBound = 0.5;  // no unit busier than this: the dependent chain limits
// Requests below this size share L2 blocks of this size.
constexpr std::int64_t kSharedBlock = 4096;
// Steady state: waves to warm up, to leave for the end of the kernel, and to measure over.
constexpr double kWarmWaves = 4, kTailWaves = 4;
constexpr std::int64_t kMeasuredWaves = 8, kMostMeasuredWaves = 24;
constexpr std::int64_t kMeasuredShare = 6;  // or so much of the kernel's waves, if that is more
constexpr int kAccountSlices = 64;          // requests that stand for the skipped ones of an operand
// Issue distance of dependent instructions of one warp (micro F.alu dependent_cycles_per_op; F.quant_1x128 with two
// warps a scheduler issues one instruction per warp and 4 cycles).
constexpr double kDependentIssue = 4.26;

bool has_runs(Access a) { return a == Access::strided || a == Access::gathered || a == Access::transposed; }

}  // namespace

StreamProgram::StreamProgram(const StreamDesc& desc, const RunScope& scope, Units& units)
    : desc_(desc), scope_(scope), units_(units), plan_(plan_stream(desc, units.config, scope.sms)) {
    const std::size_t lanes = static_cast<std::size_t>(scope.sms) * static_cast<std::size_t>(plan_.lanes);
    lanes_.resize(lanes);
    released_.resize(lanes, scope.begin);
    launchers_.resize(static_cast<std::size_t>(scope.sms));
    lsu_.resize(static_cast<std::size_t>(scope.sms));
    cursors_.resize(plan_.operands.size());
    for (Server& s : launchers_) { s.reset(scope.begin); }
    for (Server& s : lsu_) { s.reset(scope.begin); }
    finish_ = first_store_ = first_idle_ = scope.begin;
}

void StreamProgram::map_operands() {
    const auto lanes = static_cast<double>(lanes_.size());
    const double taken = static_cast<double>(plan_.units_per_lane);
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
        const StreamOperandPlan& o = plan_.operands[i];
        Cursor& c = cursors_[i];
        MemoryRegion region;
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
        region.blocks = c.blocks;
        region.block_bytes = bytes(block);
        region.run = has_runs(o.operand.access) ? o.operand.run : bytes(0);
        region.scattered = o.operand.access == Access::transposed && o.operand.run < units_.config.hbm.row;
        region.l2_resident = o.operand.cast_by_memory ? 0.0 : o.operand.l2_resident;
        region.near_memory_ratio = o.operand.near_memory_ratio;
        c.region = units_.memory.map(region);
    }
}

// First wave: blocks go round the SMs, so every SM holds as many as any other, give or take one.
void StreamProgram::share_first_units() {
    const auto lanes = static_cast<std::int64_t>(lanes_.size());
    const std::int64_t sms = scope_.sms, parts = plan_.parts, resident = plan_.resident;
    const std::int64_t ctas = std::min(plan_.grid.ctas, sms * resident);
    for (std::int64_t sm = 0; sm < sms; ++sm) {
        const std::int64_t mine = (ctas / sms + (sm < ctas % sms ? 1 : 0)) * parts;
        for (std::int64_t l = 0; l < plan_.lanes; ++l) {
            Lane& lane = lanes_[static_cast<std::size_t>(sm * plan_.lanes + l)];
            lane.room = resident * parts / plan_.lanes + (l < resident * parts % plan_.lanes ? 1 : 0);
            lane.count = mine / plan_.lanes + (l < mine % plan_.lanes ? 1 : 0);
        }
    }
    // Lane by lane over the SMs, as blocks arrive in order of their number.
    for (std::int64_t i = 0; i < lanes; ++i) {
        Lane& lane = lanes_[static_cast<std::size_t>(i % sms * plan_.lanes + i / sms)];
        lane.first = next_unit_;
        next_unit_ += lane.count;
    }
}

void StreamProgram::start() {
    map_operands();
    share_first_units();
    bool reuse = false;  // rows read again: what L2 holds changes along the way
    for (const StreamOperandPlan& o : plan_.operands) { reuse = reuse || o.source < o.total; }
    if (!scope_.exact && !reuse) { mark_ = Mark::warming; }
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        units_.wheel.at(scope_.begin, *this, i, static_cast<std::uint32_t>(i));
    }
}

bool StreamProgram::done() const { return retired_ == plan_.units; }

std::string StreamProgram::waiting() const {
    return "stream kernel: " + std::to_string(retired_) + " of " + std::to_string(plan_.units) +
           " units of work are done, " + std::to_string(plan_.units - next_unit_) + " were not handed out";
}

std::int64_t StreamProgram::take_units(Lane& lane) {
    const std::int64_t left = plan_.units - next_unit_;
    const auto lanes = static_cast<std::int64_t>(lanes_.size());
    const std::int64_t n = std::min(lane.room, (left + lanes - 1) / lanes);
    lane.first = next_unit_;
    lane.count = n;
    next_unit_ += n;
    return n;
}

// First instruction of the blocks in hand, on average: an SM starts them one after another. RunScope::begin is the
// first instruction of the first block; later blocks also wait for the slot they take over to turn round.
Time StreamProgram::launch(std::size_t index, Time now) {
    const SmConfig& sm = units_.config.sm;
    const double blocks = static_cast<double>(lanes_[index].count) / plan_.parts;
    const double interval = sm.cta_launch_interval.raw();
    const bool first_wave = now == scope_.begin;
    const Time ready = first_wave ? now : now + scope_.clock.time(sm.cta_launch);
    const Time last =
        launchers_[static_cast<std::size_t>(sm_of(index))].serve(ready, scope_.clock.time(interval * blocks));
    const Time mean = last - scope_.clock.time(interval * (blocks + (first_wave ? 1.0 : 0.0)) / 2.0);
    return max(mean, ready);
}

void StreamProgram::take(std::size_t index, Time now) {
    Lane& lane = lanes_[index];
    if (lane.count == 0 && take_units(lane) == 0) {
        lane.phase = Phase::retired;
        if (first_idle_ == scope_.begin) { first_idle_ = now; }
        return;
    }
    lane.loop = 0;
    lane.loops = plan_.loops(lane.first);
    lane.round = 0;
    lane.phase = desc_.dependent_loads > 0 ? Phase::fetch_index : Phase::load;
    units_.wheel.at(launch(index, now), *this, index, static_cast<std::uint32_t>(index));
}

Time StreamProgram::request(std::size_t operand, int sm, double amount, Time now, Time& accepted) {
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
    } else {
        c.due += amount;
        const auto whole = static_cast<std::int64_t>(std::llround(c.due));
        r.bytes = bytes(whole - c.issued);
        if (r.bytes <= bytes(0)) { return now; }
        if (c.shared_bytes > 0 && !share_block(o, c, whole, r)) {
            const Time hit = now + scope_.clock.time(units_.config.l2.latency_near);
            return o.write ? now : whole > c.arriving_from ? max(c.arrival, hit) : hit;
        }
        const std::int64_t place = c.shared_bytes > 0 ? c.next - 1 : c.next++;
        c.issued = c.shared_bytes > 0 ? c.issued : whole;
        const std::int64_t turn = place / c.blocks, at = place % c.blocks;
        r.block = o.operand.access == Access::gathered ? (at * kGatherStride + turn) % c.blocks : at;
    }
    // Loads and stores of an SM take turns on its path to the L2: one copies at 25 B/clk each way although it can
    // read 104 and write 32 (micro B.sms, one SM).
    const L2Config& l2 = units_.config.l2;
    const Time transfer = scope_.clock.time(r.bytes, o.write ? l2.sm_port_write : l2.sm_port_read);
    const Time passed = lsu_[static_cast<std::size_t>(sm)].serve(now, transfer);
    const MemoryReply reply = units_.memory.access(r, now);
    accepted = max(accepted, max(reply.accepted, passed));
    c.arrival = reply.done;
    return max(reply.done, passed);
}

// Small stores gather in L2 until a block is full or the kernel ends; the first small load of a block brings all of
// it. Returns whether a request has to be made, of r.bytes.
bool StreamProgram::share_block(const StreamOperandPlan& o, Cursor& c, std::int64_t whole, MemoryRequest& r) {
    if (o.write) {
        if (r.bytes.raw() < c.shared_bytes && whole < o.total) { return false; }
        c.issued = whole;
        ++c.next;
        return true;
    }
    if (whole <= c.issued) { return false; }
    const std::int64_t blocks = (whole - c.issued + c.shared_bytes - 1) / c.shared_bytes;
    r.bytes = bytes(std::min(blocks * c.shared_bytes, o.total - c.issued));
    c.arriving_from = c.issued;
    c.issued += r.bytes.raw();
    c.next += blocks;
    return true;
}

Time StreamProgram::load(std::size_t index, Time now) {
    const Lane& lane = lanes_[index];
    const double tiles = tiles_in_hand(lane);
    const bool indexed = desc_.dependent_loads > 0;
    Time done = now, accepted = now;
    for (std::size_t i = 0; i < plan_.operands.size(); ++i) {
        const StreamOperandPlan& o = plan_.operands[i];
        if (o.write) { continue; }
        // Small operands come with the first round; before it if they hold the indices of the rows.
        const bool first_only = !o.every_round;
        const bool now_due =
            lane.phase == Phase::fetch_index ? first_only : !first_only || (lane.round == 0 && !indexed);
        if (!now_due) { continue; }
        const double share = first_only ? 1.0 : 1.0 / plan_.rounds;
        done = max(done, request(i, sm_of(index), o.bytes_per_unit * tiles * share, now, accepted));
    }
    return done;
}

Time StreamProgram::compute(std::size_t index, Time now) {
    const Lane& lane = lanes_[index];
    const double rounds = plan_.tile_wide ? 1.0 : plan_.rounds;
    const double elements = plan_.elements_per_unit * tiles_in_hand(lane) / rounds;
    CudaWork w = plan_.work_per_element;
    w.alu *= elements;
    w.convert *= elements;
    w.sfu *= elements;
    w.cast *= elements;
    Time end = now;
    if (desc_.smem_bytes_per_element > 0) {
        const Bytes moved = bytes(static_cast<std::int64_t>(desc_.smem_bytes_per_element * elements));
        end = max(end, units_.smem.access(sm_of(index), moved, desc_.smem_conflict, now));
    }
    end = max(end, units_.cuda.issue(sm_of(index), w, now));
    const double threads = static_cast<double>(lane.count) * desc_.threads / plan_.parts;
    const double chain = (w.alu + w.convert + w.sfu) / threads * kDependentIssue;
    end = max(end, now + scope_.clock.time(chain));
    return end + scope_.clock.time(plan_.sync_cycles);
}

Time StreamProgram::store(std::size_t index, Time now, Time& accepted) {
    const Lane& lane = lanes_[index];
    const double tiles = tiles_in_hand(lane);
    Time done = now;
    for (std::size_t i = 0; i < plan_.operands.size(); ++i) {
        const StreamOperandPlan& o = plan_.operands[i];
        if (!o.write) { continue; }
        const double share = o.every_round ? 1.0 / plan_.rounds : 1.0;
        done = max(done, request(i, sm_of(index), o.bytes_per_unit * tiles * share, now, accepted));
    }
    return done;
}

void StreamProgram::on_event(Time now, std::uint64_t token) {
    units_.wheel.watchdog().progress();
    advance(static_cast<std::size_t>(token), now);
}

void StreamProgram::advance(std::size_t index, Time now) {
    Lane& lane = lanes_[index];
    Time next = now;
    switch (lane.phase) {
        case Phase::take: take(index, now); return;
        case Phase::fetch_index:
            next =
                load(index, now) + scope_.clock.time(units_.config.l2.latency_near.raw() * (desc_.dependent_loads - 1));
            lane.phase = Phase::load;
            break;
        case Phase::load:
            next = load(index, now);
            lane.phase = Phase::loaded;
            break;
        case Phase::loaded:
            if (plan_.tile_wide && !last_round(lane)) {
                ++lane.round;
                next = load(index, now);
            } else {
                next = compute(index, now);
                lane.phase = Phase::computed;
            }
            break;
        case Phase::computed: {
            const Time stored = store(index, now, next);
            if (first_store_ == scope_.begin) { first_store_ = now; }
            released_[index] = max(released_[index], stored);
            finish_ = max(finish_, max(stored, now));
            if (!plan_.tile_wide && !last_round(lane)) {
                ++lane.round;
                lane.phase = Phase::load;
            } else {
                lane.phase = Phase::next_tile;
            }
            break;
        }
        case Phase::next_tile:
            lane.round = 0;
            watch_rate(lane, now);
            ++lane.loop;
            if (lane.loop < lane.loops) {
                lane.phase = desc_.dependent_loads > 0 ? Phase::fetch_index : Phase::load;
            } else {
                retired_ += lane.count;
                lane.count = 0;
                lane.phase = Phase::take;
                next = max(now, released_[index]);
            }
            break;
        case Phase::retired: throw InternalError("a retired lane of a stream kernel was woken");
    }
    units_.wheel.at(next, *this, index, static_cast<std::uint32_t>(index));
}

void StreamProgram::watch_rate(const Lane& lane, Time now) {
    passes_ += tiles_in_hand(lane);
    if (mark_ != Mark::warming && mark_ != Mark::measuring) { return; }
    const double wave = static_cast<double>(lanes_.size()) * static_cast<double>(plan_.units_per_lane);
    if (mark_ == Mark::warming && passes_ >= kWarmWaves * wave) {
        mark_ = Mark::measuring;
        window_from_ = passes_;
        window_start_ = now;
        clock_lane_ = &lane;
        laps_ = 0;
    } else if (mark_ == Mark::measuring && clock_lane_ == &lane && ++laps_ >= measured_waves()) {
        // The window ends where it began in the rhythm of the waves: with a tile of the same lane.
        mark_ = Mark::measured;
        const double rate = (passes_ - window_from_) / static_cast<double>((now - window_start_).raw());
        skip_ahead(rate);
    }
}

std::int64_t StreamProgram::measured_waves() const {
    const std::int64_t all = plan_.waves * plan_.loops(0);
    return std::clamp(all / kMeasuredShare, kMeasuredWaves, kMostMeasuredWaves);
}

void StreamProgram::skip_ahead(double rate) {
    const double total = static_cast<double>(plan_.grid.tiles) * plan_.parts;
    const double wave = static_cast<double>(lanes_.size()) * static_cast<double>(plan_.units_per_lane);
    // Whole waves, so that the last one is as full as it would have been.
    const double spare = std::floor((total - passes_) / wave - kTailWaves - 1) * wave;
    if (spare < wave) { return; }
    const std::int64_t skipped = plan_.grid.persistent ? skip_loops() : skip_units(spare);
    if (skipped <= 0) { return; }
    account(static_cast<double>(skipped));
    passes_ += static_cast<double>(skipped);
    skipped_ = femtoseconds(std::llround(static_cast<double>(skipped) / rate));
}

std::int64_t StreamProgram::skip_units(double passes) {
    const std::int64_t n = std::min(static_cast<std::int64_t>(passes), plan_.units - next_unit_);
    if (n <= 0) { return 0; }
    next_unit_ += n;
    retired_ += n;
    return n;
}

// Blocks of a persistent grid that are all on their SMs: each leaves out the same number of its loops.
std::int64_t StreamProgram::skip_loops() {
    if (next_unit_ < plan_.units) { return 0; }
    const std::int64_t full = plan_.grid.tiles / plan_.grid.ctas;  // loops of every block
    std::int64_t furthest = 0, active = 0;
    for (const Lane& lane : lanes_) {
        furthest = std::max(furthest, lane.count > 0 ? lane.loop : full);
        active += lane.count;
    }
    const std::int64_t n = full - furthest - static_cast<std::int64_t>(kTailWaves);
    if (n <= 0 || active != plan_.units) { return 0; }
    for (Lane& lane : lanes_) { lane.loop += lane.count > 0 ? n : 0; }
    return n * active;
}

void StreamProgram::account(double passes) {
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
            r.block = c.shared_bytes > 0 ? std::min((whole - 1) / c.shared_bytes, c.blocks - 1) : c.next++ % c.blocks;
            units_.memory.account(r, 1, units_.wheel.now());
        }
    }
}

ProgramReport StreamProgram::report(const UnitUse& use) const {
    ProgramReport r;
    Time launching{};
    for (const Server& s : launchers_) { launching += s.busy(); }
    const Time elapsed = finish_ - scope_.begin;
    const double l2 = std::max({use.l2_slices, use.l2_link, use.sm_port});
    struct {
        Limiter limiter;
        double use;
    } const units[] = {{Limiter::hbm, use.hbm},
                       {Limiter::l2, l2},
                       {Limiter::cuda_core, use.cuda},
                       {Limiter::smem, use.smem},
                       {Limiter::launch, launching / elapsed / scope_.sms}};
    const auto* top = std::max_element(std::begin(units), std::end(units),
                                       [](const auto& a, const auto& b) { return a.use < b.use; });
    r.limiter = top->use < kLatencyBound ? Limiter::latency : top->limiter;
    r.clock_bound = std::clamp(1.0 - use.hbm, 0.0, 1.0);
    r.sms = static_cast<int>(std::min<std::int64_t>(scope_.sms, plan_.grid.ctas));
    r.waves = static_cast<int>(plan_.waves);
    const Time ramp = std::min(first_store_, finish_) - scope_.begin;
    const Time idle = std::max(first_idle_, first_store_);
    const Time tail = idle < finish_ ? finish_ - idle : Time::zero();
    r.shares = {{"ramp", ramp}, {"stream", elapsed - ramp - tail + skipped_}, {"tail", tail}};
    return r;
}

std::unique_ptr<Program> make_stream_program(const KernelDesc& kernel, const RunScope& scope, Units& units) {
    return std::make_unique<StreamProgram>(std::get<StreamDesc>(kernel), scope, units);
}

}  // namespace tessera
