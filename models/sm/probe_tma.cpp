// Loops of bulk copies: one thread an SM, or clusters that share what they load. Blocks of a cluster run in step: each
// waits for every other's arrival before it refills a stage, so one actor stands for all of them.
#include "models/sm/probe_program.hpp"
#include "models/sm/probe_programs.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {
namespace {

constexpr int kLine = 128;

// Chunks that are walked again and again, each in rows of `run` bytes.
RegionId map_chunks(MemoryIf& memory, std::int64_t chunks, std::int64_t size, std::int64_t run, bool far, bool in_l2) {
    MemoryRegion r;
    r.blocks = chunks;
    r.block_bytes = bytes(size);
    r.run = bytes(run);
    r.scattered = far;
    r.l2_resident = in_l2 ? 1.0 : 0.0;
    return memory.map(r);
}

TmaCopy copy_of(int sm, RegionId region, std::int64_t chunk, std::int64_t size, int requests) {
    TmaCopy c;
    c.memory.sm = sm;
    c.memory.region = region;
    c.memory.block = chunk;
    c.memory.bytes = bytes(size);
    c.requests = requests;
    return c;
}

void check_stages(std::int64_t size, int stages, const SystemConfig& system) {
    if (size * stages > system.sm.smem.capacity.raw()) {
        throw ModelError("the stages of a loop of bulk copies do not fit in shared memory");
    }
}

class TmaLoopProgram : public ProbeProgram {
public:
    TmaLoopProgram(const TmaLoop& loop, const RunScope& scope, Units& units)
        : ProbeProgram(scope, units, true), loop_(loop), producers_(static_cast<std::size_t>(scope.sms)) {}

    void start() override {
        region_ = map_chunks(units_.memory, loop_.set_chunks * loop_.copies * (loop_.own_set ? scope_.sms : 1),
                             loop_.copy_bytes, loop_.run, loop_.far_rows, loop_.in_l2);
        for (std::size_t sm = 0; sm < producers_.size(); ++sm) {
            producers_[sm].pending.assign(static_cast<std::size_t>(loop_.stages), scope_.begin);
            begin_actor(sm);
        }
    }

    void on_event(Time now, std::uint64_t token) override {
        Producer& p = producers_[token];
        if (p.issued == loop_.iterations) {
            end_actor(now);
            return;
        }
        (loop_.op == TmaLoop::Op::load ? load(p, now, token) : store(p, now, token));
    }

private:
    struct Producer {
        int issued = 0;
        std::vector<Time> pending;  // when the copies of a stage are there, or its source is free
        Time written{};             // of all stores so far
    };

    std::int64_t chunk(const Producer& p, std::uint64_t sm) const {
        const auto own = static_cast<std::int64_t>(sm);
        if (loop_.own_set) { return own * loop_.set_chunks + p.issued % loop_.set_chunks; }
        return (own + static_cast<std::int64_t>(p.issued) * scope_.sms) % loop_.set_chunks;
    }

    TmaCopy copy(const Producer& p, std::uint64_t sm, int part) const {
        return copy_of(static_cast<int>(sm), region_, chunk(p, sm) * loop_.copies + part, loop_.copy_bytes,
                       loop_.requests);
    }

    void load(Producer& p, Time now, std::uint64_t sm) {
        const TmaConfig& t = units_.config.tma;
        Time there = now, issued = now;
        for (int i = 0; i < loop_.copies; ++i) {
            const TmaReply r = units_.tma.load(copy(p, sm, i), now);
            there = max(there, r.done);
            issued = i == 0 ? now + cycles(t.producer_issue.raw()) : max(issued, r.issued);
        }
        p.pending[static_cast<std::size_t>(p.issued % loop_.stages)] = there;
        ++p.issued;
        if (p.issued == loop_.iterations) {
            wake(sm, max(issued, *std::max_element(p.pending.begin(), p.pending.end())));
            return;
        }
        // The first `stages` are issued without a wait; later ones take the place of the oldest.
        const bool filling = p.issued < loop_.stages;
        const Time oldest = p.pending[static_cast<std::size_t>(p.issued % loop_.stages)];
        if (loop_.timed_alone) { return wake(sm, max(issued, there)); }
        const Time ready = filling ? issued : max(oldest, issued + cycles(t.producer_wait.raw()));
        wake(sm, ready + cycles(t.producer_wake.raw()));
    }

    void store(Producer& p, Time now, std::uint64_t sm) {
        Time free = now;
        for (int i = 0; i < loop_.copies; ++i) {
            TmaCopy c = copy(p, sm, i);
            c.memory.op = loop_.op == TmaLoop::Op::reduce ? MemoryOp::reduce : MemoryOp::write;
            const TmaReply r = units_.tma.store(c, now);
            free = max(free, r.source_free);
            p.written = max(p.written, r.done);
        }
        p.pending[static_cast<std::size_t>(p.issued % loop_.stages)] = free;
        ++p.issued;
        if (p.issued == loop_.iterations) { return wake(sm, loop_.timed_alone ? free : max(free, p.written)); }
        const int waited = p.issued - 1 - loop_.behind;
        const Time ready = waited < 0 ? now : p.pending[static_cast<std::size_t>(waited % loop_.stages)];
        wake(sm, max(now + cycles(units_.config.tma.issue_interval.raw()), ready));
    }

