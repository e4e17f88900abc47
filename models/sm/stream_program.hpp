// Runs a stream kernel on the device: every SM's lanes load, compute and store in bulk steps, so that bandwidth,
// latency (Little's law), arithmetic, shared memory and the launch rate of thread blocks each limit where they do.
#pragma once

#include "models/if/program.hpp"
#include "models/if/server.hpp"
#include "models/sm/stream_plan.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tessera {

class StreamProgram final : public Program {
public:
    StreamProgram(const StreamDesc& desc, const RunScope& scope, Units& units);

    void start() override;
    bool done() const override;
    Time finish() const override { return finish_; }
    Time skipped() const override { return skipped_; }
    std::string waiting() const override;
    ProgramReport report(const UnitUse& use) const override;
    void on_event(Time now, std::uint64_t token) override;

private:
    enum class Phase : std::uint8_t { take, fetch_index, load, loaded, computed, next_tile, retired };
    struct Lane {
        Phase phase = Phase::take;
        std::int64_t first = 0, count = 0;  // units in hand
        std::int64_t loop = 0, loops = 0;
        int round = 0;
        std::int64_t room = 0;  // most units it can hold
    };
    // Walks one operand: each request gets the next block of its region and its share of the bytes. Small requests
    // share blocks: neighbouring indices and scales lie in one line, which L2 holds after the first of them.
    struct Cursor {
        RegionId region = 0;
        std::int64_t blocks = 1, next = 0;
        std::int64_t shared_bytes = 0;   // block size when requests share blocks, else 0
        Time arrival{};                  // of the newest shared block,
        std::int64_t arriving_from = 0;  // which begins with this byte
        double due = 0;                  // bytes owed so far
        std::int64_t issued = 0;         // bytes asked for
        std::vector<bool> on_sm;         // broadcast operands: SMs that hold it
    };

    void map_operands();
    void share_first_units();
    std::int64_t take_units(Lane& lane);
    void advance(std::size_t index, Time now);
    void take(std::size_t index, Time now);
    Time launch(std::size_t index, Time now);
    Time load(std::size_t index, Time now);
    Time compute(std::size_t index, Time now);
    Time store(std::size_t index, Time now, Time& accepted);
    bool share_block(const StreamOperandPlan& o, Cursor& c, std::int64_t whole, MemoryRequest& r);
    Time request(std::size_t operand, int sm, double bytes, Time now, Time& accepted);
    void watch_rate(const Lane& lane, Time now);
    std::int64_t measured_waves() const;
    void skip_ahead(double rate);
    std::int64_t skip_units(double passes);
    std::int64_t skip_loops();
    void account(double passes);
    double tiles_in_hand(const Lane& lane) const { return plan_.active(lane.first, lane.count, lane.loop); }
    int sm_of(std::size_t index) const { return static_cast<int>(index / static_cast<std::size_t>(plan_.lanes)); }
    bool last_round(const Lane& lane) const { return lane.round + 1 >= plan_.rounds; }

    StreamDesc desc_;
    RunScope scope_;
    Units& units_;
    StreamPlan plan_;
    std::vector<Cursor> cursors_;  // one per operand of the plan
    std::vector<Lane> lanes_;
    std::vector<Server> launchers_;  // thread block launch of each SM
    std::vector<Server> lsu_;        // load/store path of each SM
    std::vector<Time> released_;     // stores of the units in hand are in L2
    std::int64_t next_unit_ = 0, retired_ = 0;
    Time finish_{}, first_store_{}, first_idle_{}, skipped_{};
    // Steady state: tiles passed per time over a window of whole waves, then most of the rest is skipped.
    enum class Mark : std::uint8_t { off, warming, measuring, measured };
    Mark mark_ = Mark::off;
    double passes_ = 0, window_from_ = 0;  // tiles of units
    Time window_start_{};
    const Lane* clock_lane_ = nullptr;
    std::int64_t laps_ = 0;
};

std::unique_ptr<Program> make_stream_program(const KernelDesc& kernel, const RunScope& scope, Units& units);

}  // namespace tessera
