// Runs a transfer loop (sim/ir/transfer.hpp) on the device: every lane is a warp or a stage of a TMA ring with one step
// under way, so that latency, the ports and ways of the network, L2 and HBM each limit where they do.
#pragma once

#include "models/if/program.hpp"
#include "models/if/server.hpp"
#include "sim/ir/transfer.hpp"

#include <vector>

namespace tessera {

class TransferProgram final : public Program {
public:
    // `on`: the SMs of the blocks. Throws ModelError for a loop that cannot exist.
    TransferProgram(const TransferDesc& desc, std::vector<int> on, const RunScope& scope, Units& units);

    void start() override;
    bool done() const override { return running_ == 0; }
    Time finish() const override { return finish_; }
    Time skipped() const override { return skipped_; }
    std::string waiting() const override;
    ProgramReport report(const UnitUse& use) const override;
    void on_event(Time now, std::uint64_t token) override;

private:
    struct Block {
        int sm = 0;
        std::int64_t left = 0;  // steps not yet begun
        std::int64_t next = 0;  // number of its next step
        std::int64_t done = 0;  // steps finished
        std::int64_t mark = 0;  // of these, before the measured window
        Server issuer;          // the thread that drives a ring
        Server path;            // loads and stores take turns
    };
    struct Lane {
        std::int64_t next = 0;  // number of its next step (vector)
        std::int64_t place = 0;
        bool stored = true;  // the step in hand needs no store any more
    };
    std::int64_t place_of(std::size_t lane, const Block& b) const;
    void begin_step(std::size_t index, Time now);
    Time move(MemoryOp op, RegionId region, std::int64_t place, Block& b, Time now, Time& accepted);
    void end_step(std::size_t index, Time now);
    void watch(Time now);
    void skip(Time now);

    TransferDesc desc_;
    std::vector<int> on_;
    RunScope scope_;
    Units& units_;
    std::vector<Block> blocks_;
    std::vector<Lane> lanes_;
    RegionId source_ = 0, target_ = 0;
    std::int64_t places_ = 0;  // steps that fit into the region
    std::int64_t mapped_ = 0;  // of these, the ones told apart
    std::size_t running_ = 0;  // lanes with work
    bool measuring_ = false;
    Time window_{}, next_watch_{}, mark_time_{}, finish_{}, skipped_{};
};

}  // namespace tessera
