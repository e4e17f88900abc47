// Runs a stream kernel on the device: every SM's lanes load, compute and store in bulk steps, so that bandwidth,
// latency (Little's law), arithmetic, shared memory and the launch rate of thread blocks each limit where they do.
#pragma once

#include "models/if/program.hpp"
#include "models/if/server.hpp"
#include "models/sm/steady_rate.hpp"
#include "models/sm/stream_operands.hpp"

#include <memory>
#include <optional>
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
        Time away{};            // since when it has not computed
        std::int64_t room = 0;  // most units it can hold
    };
    void share_first_units();
    std::int64_t take_units(Lane& lane);
    void advance(std::size_t index, Time now);
    void take(std::size_t index, Time now);
    Time launch(std::size_t index, Time now);
    Time load(std::size_t index, Time now);
    Time compute(std::size_t index, Time now);
    Time shared_pass(std::size_t index, Time now) const;

    Time store(std::size_t index, Time now, Time& accepted);
    void count(std::size_t index, Time now);
    std::int64_t skip_units(std::int64_t spare);
    std::int64_t skip_loops();
    double tiles_in_hand(const Lane& lane) const { return plan_.active(lane.first, lane.count, lane.loop); }
    int sm_of(std::size_t index) const { return static_cast<int>(index / static_cast<std::size_t>(plan_.lanes)); }
    bool last_round(const Lane& lane) const { return lane.round + 1 >= plan_.rounds; }

    StreamDesc desc_;
    RunScope scope_;
    Units& units_;
    StreamPlan plan_;
    StreamOperands operands_;
    std::vector<Lane> lanes_;
    std::vector<Server> launchers_;  // thread block launch of each SM
    std::int64_t next_unit_ = 0, retired_ = 0;
    Time finish_{}, first_store_{}, first_idle_{}, skipped_{};
    std::optional<SteadyRate> steady_;  // absent: every step is simulated
    double passes_ = 0;                 // tiles of units done
};

std::unique_ptr<Program> make_stream_program(const KernelDesc& kernel, const RunScope& scope, Units& units);

}  // namespace tessera
