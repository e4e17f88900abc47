// Blocks of a cluster run in step: each waits for every other's arrival before it refills a stage, so one actor stands
// for all of them.
#include "models/sm/probe_program.hpp"
#include "models/sm/probe_programs.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {
namespace {

constexpr int kLine = 128;

class MulticastProgram : public ProbeProgram {
public:
    MulticastProgram(const MulticastLoop& loop, const RunScope& scope, Units& units)
        : ProbeProgram(scope, units, true),
          loop_(loop),
          part_(loop.tile_bytes / loop.cluster),
          clusters_(static_cast<std::size_t>(scope.sms / loop.cluster)) {}

    void start() override {
        MemoryRegion r;
        r.blocks = loop_.set_tiles * loop_.cluster;
        r.block_bytes = bytes(part_);
        r.run = bytes(loop_.row_bytes);
        r.scattered = true;
        r.l2_resident = loop_.in_l2 ? 1.0 : 0.0;
        region_ = units_.memory.map(r);
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
                TmaCopy copy;
                copy.memory.sm = loop_.multicast ? first : first + block;
                copy.memory.multicast = loop_.multicast ? loop_.cluster : 1;
                copy.memory.region = region_;
                copy.memory.block = tile * loop_.cluster + (loop_.multicast ? block : i);
                copy.memory.bytes = bytes(part_);
                copy.requests = static_cast<int>(part_ / std::min<std::int64_t>(loop_.row_bytes, kLine));
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

std::unique_ptr<Program> make_probe(const MulticastLoop& loop, const RunScope& scope, Units& units) {
    const bool whole = loop.cluster > 0 && loop.stages > 0 && loop.iterations > 0 && loop.set_tiles > 0 &&
                       loop.row_bytes > 0 && loop.tile_bytes >= loop.cluster && scope.sms % loop.cluster == 0;
    if (!whole) { throw ModelError("a multicast loop needs stages, tiles, and SMs in whole clusters"); }
    if (loop.tile_bytes * loop.stages > units.config.sm.smem.capacity.raw()) {
        throw ModelError("the stages of a multicast loop do not fit in shared memory");
    }
    return std::make_unique<MulticastProgram>(loop, scope, units);
}

}  // namespace tessera
