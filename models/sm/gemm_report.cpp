// Steady state and the answer of a GEMM program.
#include "models/sm/gemm_program.hpp"

#include <algorithm>
#include <map>

namespace tessera {

namespace {

constexpr std::size_t window = 2;       // waves whose duration is compared
constexpr std::int64_t least_gain = 4;  // waves that must be left to skip
constexpr std::int64_t tail_waves = 2;  // simulated at the end
constexpr double tolerance = 0.002;     // of two windows' durations

}  // namespace

// Called at each start of a tile of worker 0. Two windows of waves that took equally long, with queues that do not
// fill any further, are a steady state: the waves that follow take as long, up to the first that would fetch more from
// HBM than those did (the next band of tiles), which is simulated again.
void GemmProgram::watch_period(const Worker& w, Time now) {
    if (scope_.exact) { return; }
    if (skip_from_ >= 0) {
        for (const Worker& x : workers_) {
            if (x.use.valid && x.use.iteration < skip_from_ + skip_by_) { return; }
        }
        skip_from_ = -1;
        wave_starts_.clear();
        wave_spent_.clear();
        wave_backlog_.clear();
        wave_fetched_.clear();
    }
    Spent sum;
    for (const Worker& x : workers_) { sum += x.spent; }
    wave_starts_.push_back(w.ready);
    wave_spent_.push_back(sum);
    wave_backlog_.push_back(settled_ - w.ready);
    wave_fetched_.push_back(fetched_);
    if (!steady()) { return; }
    const auto step = static_cast<std::int64_t>(workers_.size());
    std::int64_t furthest = 0;
    for (const Worker& x : workers_) { furthest = std::max(furthest, x.fill.iteration); }
    const std::int64_t from = (furthest / step + 1) * step;
    const Time last = wave_starts_.back() - wave_starts_[wave_starts_.size() - 1 - window];
    const std::int64_t waves = skippable(from, last / window);
    if (waves < least_gain) { return; }
    for (std::int64_t i = 0; i < waves; ++i) { account_wave(from + i * step, wave_at(from + i * step), now); }
    skip_from_ = from;
    skip_by_ = waves * step;
    const Spent& before = wave_spent_[wave_spent_.size() - 1 - window];
    const double scale = static_cast<double>(waves) / window;
    skipped_ += last * scale;
    Spent skipped;
    skipped.tensor = (sum.tensor - before.tensor) * scale;
    skipped.promotion = (sum.promotion - before.promotion) * scale;
    skipped.wait = (sum.wait - before.wait) * scale;
    skipped.epilogue = (sum.epilogue - before.epilogue) * scale;
    skipped_spent_ += skipped;
}

bool GemmProgram::steady() const {
    const std::size_t n = wave_starts_.size();
    if (n < 2 * window + 2) { return false; }
    const Time last = wave_starts_[n - 1] - wave_starts_[n - 1 - window];
    const Time before = wave_starts_[n - 1 - window] - wave_starts_[n - 1 - 2 * window];
    if (std::abs(last / before - 1.0) > tolerance) { return false; }
    return (wave_backlog_[n - 1] - wave_backlog_[n - 1 - window]) / last <= tolerance;
}

// Waves from cluster tile `from` on that are like the last window: same depth, no more misses. Misses are counted
// against what is resident now; a panel that an earlier skipped wave brings in counts once more, on the safe side.
std::int64_t GemmProgram::skippable(std::int64_t from, Time period) {
    const auto step = static_cast<std::int64_t>(workers_.size());
    const std::size_t n = wave_fetched_.size();
    const Bytes usual = (wave_fetched_[n - 1] - wave_fetched_[n - 1 - window]) / window;
    const Bytes negligible =
        bytes(static_cast<std::int64_t>(units_.config.hbm.peak.raw() * to_seconds(period) * tolerance));
    const std::int64_t depth = schedule_.tile(from < schedule_.count() ? from : 0).kblocks;
    const std::int64_t most = (schedule_.count() - from) / step - tail_waves;
    for (std::int64_t i = 0; i < most; ++i) {
        const Wave wave = wave_at(from + i * step);
        for (const Panel& p : wave.rows) {
            if (p.tile.kblocks != depth) { return i; }
        }
        if (missing(wave) > usual + negligible) { return i; }
    }
    return std::max<std::int64_t>(most, 0);
}

GemmProgram::Wave GemmProgram::wave_at(std::int64_t first) const {
    std::map<std::pair<int, std::int64_t>, Panel> rows, columns;
    const auto step = static_cast<std::int64_t>(workers_.size());
    for (std::int64_t i = first; i < first + step; ++i) {
        const ClusterTile t = schedule_.tile(i);
        for (int load = 0; load < t.a_loads(); ++load) {
            const int p = t.a_part(load);
            Panel& panel = rows[{t.group, t.a_row_tile + t.down(p)}];
            panel = {t, p, panel.readers + 1};
        }
        for (int load = 0; load < t.b_loads(); ++load) {
            const int p = t.b_part(load);
            Panel& panel = columns[{t.group, t.n_tile + t.right(p)}];
            panel = {t, p, panel.readers + 1};
        }
    }
    Wave wave;
    for (const auto& [key, panel] : rows) { wave.rows.push_back(panel); }
    for (const auto& [key, panel] : columns) { wave.columns.push_back(panel); }
    return wave;
}

Bytes GemmProgram::missing(const Wave& wave) const {
    const Worker& w = workers_.front();
    Bytes sum{};
    const auto add = [&](const MemoryRequest& q) {
        if (!units_.memory.resident(q.region, q.block)) { sum += q.bytes; }
    };
    for (const Panel& p : wave.rows) {
        for (std::int64_t kb = 0; kb < p.tile.kblocks; ++kb) { add(a_request(w, p.tile, kb, p.part)); }
    }
    for (const Panel& p : wave.columns) {
        for (std::int64_t kb = 0; kb < p.tile.kblocks; ++kb) { add(b_request(w, p.tile, kb, p.part)); }
    }
    return sum;
}

// A wave's accesses without time: each panel once, with the number of its readers.
void GemmProgram::account_wave(std::int64_t first, const Wave& wave, Time now) {
    const Worker& w = workers_.front();
    for (std::int64_t kb = 0; kb < wave.rows.front().tile.kblocks; ++kb) {
        for (const Panel& p : wave.rows) { units_.memory.account(a_request(w, p.tile, kb, p.part), p.readers, now); }
        for (const Panel& p : wave.columns) { units_.memory.account(b_request(w, p.tile, kb, p.part), p.readers, now); }
    }
    const auto step = static_cast<std::int64_t>(workers_.size());
    for (std::int64_t i = first; i < first + step; ++i) {
        const ClusterTile t = schedule_.tile(i);
        for (int p = 0; p < t.tiles(); ++p) { units_.memory.account(d_request(w, t, p), 1, now); }
    }
}

Limiter GemmProgram::memory_limiter(const UnitUse& use) const {
    constexpr double busy = 0.6;  // a unit less busy than this does not limit: its latency does
    const double l2 = std::max({use.l2_slices, use.l2_link, use.sm_port});
    if (std::max({use.hbm, l2, use.tma}) < busy) { return Limiter::latency; }
    if (use.hbm >= l2 && use.hbm >= use.tma) { return Limiter::hbm; }
    return l2 >= use.tma ? Limiter::l2 : Limiter::tma;
}

ProgramReport GemmProgram::report(const UnitUse& use) const {
    ProgramReport r;
    Spent total = skipped_spent_;
    for (const Worker& w : workers_) { total += w.spent; }
    const auto n = static_cast<double>(workers_.size());
    const Time elapsed = finish() - scope_.begin + skipped_;
    double kblocks = 0, tiles = 0, tensor_cycles = 0;
    for (std::int64_t i = 0; i < schedule_.count(); ++i) {
        const ClusterTile t = schedule_.tile(i);
        kblocks += static_cast<double>(t.kblocks * t.tiles());
        tiles += t.tiles();
        tensor_cycles +=
            (static_cast<double>(t.kblocks - 1) * plan_.full.tensor + cycles_of(t, t.kblocks - 1).tensor) * t.tiles();
    }
    r.sms = static_cast<int>(workers_.size()) * plan_.cluster;
    r.waves = static_cast<int>((schedule_.count() + static_cast<std::int64_t>(workers_.size()) - 1) /
                               static_cast<std::int64_t>(workers_.size()));
    r.tensor_flops = gemm_.flops();
    r.tensor_busy = scope_.clock.time(tensor_cycles / r.sms);
    r.cuda_ops = kblocks * plan_.cuda_ops_per_kblock + tiles * plan_.cuda_ops_epilogue;
    r.cuda_busy = scope_.clock.time(r.cuda_ops / units_.config.sm.cuda.fp32_lanes / r.sms);
    r.smem = plan_.smem_per_kblock * kblocks + plan_.d_bytes * (2 * tiles);
    const Limiter memory = memory_limiter(use);
    const Time prologue = total.prologue / n, tensor = total.tensor / n, promotion = total.promotion / n,
               wait = total.wait / n, epilogue = total.epilogue / n;
    const Time rest = elapsed - (prologue + tensor + promotion + wait + epilogue);
    r.shares = {{"prologue", prologue},   {"main loop, tensor", tensor},
                {"promotion", promotion}, {"main loop, " + std::string(to_string(memory)), wait},
                {"epilogue", epilogue},   {"tail", rest}};
    r.limiter = Limiter::tensor_core;
    if (promotion > tensor) { r.limiter = Limiter::cuda_core; }
    if (wait + prologue > max(tensor, promotion)) { r.limiter = memory; }
    r.clock_bound = memory == Limiter::hbm ? 1.0 - wait / elapsed : 1.0;
    return r;
}

}  // namespace tessera