    TmaLoop loop_;
    RegionId region_ = 0;
    std::vector<Producer> producers_;
};

class MulticastProgram : public ProbeProgram {
public:
    MulticastProgram(const MulticastLoop& loop, const RunScope& scope, Units& units)
        : ProbeProgram(scope, units, true),
          loop_(loop),
          part_(loop.tile_bytes / loop.cluster),
          clusters_(static_cast<std::size_t>(scope.sms / loop.cluster)) {}

    void start() override {
        region_ = map_chunks(units_.memory, loop_.set_tiles * loop_.cluster, part_, loop_.row_bytes, true, loop_.in_l2);
        for (std::size_t c = 0; c < clusters_.size(); ++c) {
            clusters_[c].full.assign(static_cast<std::size_t>(loop_.stages), scope_.begin);
            begin_actor(c);
        }
    }

    // One iteration: refill a stage, then consume the oldest and arrive at all blocks.
    void on_event(Time now, std::uint64_t token) override {
        Cluster& c = clusters_[token];
        if (c.consumed == loop_.iterations) {
            end_actor(now);
            return;
        }
        const int first = std::min(loop_.stages, loop_.iterations);
        if (c.loaded < first) { return wake(token, refill(c, now, token)); }
        // A stage is refilled one tile after it was consumed.
        const int ahead = c.consumed + std::max(1, loop_.stages - 1);
        if (c.loaded < std::min(ahead, loop_.iterations)) { now = refill(c, now, token); }
        const TmaConfig& t = units_.config.tma;
        const SyncConfig& s = units_.config.sm.sync;
        const Time full = c.full[static_cast<std::size_t>(c.consumed % loop_.stages)];
        const Time ready = full > now + cycles(t.producer_wait.raw()) ? full + cycles(t.producer_wake.raw())
                                                                      : now + cycles(t.producer_wait.raw());
        ++c.consumed;
        // The first arrival releases what came before it, copies under way included.
        const Time released = max(ready + cycles(s.cluster_release.raw()), c.newest);
        const Time arrived = released + cycles(s.cluster_arrive.raw() * loop_.cluster);
        wake(token, arrived + cycles(t.producer_wait.raw() + t.producer_wake.raw()));
    }

private:
    struct Cluster {
        int loaded = 0, consumed = 0;
        std::vector<Time> full;
        Time newest{};  // the last copies issued are there
    };

    Time refill(Cluster& c, Time now, std::uint64_t index) {
        const TmaConfig& t = units_.config.tma;
        const auto clusters = static_cast<std::int64_t>(clusters_.size());
        const std::int64_t tile = (static_cast<std::int64_t>(index) + c.loaded * clusters) % loop_.set_tiles;
        const int first = static_cast<int>(index) * loop_.cluster;
        Time there = now, issued = now + cycles(t.producer_issue.raw());
        for (int block = 0; block < loop_.cluster; ++block) {
            const int copies = loop_.multicast ? 1 : loop_.cluster;
            for (int i = 0; i < copies; ++i) {
                const int rows = static_cast<int>(part_ / std::min<std::int64_t>(loop_.row_bytes, kLine));
                TmaCopy copy = copy_of(loop_.multicast ? first : first + block, region_,
                                       tile * loop_.cluster + (loop_.multicast ? block : i), part_, rows);
                copy.memory.multicast = loop_.multicast ? loop_.cluster : 1;
                const TmaReply r = units_.tma.load(copy, now);
                there = max(there, r.done);
                if (i > 0) { issued = max(issued, r.issued); }
            }
        }
        c.full[static_cast<std::size_t>(c.loaded % loop_.stages)] = there;
        c.newest = there;
        ++c.loaded;
        return issued;
    }

    MulticastLoop loop_;
    std::int64_t part_;
    RegionId region_ = 0;
    std::vector<Cluster> clusters_;
};

}  // namespace

std::unique_ptr<Program> make_probe(const TmaLoop& loop, const RunScope& scope, Units& units) {
    const std::int64_t stage = loop.copy_bytes * loop.copies;
    const bool whole = loop.copy_bytes > 0 && loop.copies > 0 && loop.stages > 0 && loop.iterations > 0 &&
                       loop.set_chunks > 0 && loop.behind >= 0 && loop.behind < loop.stages + 1;
    if (!whole) { throw ModelError("a TMA loop needs bytes, copies, stages and iterations"); }
    check_stages(stage, loop.stages, units.config);
    return std::make_unique<TmaLoopProgram>(loop, scope, units);
}

std::unique_ptr<Program> make_probe(const MulticastLoop& loop, const RunScope& scope, Units& units) {
    const bool whole = loop.cluster > 0 && loop.stages > 0 && loop.iterations > 0 && loop.set_tiles > 0 &&
                       loop.row_bytes > 0 && loop.tile_bytes >= loop.cluster && scope.sms % loop.cluster == 0;
    if (!whole) { throw ModelError("a multicast loop needs stages, tiles, and SMs in whole clusters"); }
    check_stages(loop.tile_bytes, loop.stages, units.config);
    return std::make_unique<MulticastProgram>(loop, scope, units);
}

}  // namespace tessera
