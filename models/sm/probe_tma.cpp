#include "models/sm/probe_program.hpp"
#include "models/sm/probe_programs.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {
namespace {

class TmaLoopProgram : public ProbeProgram {
public:
    TmaLoopProgram(const TmaLoop& loop, const RunScope& scope, Units& units)
        : ProbeProgram(scope, units, true), loop_(loop), producers_(static_cast<std::size_t>(scope.sms)) {}

    void start() override {
        MemoryRegion r;
        r.blocks = loop_.set_chunks * loop_.copies * (loop_.own_set ? scope_.sms : 1);
        r.block_bytes = bytes(loop_.copy_bytes);
        r.run = bytes(loop_.run);
        r.scattered = loop_.far_rows;
        r.l2_resident = loop_.in_l2 ? 1.0 : 0.0;
        region_ = units_.memory.map(r);
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
        TmaCopy c;
        c.memory.sm = static_cast<int>(sm);
        c.memory.region = region_;
        c.memory.block = chunk(p, sm) * loop_.copies + part;
        c.memory.bytes = bytes(loop_.copy_bytes);
        c.requests = loop_.requests;
        return c;
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

}  // namespace

std::unique_ptr<Program> make_probe(const TmaLoop& loop, const RunScope& scope, Units& units) {
    const std::int64_t stage = loop.copy_bytes * loop.copies;
    const bool whole = loop.copy_bytes > 0 && loop.copies > 0 && loop.stages > 0 && loop.iterations > 0 &&
                       loop.set_chunks > 0 && loop.behind >= 0 && loop.behind < loop.stages + 1;
    if (!whole) { throw ModelError("a TMA loop needs bytes, copies, stages and iterations"); }
    if (stage * loop.stages > units.config.sm.smem.capacity.raw()) {
        throw ModelError("the stages of a TMA loop do not fit in shared memory");
    }
    return std::make_unique<TmaLoopProgram>(loop, scope, units);
}

}  // namespace tessera
