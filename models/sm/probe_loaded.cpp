// Latency of HBM while other SMs stream from it.
#include "models/sm/probe_program.hpp"
#include "models/sm/probe_programs.hpp"
#include "models/sm/warp_loads.hpp"
#include "sim/base/error.hpp"

namespace tessera {
namespace {

constexpr std::int64_t kStreamed = std::int64_t{256} << 20;  // far beyond the L2: it looks the same however long it is
constexpr std::int64_t kJump = 7919;                         // lines between two of a chase: odd, looks random
constexpr double kSettled = 20000;                           // cycles before the chase begins

class LoadedChaseProgram : public ProbeProgram {
public:
    LoadedChaseProgram(const LoadedChase& loop, const RunScope& scope, Units& units)
        : ProbeProgram(scope, units), loop_(loop), turns_(static_cast<std::size_t>(loop.loaders * loop.warps)) {}

    void start() override {
        chain_ = map(loop_.lines, loop_.stride);
        streamed_ = map(kStreamed / loop_.batch, loop_.batch);
        for (std::size_t w = 0; w < turns_.size(); ++w) { begin_actor(w); }
        begin_actor(turns_.size());
    }

    void on_event(Time now, std::uint64_t token) override {
        if (token < turns_.size()) { return load(token, now); }
        units_.wheel.watchdog().progress();
        if (!waited_) {
            waited_ = true;
            begun_ = loop_.loaders > 0 ? now + cycles(kSettled) : now;
            return wake(token, begun_);
        }
        if (hops_ == loop_.hops) {
            chased_ = now;
            over_ = true;
            return end_actor(now);
        }
        const std::int64_t line = hops_++ * kJump % loop_.lines;
        wake(token, ask(0, chain_, line, units_.config.l2.line, now));
    }

    Time finish() const override { return scope_.begin + (chased_ - begun_); }

private:
    RegionId map(std::int64_t blocks, std::int64_t size) {
        MemoryRegion r;
        r.blocks = blocks;
        r.block_bytes = bytes(size);
        return units_.memory.map(r);
    }
    Time ask(int sm, RegionId region, std::int64_t block, Bytes amount, Time now) {
        MemoryRequest q;
        q.sm = sm;
        q.region = region;
        q.block = block;
        q.bytes = amount;
        return units_.memory.access(q, now).done;
    }
    // Loaders are every n-th of the SMs beside the one that chases; their warps deal the region to each other in turn.
    void load(std::uint64_t warp, Time now) {
        if (over_) { return end_actor(now); }
        const std::int64_t loader = static_cast<std::int64_t>(warp) / loop_.warps, others = units_.config.sm.count - 1;
        const int sm = static_cast<int>(1 + loader * others / loop_.loaders);
        const auto turn = static_cast<std::int64_t>(turns_[warp]++);
        const std::int64_t place = turn * static_cast<std::int64_t>(turns_.size()) + static_cast<std::int64_t>(warp);
        const Time there = ask(sm, streamed_, place % (kStreamed / loop_.batch), bytes(loop_.batch), now);
        constexpr double kWarpLoad = 512;  // bytes
        wake(warp, there + cycles(slowest_load_cycles(static_cast<double>(loop_.batch) / kWarpLoad) + warp_turn_cycles +
                                  loop_.delay));
    }

    LoadedChase loop_;
    RegionId chain_ = 0, streamed_ = 0;
    std::vector<std::int64_t> turns_;  // of each loader's warps
    std::int64_t hops_ = 0;
    bool waited_ = false, over_ = false;
    Time begun_{}, chased_{};
};

}  // namespace

std::unique_ptr<Program> make_probe(const LoadedChase& loop, const RunScope& scope, Units& units) {
    const bool whole = loop.loaders >= 0 && loop.loaders < units.config.sm.count && loop.warps > 0 && loop.hops > 0 &&
                       loop.batch > 0 && loop.batch <= kStreamed && loop.lines > 0 && loop.delay >= 0 &&
                       loop.stride >= units.config.l2.line.raw();
    if (!whole) { throw ModelError("a chase beside loads needs lines, hops, and an SM that does not load"); }
    return std::make_unique<LoadedChaseProgram>(loop, scope, units);
}

}  // namespace tessera
