#include "models/sm/attention_program.hpp"

#include <algorithm>

namespace tessera {
namespace {

// Steps per event: loads and MMAs are requested in chunks of so many steps; residency in L2 is tracked per chunk.
// Shares of a split decode are short: smaller chunks.
constexpr std::int64_t kChunk = 8, kDecodeChunk = 4;
constexpr double kMemoryBound = 0.85;  // a memory unit busier than this limits

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

double warm_share(const std::vector<Operand>& operands) {
    double held = 0, total = 0;
    for (const Operand& o : operands) {
        total += to_double(o.size());
        held += to_double(o.size()) * (o.cast_by_memory ? 0.0 : o.l2_resident);
    }
    return total > 0 ? held / total : 0.0;
}

}  // namespace

AttentionProgram::AttentionProgram(const AttentionDesc& desc, const RunScope& scope, Units& units)
    : desc_(desc),
      scope_(scope),
      units_(units),
      plan_(plan_attention(desc, units.config, scope.sms)),
      chunk_(desc.pass == AttentionPass::decode ? kDecodeChunk : kChunk) {
    sms_.resize(static_cast<std::size_t>(scope.sms));
    finish_ = first_idle_ = scope.begin;
}

bool AttentionProgram::persistent() const {
    return desc_.max_ctas > 0 && desc_.max_ctas < plan_.tiles.back().block + 1;
}

void AttentionProgram::start() {
    const auto tiles = static_cast<std::int64_t>(plan_.tiles.size());
    const double warm = warm_share(desc_.reads);
    chunks_per_stream_ = ceil_div(plan_.steps_per_stream, chunk_);
    MemoryRegion r;
    r.l2_resident = warm;
    r.blocks = plan_.owned_blocks;
    r.block_bytes = plan_.stationary;
    owned_ = units_.memory.map(r);
    r.blocks = plan_.streams * chunks_per_stream_;
    r.block_bytes = plan_.streamed * static_cast<double>(chunk_);
    streamed_ = units_.memory.map(r);
    r.l2_resident = 0;
    r.blocks = tiles;
    r.block_bytes = std::max(plan_.output, plan_.partial_output);
    output_ = units_.memory.map(r);
    if (plan_.reduced > bytes(0)) {
        r.blocks = plan_.streams * chunks_per_stream_;
        r.block_bytes = plan_.reduced * static_cast<double>(chunk_);
        sums_ = units_.memory.map(r);
    }
    const std::size_t used =
        persistent() ? std::min<std::size_t>(sms_.size(), static_cast<std::size_t>(desc_.max_ctas)) : sms_.size();
    for (std::size_t sm = 0; sm < used; ++sm) {
        units_.wheel.at(scope_.begin, *this, sm, static_cast<std::uint32_t>(sm));
    }
}

std::string AttentionProgram::waiting() const {
    return "attention kernel: " + std::to_string(finished_) + " of " + std::to_string(plan_.tiles.size()) +
           " tiles are done, " + std::to_string(plan_.tiles.size() - next_tile_) + " were not handed out";
}

std::int64_t AttentionProgram::chunk_steps(const AttentionTile& t, std::int64_t step) const {
    const std::int64_t at = t.first + step;
    return std::min(t.steps - step, chunk_ - at % chunk_);
}

// First instruction of the next tile on this SM. A block with more tiles, and a persistent one, goes on at once.
Time AttentionProgram::take(Sm& s, Time now) {
    s.step = 0;
    s.phase = Phase::begin;
    if (s.tile + 1 < s.block_end) {
        ++s.tile;
        return now;
    }
    const bool turnover = s.launched && !persistent();
    s.launched = true;
    s.tile = next_tile_;
    const std::int64_t block = plan_.tiles[s.tile].block;
    while (next_tile_ < plan_.tiles.size() && plan_.tiles[next_tile_].block == block) { ++next_tile_; }
    s.block_end = next_tile_;
    return turnover ? now + scope_.clock.time(units_.config.sm.cta_launch) : now;
}

void AttentionProgram::load_owned(int sm, Sm& s, Time now) {
    TmaCopy copy;
    copy.memory.sm = sm;
    copy.memory.region = owned_;
    copy.memory.block = plan_.tiles[s.tile].owned;
    copy.memory.bytes = plan_.stationary;
    s.owned = units_.tma.load(copy, now).done;
}

// `first`: compute may start when the first step's share is there.
Time AttentionProgram::load_chunk(int sm, const AttentionTile& t, std::int64_t step, Time now, bool first) {
    const std::int64_t steps = chunk_steps(t, step);
    TmaCopy copy;
    copy.memory.sm = sm;
    copy.memory.region = streamed_;
    copy.memory.block = t.stream * chunks_per_stream_ + (t.first + step) / chunk_;
    copy.memory.bytes = plan_.streamed * static_cast<double>(steps);
    const Time done = units_.tma.load(copy, now).done;
    if (!first) { return done; }
    const Time rest = scope_.clock.time(plan_.streamed * static_cast<double>(steps - 1), units_.config.tma.bandwidth);
    return max(now, done - rest);
}

Time AttentionProgram::run_chunk(int sm, Sm& s, Time now) {
    const AttentionTile& t = plan_.tiles[s.tile];
    const std::int64_t steps = chunk_steps(t, s.step);
    const double n = static_cast<double>(steps);
    // Masked steps are the last ones of a forward tile and the first ones of a backward tile.
    const std::int64_t from = desc_.pass == AttentionPass::forward ? t.steps - t.masked : 0;
    const std::int64_t masked =
        std::max<std::int64_t>(0, std::min(s.step + steps, from + t.masked) - std::max(s.step, from));
    double exposed = plan_.exposed_cycles * n + plan_.masked_cycles * static_cast<double>(masked);
    if (s.step == 0) { exposed += plan_.fill_cycles; }

    const std::int64_t next = s.step + steps;
    if (next < t.steps) { s.loaded = load_chunk(sm, t, next, now, false); }
    Time end = now;
    for (MmaShape shape : plan_.mmas) {
        shape.k *= steps;
        end = max(end, units_.tensor.mma(sm, shape, now));
    }
    if (plan_.reload_exposed) {
        const L2Config& l2 = units_.config.l2;
        const Cycles transfer = plan_.streamed / l2.sm_port_read;
        const Cycles latency = l2.latency_far + units_.config.tma.latency_overhead;
        exposed += (transfer + latency).raw() * n;
    }
    end += scope_.clock.time(exposed);
    CudaWork work = plan_.work;
    work.alu *= n;
    work.sfu *= n;
    work.convert *= n;
    end = max(end, units_.cuda.issue(sm, work, now));
    if (plan_.smem > bytes(0)) { units_.smem.count(sm, plan_.smem * n); }
    if (plan_.reduced > bytes(0)) {
        TmaCopy copy;
        copy.memory.sm = sm;
        copy.memory.op = MemoryOp::reduce;
        copy.memory.region = sums_;
        copy.memory.block = t.stream * chunks_per_stream_ + (t.first + s.step) / chunk_;
        copy.memory.bytes = plan_.reduced * n;
        // The staging buffer of the sums must be free again before the chunk after this one ends.
        end = max(end, s.reduced);
        s.reduced = units_.tma.store(copy, now).source_free;
        finish_ = max(finish_, s.reduced);
    }
    s.step = next;
    return end;
}

Time AttentionProgram::drain(int sm, Sm& s, Time now) {
    TmaCopy copy;
    copy.memory.sm = sm;
    copy.memory.op = MemoryOp::write;
    copy.memory.region = output_;
    copy.memory.block = static_cast<std::int64_t>(s.tile);
    copy.memory.bytes = plan_.tiles[s.tile].whole ? plan_.output : plan_.partial_output;
    const TmaReply stored = units_.tma.store(copy, now);
    finish_ = max(finish_, max(stored.done, s.reduced));
    ++finished_;
    // A persistent block goes on beside its store; any other leaves its SM when the store has read shared memory.
    return persistent() && !plan_.output_in_way ? now : stored.source_free;
}

void AttentionProgram::on_event(Time now, std::uint64_t token) {
    units_.wheel.watchdog().progress();
    const int sm = static_cast<int>(token);
    Sm& s = sms_[token];
    Time next = now;
    switch (s.phase) {
        case Phase::take:
            if (s.tile + 1 >= s.block_end && next_tile_ >= plan_.tiles.size()) {
                if (first_idle_ == scope_.begin) { first_idle_ = now; }
                return;
            }
            next = take(s, now);
            break;
        case Phase::begin:
            load_owned(sm, s, now);
            s.loaded = load_chunk(sm, plan_.tiles[s.tile], 0, now, true);
            next = max(s.owned, s.loaded);
            s.phase = Phase::chunk;
            break;
        case Phase::chunk:
            next = max(run_chunk(sm, s, now), s.loaded);
            if (s.step >= plan_.tiles[s.tile].steps) {
                next += scope_.clock.time(plan_.drain_cycles);
                s.phase = Phase::drain;
            }
            break;
        case Phase::drain:
            next = drain(sm, s, now);
            s.phase = Phase::take;
            break;
    }
    units_.wheel.at(next, *this, token, static_cast<std::uint32_t>(token));
}

ProgramReport AttentionProgram::report(const UnitUse& use) const {
    ProgramReport r;
    const double memory = std::max({use.hbm, use.l2_slices, use.l2_link, use.sm_port});
    r.limiter = Limiter::tensor_core;
    if (memory > std::max(use.tensor, kMemoryBound)) { r.limiter = use.hbm == memory ? Limiter::hbm : Limiter::l2; }
    double macs = 0;
    for (const MmaShape& s : plan_.mmas) {
        macs += static_cast<double>(s.m) * static_cast<double>(s.n) * static_cast<double>(s.k);
    }
    std::int64_t steps = 0;
    for (const AttentionTile& t : plan_.tiles) { steps += t.steps; }
    r.tensor_flops = flops(2.0 * macs * static_cast<double>(steps));
    r.clock_bound = r.limiter == Limiter::hbm ? 1.0 - use.hbm : 1.0;
    const std::int64_t blocks = plan_.tiles.back().block + 1;
    r.sms = static_cast<int>(std::min<std::int64_t>(scope_.sms, blocks));
    r.waves = static_cast<int>(ceil_div(blocks, scope_.sms));
    const Time idle = first_idle_ > scope_.begin ? min(first_idle_, finish_) : finish_;
    r.shares = {{"main loop", idle - scope_.begin}, {"tail", finish_ - idle}};
    return r;
}

std::unique_ptr<Program> make_attention_program(const KernelDesc& kernel, const RunScope& scope, Units& units) {
    return std::make_unique<AttentionProgram>(std::get<AttentionDesc>(kernel), scope, units);
}

}  // namespace tessera
