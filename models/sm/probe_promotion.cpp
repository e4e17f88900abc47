// The k-block loop of one SM with promotion. Two warpgroups' wgmmas interleave on the Tensor Cores step by step, so
// both run at half speed; a third waits until one of them has finished. H200 micro E.promotion: two warpgroups that
// start together stay together, 706 cycles for 512 of MMA; handed from one to the other they run 91 cycles apart and
// take 619; three are served without a gap, 771 for 768.
#include "models/sm/probe_program.hpp"
#include "models/sm/probe_programs.hpp"
#include "models/sm/sync_costs.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {
namespace {

constexpr std::size_t kInterleaved = 2;  // warpgroups whose wgmmas share the Tensor Cores
constexpr double kWarpsOfTwo = 8;        // that meet at the named barrier of a hand-over
constexpr int kDrained = 8;              // k-blocks between two drains of the double-buffered loop (sec_e.cu)

// Work shared evenly by those who are in, in the order of their arrival.
class Shared {
public:
    void enter(std::size_t who, Time now, double work) {
        settle(now);
        waiting_.push_back({who, work});
        admit();
    }
    // When the next one finishes if nobody else comes; Time::max() if nobody is in.
    Time next() const {
        double least = 1e300;
        for (const Share& s : in_) { least = std::min(least, s.left); }
        return in_.empty() ? Time::max() : at_ + femtoseconds(static_cast<std::int64_t>(least * fs_ * size() + 0.5));
    }
    // Who has finished by `now`, in order of arrival.
    std::vector<std::size_t> leave(Time now) {
        settle(now);
        std::vector<std::size_t> done;
        for (std::size_t i = 0; i < in_.size();) {
            if (in_[i].left > kRest) {
                ++i;
                continue;
            }
            done.push_back(in_[i].who);
            in_.erase(in_.begin() + static_cast<std::ptrdiff_t>(i));
        }
        admit();
        return done;
    }
    void reset(Time now, double fs_per_cycle) {
        at_ = now;
        fs_ = fs_per_cycle;
    }

private:
    static constexpr double kRest = 1e-3;  // cycles, far below a step
    struct Share {
        std::size_t who;
        double left;
    };
    double size() const { return static_cast<double>(in_.size()); }
    void settle(Time now) {
        const double passed = static_cast<double>((now - at_).raw()) / fs_;
        for (Share& s : in_) { s.left -= passed / size(); }
        at_ = now;
    }
    void admit() {
        while (!waiting_.empty() && in_.size() < kInterleaved) {
            in_.push_back(waiting_.front());
            waiting_.erase(waiting_.begin());
        }
    }
    std::vector<Share> in_, waiting_;
    Time at_{};
    double fs_ = 1;
};

class PromotionProgram : public ProbeProgram {
public:
    PromotionProgram(const PromotionLoop& loop, const RunScope& scope, Units& units)
        : ProbeProgram(scope, units), loop_(loop), groups_(static_cast<std::size_t>(loop.warpgroups)) {
        MmaShape s;
        s.n = loop.n;
        s.k = loop.k;
        const TensorCoreConfig& t = units.config.sm.tensor;
        mma_ = std::max(units.tensor.cycles(s), shared_memory(s));
        drain_ = t.wgmma_latency.raw();
        const double alone = units.config.sm.cuda.promotion_alone.raw() * loop.n / kReferenceColumns;
        promotion_ = std::max(0.0, alone - drain_);
        const double wgmmas = static_cast<double>(loop.k) / kWgmmaK;
        const SyncConfig& sync = units.config.sm.sync;
        hand_over_ =
            t.wgmma_interval.raw() * wgmmas + sync.block_barrier.raw() + sync.block_barrier_warp.raw() * kWarpsOfTwo;
        slices_ = loop.kblocks * loop.slices;
    }

    void start() override {
        const Time one = cycles(1e6);
        tensor_.reset(scope_.begin, static_cast<double>(one.raw()) / 1e6);
        for (std::size_t g = 0; g < groups_.size(); ++g) { begin_actor(g); }
    }

