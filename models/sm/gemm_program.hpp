// A persistent, warp-specialised GEMM: on every SM a TMA producer fills mbarrier-guarded stages ahead of the consumer
// warpgroups, which multiply, promote, and hand finished tiles to TMA stores while the producer is already at the next
// tile. SMs of one cluster share an operand and run in lockstep, so one worker stands for them.
#pragma once

#include "models/if/program.hpp"
#include "models/sm/gemm_plan.hpp"
#include "models/sm/gemm_schedule.hpp"

#include <vector>

namespace tessera {

class GemmProgram : public Program {
public:
    GemmProgram(const GemmDesc& gemm, const RunScope& scope, Units& units);

    void start() override;
    void on_event(Time now, std::uint64_t token) override;
    bool done() const override { return running_ == 0; }
    Time finish() const override;
    Time skipped() const override { return skipped_; }
    std::string waiting() const override;
    ProgramReport report(const UnitUse& use) const override;

    const GemmPlan& plan() const { return plan_; }

private:
    struct Spent {  // where a worker's time went
        Time prologue{}, tensor{}, promotion{}, wait{}, epilogue{};
        Spent& operator+=(const Spent& o);
        Time sum() const { return prologue + tensor + promotion + wait + epilogue; }
    };
    struct Cursor {  // a position in a worker's sequence of tiles and k-blocks
        std::int64_t iteration = 0;
        ClusterTile tile;
        std::int64_t kblock = 0;
        bool valid = false;
    };
    struct Worker {
        int sm = 0;
        Cursor fill, use;        // producer and consumer
        std::vector<Time> full;  // when each stage's bytes arrive
        std::size_t fill_stage = 0, use_stage = 0;
        Time ready{};                       // consumers free for the next k-block
        Time other_ready{};                 // pingpong: the other warpgroup
        std::int64_t filled = 0, used = 0;  // k-blocks whose loads were issued / that were begun
        int empty = 0;                      // stages free to be filled
        Time producer_free{};               // the producer thread can issue again
        bool fill_pending = false;          // a fill event is scheduled
        int mapped = -1;                    // group whose tensor maps the producer has
        bool starved = false;               // consumers wait for a load that is not issued yet
        int parts_left = 0;                 // of a tile that is stored in parts, while the consumers stage it
        std::int64_t queued = -1;           // pingpong: a finished tile that waits for the parts of the one before
        Time loop_end{};                    // of the latest k-block
        Time part_read{};                   // the part before the last one has been read by the TMA
        Time store_free{};                  // the output tile in shared memory has been read by the TMA
        Spent spent;
    };

    Time between_tiles(Worker& w);
    void map_operands();
    void open(Worker& w, Cursor& cursor, std::int64_t iteration) const;
    void advance(Worker& w, Cursor& cursor) const;
    void fill(std::uint32_t index, Time now);
    void load(Worker& w, Time now);
    void begin_kblock(std::uint32_t index, Time now);
    void end_tile(std::uint32_t index);
    void store(Worker& w, std::int64_t iteration, Time now);
    Time store_share(Worker& w, std::int64_t iteration, double share, Time now);
    void store_part(std::uint32_t index, std::int64_t iteration, Time now);
    void hand_over(Worker& w);
    void begin_parts(std::uint32_t index, std::int64_t iteration, Time loop_end);
    void next_kblock(std::uint32_t index, Time now);
    double row_share(const ClusterTile& t, int part) const;
    double column_share(const ClusterTile& t, int part) const;
    MemoryRequest a_request(const Worker& w, const ClusterTile& t, std::int64_t kblock, int part) const;
    MemoryRequest b_request(const Worker& w, const ClusterTile& t, std::int64_t kblock, int part) const;
    MemoryRequest d_request(const Worker& w, const ClusterTile& t, int part) const;
    double outside_a(const ClusterTile& t, std::int64_t kblock, std::int64_t down) const;
    double outside_b(const ClusterTile& t, std::int64_t kblock, std::int64_t right) const;
    std::int64_t kblock_length(const ClusterTile& t, std::int64_t kblock) const;
    KBlockCycles cycles_of(const ClusterTile& t, std::int64_t kblock) const;
    void watch_period(const Worker& w, Time now);
    struct Panel {  // a row of A tiles or a column of B tiles and how many workers read it in a wave
        ClusterTile tile;
        int part = 0, readers = 0;
    };
    struct Wave {
        std::vector<Panel> rows, columns;
    };
    Wave wave_at(std::int64_t first) const;
    Bytes missing(const Wave& wave) const;
    void account_wave(std::int64_t first, const Wave& wave, Time now);
    bool steady() const;
    std::int64_t skippable(std::int64_t from, Time period);
    Limiter memory_limiter(const UnitUse& use) const;

    GemmDesc gemm_;
    RunScope scope_;
    Units& units_;
    GemmPlan plan_;
    GemmSchedule schedule_;
    RegionId a_ = 0, b_ = 0, d_ = 0;
    std::vector<Worker> workers_;
    int running_ = 0;
    Time finish_{};
    // Fast path.
    std::vector<Time> wave_starts_;    // of worker 0
    std::vector<Spent> wave_spent_;    // sum over workers at those times
    std::vector<Time> wave_backlog_;   // what the memory system still had queued
    std::vector<Bytes> wave_fetched_;  // from HBM until then
    Time settled_{};                   // of the latest store
    Bytes fetched_{};                  // by loads
    std::int64_t skip_from_ = -1, skip_by_ = 0;
    Time skipped_{};
    Spent skipped_spent_;
    mutable KBlockCycles short_cycles_;  // of the last, shorter k-block
    mutable std::int64_t short_length_ = 0;
};

std::unique_ptr<Program> make_gemm_program(const KernelDesc& kernel, const RunScope& scope, Units& units);

}  // namespace tessera
