// Atomics and fences of every SM.
#include "models/if/server.hpp"
#include "models/sm/probe_program.hpp"
#include "models/sm/probe_programs.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <deque>

namespace tessera {
namespace {

constexpr std::int64_t kWord = 4;
constexpr double kWarp = 32;
constexpr double kShuffleSteps = 5;  // over the 32 lanes of a warp
constexpr double kWarps = 16;        // of one SM

class AtomicLoopProgram : public ProbeProgram {
public:
    AtomicLoopProgram(const AtomicLoop& loop, const RunScope& scope, Units& units)
        : ProbeProgram(scope, units),
          loop_(loop),
          issued_(static_cast<std::size_t>(scope.sms)),
          flying_(static_cast<std::size_t>(scope.sms)) {
        word_.reset(scope.begin);
    }
    void start() override {
        MemoryRegion r;
        r.block_bytes = bytes(loop_.one_word ? kWord : loop_.warp_bytes);
        r.blocks = std::max<std::int64_t>(1, loop_.set_bytes / loop_.warp_bytes);
        r.run = bytes(loop_.run);
        r.l2_resident = 1.0;
        region_ = units_.memory.map(r);
        for (std::size_t sm = 0; sm < issued_.size(); ++sm) { begin_actor(sm); }
    }
    void on_event(Time now, std::uint64_t token) override {
        if (issued_[token]++ == loop_.iterations) { return end_actor(now); }
        wake(token, loop_.one_word ? one_word(now, token) : spread(now, token));
    }

private:
    // The warp's values are summed by shuffles; the word takes one sum after another from all SMs.
    Time one_word(Time now, std::uint64_t sm) {
        CudaWork w;
        w.shuffle = 2 * kWarp;  // redux moves two values where a shuffle moves one
        const Time summed = units_.cuda.issue(static_cast<int>(sm), w, now);
        const SystemConfig& c = units_.config;
        const Time taken = word_.serve(now, cycles(c.sm.sync.same_address.raw()));
        if (!loop_.returns) { return max(summed, taken); }
        // The leader's old value comes back, the lanes' shares are a prefix sum: five shuffles after the sum's five.
        const double load = (c.l2.latency_near.raw() + c.l2.latency_far.raw()) / 2;
        const double chain = load + 2 * kShuffleSteps * c.sm.cuda.shuffle_latency.raw();
        return max(taken, now + cycles(chain / kWarps));
    }
    Time spread(Time now, std::uint64_t sm) {
        MemoryRequest q;
        q.sm = static_cast<int>(sm);
        q.op = MemoryOp::reduce;
        q.region = region_;
        q.bytes = bytes(loop_.warp_bytes);
        // Any order that spreads over the set: multiplicative hashing of the turn.
        const std::uint64_t turn = sm * 7919 + static_cast<std::uint64_t>(issued_[sm]);
        const auto blocks = static_cast<std::uint64_t>(std::max<std::int64_t>(1, loop_.set_bytes / loop_.warp_bytes));
        q.block = static_cast<std::int64_t>(((turn * 0x9e3779b97f4a7c15ULL) >> 20) % blocks);
        const MemoryReply r = units_.memory.access(q, now);
        std::deque<Time>& flying = flying_[sm];
        flying.push_back(r.done);
        if (static_cast<int>(flying.size()) <= loop_.in_flight) { return r.accepted; }
        const Time oldest = flying.front();
        flying.pop_front();
        return max(r.accepted, oldest);
    }

    AtomicLoop loop_;
    RegionId region_ = 0;
    std::vector<int> issued_;
    std::vector<std::deque<Time>> flying_;  // ends of requests under way, by SM
    Server word_;
};

class FenceProgram : public ProbeProgram {
public:
    FenceProgram(const FenceLoop& loop, const RunScope& scope, Units& units)
        : ProbeProgram(scope, units), loop_(loop) {}
    void start() override {
        MemoryRegion r;
        r.blocks = scope_.sms;
        r.block_bytes = bytes(std::max<std::int64_t>(1, loop_.stored));
        r.l2_resident = 1.0;
        region_ = units_.memory.map(r);
        for (int sm = 0; sm < scope_.sms; ++sm) { begin_actor(static_cast<std::uint64_t>(sm)); }
    }
    // Stores that have not left the SM go first; a fence of system scope answers later, stores or none.
    void on_event(Time now, std::uint64_t token) override {
        const SyncConfig& s = units_.config.sm.sync;
        Time left = now;
        if (loop_.stored > 0) {
            MemoryRequest q;
            q.sm = static_cast<int>(token);
            q.op = MemoryOp::write;
            q.region = region_;
            q.block = static_cast<std::int64_t>(token);
            q.bytes = bytes(loop_.stored);
            const MemoryReply r = units_.memory.access(q, now);
            left = max(r.accepted, r.done - cycles(units_.config.l2.latency_near.raw()));
        }
        const Time on_gpu = left + cycles(s.fence_gpu.raw());
        switch (loop_.scope) {
            case FenceScope::block: return end_actor(now + cycles(s.fence_block.raw()));
            case FenceScope::gpu: return end_actor(on_gpu);
            case FenceScope::system: return end_actor(max(on_gpu, now + cycles(s.fence_system.raw())));
        }
    }

private:
    FenceLoop loop_;
    RegionId region_ = 0;
};

}  // namespace

std::unique_ptr<Program> make_probe(const AtomicLoop& loop, const RunScope& scope, Units& units) {
    if (loop.warp_bytes <= 0 || loop.iterations <= 0 || loop.set_bytes < loop.warp_bytes) {
        throw ModelError("a loop of atomics needs bytes and iterations");
    }
    return std::make_unique<AtomicLoopProgram>(loop, scope, units);
}

std::unique_ptr<Program> make_probe(const FenceLoop& loop, const RunScope& scope, Units& units) {
    if (loop.stored < 0) { throw ModelError("a fence after a negative number of bytes"); }
    return std::make_unique<FenceProgram>(loop, scope, units);
}

}  // namespace tessera
