// Steady state and the answer of a GEMM program.
#include "models/sm/gemm_program.hpp"

#include <algorithm>
#include <map>

namespace tessera {

namespace {

constexpr std::int64_t window = 2;      // waves whose duration is compared
constexpr std::int64_t least_gain = 4;  // waves that must be left to skip
constexpr std::int64_t tail_waves = 2;  // simulated at the end
constexpr double tolerance = 0.002;     // of two windows' durations

}  // namespace

void GemmProgram::watch_period(const Worker& w, Time /*now*/) {
    if (scope_.exact || skip_from_ >= 0) { return; }
    wave_starts_.push_back(w.ready);
    Spent sum;
    for (const Worker& x : workers_) { sum += x.spent; }
    wave_spent_.push_back(sum);
    const auto n = static_cast<std::int64_t>(wave_starts_.size());
    if (n < 2 * window + 2) { return; }
    const auto start = [&](std::int64_t i) { return wave_starts_[static_cast<std::size_t>(i)]; };
    const Time last = start(n - 1) - start(n - 1 - window);
    const Time before = start(n - 1 - window) - start(n - 1 - 2 * window);
    if (std::abs(last / before - 1.0) > tolerance) { return; }
    const auto step = static_cast<std::int64_t>(workers_.size());
    std::int64_t furthest = 0;
    for (const Worker& x : workers_) { furthest = std::max(furthest, x.fill.iteration); }
    const std::int64_t from = (furthest / step + 1) * step;
    const std::int64_t waves = (schedule_.count() - from) / step - tail_waves;
    if (waves < least_gain) { return; }
    for (std::int64_t i = from; i < from + waves * step; ++i) {
        if (schedule_.tile(i).kblocks != w.use.tile.kblocks) { return; }  // groups of different depth
    }
    skip_from_ = from;
    skip_by_ = waves * step;
    const Spent& a = wave_spent_[static_cast<std::size_t>(n - 1 - window)];
    const double scale = static_cast<double>(waves) / window;
    skipped_ = last * scale;
    skipped_spent_.tensor = (sum.tensor - a.tensor) * scale;
    skipped_spent_.promotion = (sum.promotion - a.promotion) * scale;
    skipped_spent_.wait = (sum.wait - a.wait) * scale;
    skipped_spent_.epilogue = (sum.epilogue - a.epilogue) * scale;
    for (std::int64_t i = 0; i < waves; ++i) { account_wave(from + i * step, units_.wheel.now()); }
}

// A wave's accesses without time: each distinct row and column panel once, with the number of its readers.
void GemmProgram::account_wave(std::int64_t first, Time now) {
    struct Panel {
        ClusterTile tile;
        int part = 0, readers = 0;
    };
    std::map<std::pair<int, std::int64_t>, Panel> rows, columns;
    const auto step = static_cast<std::int64_t>(workers_.size());
    const Worker& w = workers_.front();
    std::int64_t kblocks = 0;
    for (std::int64_t i = first; i < first + step; ++i) {
        const ClusterTile t = schedule_.tile(i);
        kblocks = t.kblocks;
        for (int p = 0; p < (t.a_shared() ? 1 : t.tiles); ++p) {
            Panel& panel = rows[{t.group, t.a_row_tile + t.down(p)}];
            panel = {t, p, panel.readers + 1};
        }
        for (int p = 0; p < (t.b_shared() ? 1 : t.tiles); ++p) {
            Panel& panel = columns[{t.group, t.n_tile + t.right(p)}];
            panel = {t, p, panel.readers + 1};
        }
        for (int p = 0; p < t.tiles; ++p) { units_.memory.account(d_request(w, t, p), 1, now); }
    }
    for (std::int64_t kb = 0; kb < kblocks; ++kb) {
        for (const auto& [key, p] : rows) { units_.memory.account(a_request(w, p.tile, kb, p.part), p.readers, now); }
        for (const auto& [key, p] : columns) {
            units_.memory.account(b_request(w, p.tile, kb, p.part), p.readers, now);
        }
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
        kblocks += static_cast<double>(t.kblocks * t.tiles);
        tiles += t.tiles;
        tensor_cycles +=
            (static_cast<double>(t.kblocks - 1) * plan_.full.tensor + cycles_of(t, t.kblocks - 1).tensor) * t.tiles;
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
