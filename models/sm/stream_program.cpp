#include "models/sm/stream_program.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

constexpr double kLatencyBound = 0.5;   // no unit busier than this: the dependent chain limits
constexpr std::int64_t kTailLoops = 4;  // loops of a persistent grid that stay for the end of the kernel
// Issue distance of dependent instructions of one warp (micro F.alu dependent_cycles_per_op; F.quant_1x128 with two
// warps a scheduler issues one instruction per warp and 4 cycles).
constexpr double kDependentIssue = 4.26;

}  // namespace

StreamProgram::StreamProgram(const StreamDesc& desc, const RunScope& scope, Units& units)
    : desc_(desc),
      scope_(scope),
      units_(units),
      plan_(plan_stream(desc, units.config, scope.sms)),
      operands_(plan_, scope, units) {
    const std::size_t lanes = static_cast<std::size_t>(scope.sms) * static_cast<std::size_t>(plan_.lanes);
    lanes_.resize(lanes);
    launchers_.resize(static_cast<std::size_t>(scope.sms));
    for (Server& s : launchers_) { s.reset(scope.begin); }
    finish_ = first_store_ = first_idle_ = scope.begin;
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
    operands_.map();
    share_first_units();
    if (!scope_.exact && !operands_.reuse()) {
        const double wave = static_cast<double>(lanes_.size()) * static_cast<double>(plan_.units_per_lane);
        double bytes = 0;
        for (const StreamOperandPlan& o : plan_.operands) { bytes += o.bytes_per_unit; }
        const double fill = bytes > 0 ? to_double(units_.config.l2.capacity) / bytes : 0.0;
        steady_.emplace(wave, fill);
    }
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        lanes_[i].away = scope_.begin;
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
    const Time ready = first_wave ? now + units_.config.launch.spread * (sm_of(index) + 1.0) / scope_.sms
                                  : now + scope_.clock.time(sm.cta_launch);
    const Time last =
        launchers_[static_cast<std::size_t>(sm_of(index))].serve(ready, scope_.clock.time(interval * blocks));
    const Time mean = last - scope_.clock.time(interval * (blocks + (first_wave ? 1.0 : 0.0)) / 2.0);
    return max(mean, ready) + (first_wave ? scope_.clock.time(plan_.code_fetch_cycles) : Time::zero());
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
        done = max(done, operands_.request(i, sm_of(index), o.bytes_per_unit * tiles * share, now, accepted));
    }
    return done;
}

Time StreamProgram::compute(std::size_t index, Time now) {
    Lane& lane = lanes_[index];
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
    if (plan_.warp_cycles > 0) {
        end = now + shared_pass(index, now);
        lane.away = end;
    }
    const double threads = static_cast<double>(lane.count) * desc_.threads / plan_.parts;
    const double chain = plan_.warp_cycles > 0 ? 0.0 : (w.alu + w.convert + w.sfu) / threads * kDependentIssue;
    end = max(end, now + scope_.clock.time(chain));
    const bool meet = !plan_.meets_once || last_round(lane);
    return meet ? end + scope_.clock.time(plan_.sync_cycles) : end;
}

// Time of one round of a lane's blocks beside all others on the SM. While some load, store or start, fewer compute:
// that is waiting, too.
Time StreamProgram::shared_pass(std::size_t index, Time now) const {
    const Lane& lane = lanes_[index];
    std::int64_t held = 0;
    for (int i = 0; i < plan_.lanes; ++i) {
        held += lanes_[static_cast<std::size_t>(sm_of(index) * plan_.lanes + i)].count;
    }
    const double customers = static_cast<double>(held) / plan_.parts * plan_.customers_per_block;
    SmPass pass = plan_.pass;
    const double rounds = plan_.tile_wide ? 1.0 : plan_.rounds;
    pass.issue /= rounds;
    pass.data /= rounds;
    const double loading = (now - lane.away) / scope_.clock.time(1.0);
    pass.waiting = pass.waiting / rounds + loading;
    return scope_.clock.time(std::max(0.0, closed_network_cycles(customers, pass) - loading));
}

Time StreamProgram::store(std::size_t index, Time now, Time& accepted) {
    const Lane& lane = lanes_[index];
    const double tiles = tiles_in_hand(lane);
    Time done = now;
    for (std::size_t i = 0; i < plan_.operands.size(); ++i) {
        const StreamOperandPlan& o = plan_.operands[i];
        if (!o.write) { continue; }
        const double share = o.every_round ? 1.0 / plan_.rounds : 1.0;
        done = max(done, operands_.request(i, sm_of(index), o.bytes_per_unit * tiles * share, now, accepted));
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
            count(index, now);
            ++lane.loop;
            if (lane.loop < lane.loops) {
                lane.phase = desc_.dependent_loads > 0 ? Phase::fetch_index : Phase::load;
            } else {
                retired_ += lane.count;
                lane.count = 0;
                lane.phase = Phase::take;
            }
            break;
        case Phase::retired: throw InternalError("a retired lane of a stream kernel was woken");
    }
    units_.wheel.at(next, *this, index, static_cast<std::uint32_t>(index));
}

void StreamProgram::count(std::size_t index, Time now) {
    const double tiles = tiles_in_hand(lanes_[index]);
    passes_ += tiles;
    if (!steady_) { return; }
    const std::optional<double> rate = steady_->done(tiles, index, now);
    if (!rate) { return; }
    const double spare = steady_->skippable(static_cast<double>(plan_.grid.tiles) * plan_.parts - passes_);
    const std::int64_t skipped = plan_.grid.persistent ? skip_loops() : skip_units(static_cast<std::int64_t>(spare));
    if (skipped <= 0) { return; }
    operands_.account(static_cast<double>(skipped), now);
    passes_ += static_cast<double>(skipped);
    skipped_ = femtoseconds(std::llround(static_cast<double>(skipped) / *rate));
}

std::int64_t StreamProgram::skip_units(std::int64_t spare) {
    const std::int64_t n = std::min(spare, plan_.units - next_unit_);
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
    const std::int64_t n = full - furthest - kTailLoops;
    if (n <= 0 || active != plan_.units) { return 0; }
    for (Lane& lane : lanes_) { lane.loop += lane.count > 0 ? n : 0; }
    return n * active;
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
