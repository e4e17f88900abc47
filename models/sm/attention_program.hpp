// Runs an attention kernel on the device: every SM takes thread blocks of the plan, loads the owned tile, then walks
// the streamed side in chunks of steps with the next chunk's load under way.
#pragma once

#include "models/if/program.hpp"
#include "models/sm/attention_plan.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tessera {

class AttentionProgram final : public Program {
public:
    AttentionProgram(const AttentionDesc& desc, const RunScope& scope, Units& units);

    void start() override;
    bool done() const override { return finished_ == static_cast<std::int64_t>(plan_.tiles.size()); }
    Time finish() const override { return finish_; }
    std::string waiting() const override;
    ProgramReport report(const UnitUse& use) const override;
    void on_event(Time now, std::uint64_t token) override;

private:
    enum class Phase : std::uint8_t { take, begin, chunk, drain };
    struct Sm {
        Phase phase = Phase::take;
        std::size_t tile = 0;       // of the plan
        std::size_t block_end = 0;  // first tile behind the thread block in hand
        std::int64_t step = 0;      // next step of the tile
        Time loaded{};              // the next chunk is in shared memory
        Time owned{};               // the owned tile is in shared memory
        Time reduced{};             // earlier sums were taken over by L2
        bool launched = false;
    };

    bool persistent() const;
    Time take(Sm& s, Time now);
    Time load_chunk(int sm, const AttentionTile& t, std::int64_t step, Time now, bool first);
    void load_owned(int sm, Sm& s, Time now);
    Time run_chunk(int sm, Sm& s, Time now);
    Time drain(int sm, Sm& s, Time now);
    std::int64_t chunk_steps(const AttentionTile& t, std::int64_t step) const;

    AttentionDesc desc_;
    RunScope scope_;
    Units& units_;
    AttentionPlan plan_;
    std::int64_t chunk_;  // steps per event
    RegionId owned_ = 0, streamed_ = 0, output_ = 0, sums_ = 0;
    std::int64_t chunks_per_stream_ = 0;
    std::vector<Sm> sms_;
    std::size_t next_tile_ = 0;
    std::int64_t finished_ = 0;
    Time finish_{}, first_idle_{};
};

std::unique_ptr<Program> make_attention_program(const KernelDesc& kernel, const RunScope& scope, Units& units);

}  // namespace tessera