    // Tokens below the number of warpgroups: that one is ready to issue. Others: the Tensor Cores may have finished.
    void on_event(Time now, std::uint64_t token) override {
        if (token < groups_.size()) {
            ready(token, now);
        } else {
            for (const std::size_t g : tensor_.leave(now)) { multiplied(g, now); }
        }
        if (const Time t = tensor_.next(); t != Time::max()) { wake(groups_.size(), max(t, now)); }
    }

private:
    static constexpr double kReferenceColumns = 128, kWgmmaK = 32;
    struct Group {
        int issued = 0, done = 0;
        bool in_flight = false, waits_for_turn = false;
        Time promoted{};  // end of its promotions so far
    };

    // Operand fetch and the filling of the next stage share the port of shared memory. A group's share of it.
    double shared_memory(const MmaShape& s) const {
        const SharedMemoryConfig& smem = units_.config.sm.smem;
        if (loop_.filled == 0 || smem.fill_bandwidth.raw() <= 0) { return 0; }
        const double fill = static_cast<double>(loop_.filled) / smem.fill_bandwidth.raw();
        return units_.tensor.smem_bytes(s) / smem.bandwidth.raw() + fill / (loop_.warpgroups * loop_.slices);
    }

    // Warpgroups take turns: the next may issue when the one before has handed over.
    bool my_turn(std::size_t g, Time now) {
        if (!loop_.ordered) { return true; }
        if (turn_ % groups_.size() != g) {
            groups_[g].waits_for_turn = true;
            return false;
        }
        if (turn_free_ > now) {
            wake(g, turn_free_);
            return false;
        }
        return true;
    }

    void ready(std::size_t g, Time now) {
        Group& w = groups_[g];
        if (w.issued == slices_ || w.in_flight || !my_turn(g, now)) { return; }
        w.in_flight = true;
        w.waits_for_turn = false;
        ++w.issued;
        tensor_.enter(g, now, mma_);
        if (!loop_.ordered) { return; }
        turn_free_ = now + cycles(hand_over_);
        const std::size_t next = ++turn_ % groups_.size();
        if (groups_[next].waits_for_turn) { wake(next, turn_free_); }
    }

    void multiplied(std::size_t g, Time now) {
        Group& w = groups_[g];
        w.in_flight = false;
        ++w.done;
        const Time readable = now + cycles(drain_);
        const Time promoted = max(readable, w.promoted) + cycles(promotion_);
        if (w.done == slices_) { return end_actor(loop_.promotes ? promoted : readable); }
        Time next = now;  // the next group waits behind this one
        if (loop_.promotes) {
            w.promoted = promoted;
            const bool drains = !loop_.two_sets || w.done % kDrained == 0;
            next = drains ? promoted : max(now, promoted - cycles(promotion_ + drain_));
        }
        // Without promotion the next stage is waited for while a group is in flight.
        const bool waits = loop_.stage_wait && loop_.promotes;
        wake(g, next + cycles(waits ? units_.config.tma.consumer_wait.raw() : 0.0));
    }

    PromotionLoop loop_;
    std::vector<Group> groups_;
    Shared tensor_;
    double mma_ = 0, drain_ = 0, promotion_ = 0, hand_over_ = 0;
    int slices_ = 0;
    std::size_t turn_ = 0;
    Time turn_free_{};
};

}  // namespace

std::unique_ptr<Program> make_probe(const PromotionLoop& loop, const RunScope& scope, Units& units) {
    const bool whole = loop.warpgroups > 0 && loop.warpgroups * 128 <= units.config.sm.max_threads && loop.slices > 0 &&
                       loop.kblocks > 0 && loop.n >= 8 && loop.k >= 32;
    if (!whole) { throw ModelError("a k-block loop needs warpgroups that fit an SM, slices and k-blocks"); }
    if (loop.two_sets && loop.slices > 1) {
        throw ModelError("two accumulator sets of two slices exceed the registers");
    }
    return std::make_unique<PromotionProgram>(loop, scope, units);
}

}  // namespace tessera
