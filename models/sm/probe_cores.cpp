// Loops on the CUDA cores and on shared memory of one SM.
#include "models/if/server.hpp"
#include "models/sm/probe_program.hpp"
#include "models/sm/probe_programs.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <deque>

namespace tessera {
namespace {

constexpr int kWarp = 32;
constexpr std::size_t kSubPartitions = 4;  // of an SM, each with a warp scheduler and a queue to shared memory
// Loop of F.shared_bandwidth: counter, branch and the accumulators that take the data (ld.shared.v2, 4 warps: 171.3
// cycles an iteration less 128 of the port less the latency).
constexpr double kSmemLoopInstructions = 20;

class CudaLoopProgram : public ProbeProgram {
public:
    CudaLoopProgram(const CudaLoop& loop, const RunScope& scope, Units& units)
        : ProbeProgram(scope, units), loop_(loop), warps_(static_cast<std::size_t>(loop.warps)) {
        const double per = static_cast<double>(kWarp) / loop.segments;
        work_.alu = loop.fp32 * per;
        work_.half = loop.half * per;
        work_.fused = loop.fused * per;
        work_.convert = loop.convert * per;
        work_.sfu = loop.sfu * per;
        work_.shuffle = loop.shuffle * per;
        const SmConfig& sm = units.config.sm;
        const double chain = loop.chain * sm.cuda.dependent_issue.raw() +
                             loop.shuffle_chain * sm.cuda.shuffle_latency.raw() +
                             loop.smem_reads * sm.smem.latency.raw();
        chain_ = cycles(chain / loop.segments);
    }
    void start() override {
        for (std::size_t w = 0; w < warps_.size(); ++w) { begin_actor(w); }
    }
    void on_event(Time now, std::uint64_t token) override {
        if (warps_[token]++ == loop_.iterations * loop_.segments) { return end_actor(now); }
        wake(token, max(units_.cuda.issue(0, work_, now), now + chain_));
    }

private:
    CudaLoop loop_;
    CudaWork work_;
    Time chain_{};
    std::vector<int> warps_;  // segments done
};

// A sub-partition serves its oldest ready warp until that warp has to wait.
class SmemLoopProgram : public ProbeProgram {
public:
    SmemLoopProgram(const SmemLoop& loop, const RunScope& scope, Units& units)
        : ProbeProgram(scope, units), loop_(loop), schedulers_(kSubPartitions) {}

    void start() override {
        for (int w = 0; w < loop_.warps; ++w) {
            schedulers_[static_cast<std::size_t>(w) % kSubPartitions].queue.push_back({scope_.begin, 0});
        }
        for (std::size_t s = 0; s < schedulers_.size(); ++s) {
            if (!schedulers_[s].queue.empty()) { begin_actor(s); }
        }
    }

    void on_event(Time now, std::uint64_t token) override {
        Scheduler& s = schedulers_[token];
        if (s.queue.empty()) { return end_actor(max(now, s.last)); }
        Warp& w = s.queue.front();
        if (w.ready > now) { return wake(token, w.ready); }
        const Time latency = cycles(units_.config.sm.smem.latency.raw());
        const Time done = units_.smem.access(0, bytes(loop_.warp_bytes), 1.0, now);
        // A sub-partition's own path is a quarter of the port.
        const double path = units_.config.sm.smem.bandwidth.raw() / kSubPartitions;
        const Time taken = max(done - latency, now + cycles(static_cast<double>(loop_.warp_bytes) / path));
        if (++s.issued < loop_.accesses) { return wake(token, taken); }
        s.issued = 0;
        Warp next = w;
        s.queue.pop_front();
        next.ready = taken + cycles(kSmemLoopInstructions) + (loop_.waits ? latency : Time::zero());
        s.last = max(s.last, next.ready);
        if (++next.iterations < loop_.iterations) { s.queue.push_back(next); }
        wake(token, taken);
    }

private:
    struct Warp {
        Time ready{};
        int iterations = 0;
    };
    struct Scheduler {
        std::deque<Warp> queue;
        int issued = 0;
        Time last{};
    };
    SmemLoop loop_;
    std::vector<Scheduler> schedulers_;
};

// Blocks of one SM: the scheduler starts one after another in slots that become free.
class BlockLoopProgram : public ProbeProgram {
public:
    BlockLoopProgram(const BlockLoop& loop, const RunScope& scope, Units& units)
        : ProbeProgram(scope, units), loop_(loop) {}
    void start() override {
        starts_.reset(scope_.begin);
        for (int slot = 0; slot < loop_.resident; ++slot) { begin_actor(static_cast<std::uint64_t>(slot)); }
    }
    void on_event(Time now, std::uint64_t token) override {
        if (started_ == loop_.blocks) { return end_actor(now); }
        ++started_;
        const SmConfig& sm = units_.config.sm;
        const Time turn = cycles(sm.sync.cta_turn.raw() + sm.sync.cta_turn_warp.raw() * loop_.warps);
        const Time given = starts_.serve(now, cycles(sm.cta_launch_interval.raw()));
        wake(token, max(given, now + turn));
    }

private:
    BlockLoop loop_;
    Server starts_;
    int started_ = 0;
};

}  // namespace

std::unique_ptr<Program> make_probe(const CudaLoop& loop, const RunScope& scope, Units& units) {
    const bool whole =
        loop.warps > 0 && loop.warps * kWarp <= units.config.sm.max_threads && loop.iterations > 0 && loop.segments > 0;
    if (!whole) { throw ModelError("a loop on the CUDA cores needs warps that fit an SM, and iterations"); }
    return std::make_unique<CudaLoopProgram>(loop, scope, units);
}

std::unique_ptr<Program> make_probe(const SmemLoop& loop, const RunScope& scope, Units& units) {
    const bool whole = loop.warps > 0 && loop.warps * kWarp <= units.config.sm.max_threads && loop.iterations > 0 &&
                       loop.accesses > 0 && loop.warp_bytes > 0;
    if (!whole) { throw ModelError("a loop on shared memory needs warps that fit an SM, accesses and bytes"); }
    return std::make_unique<SmemLoopProgram>(loop, scope, units);
}

std::unique_ptr<Program> make_probe(const BlockLoop& loop, const RunScope& scope, Units& units) {
    const SmConfig& sm = units.config.sm;
    const bool whole = loop.warps > 0 && loop.blocks > 0 && loop.resident > 0 && loop.resident <= sm.max_ctas &&
                       loop.warps * kWarp * loop.resident <= sm.max_threads;
    if (!whole) { throw ModelError("blocks that an SM cannot hold"); }
    return std::make_unique<BlockLoopProgram>(loop, scope, units);
}

}  // namespace tessera
