// The distinct kernels of all ranks of one run, and their times at the run's clock and on the partitions that replay
// asks for. Not every pair of clock and partition is simulated:
// - at a clock that the power model chose, a kernel is simulated at a clock near it (settle_clock.cpp) and restated by
//   the share of its time that scales with the clock: 0.1 % of the training chunk when the clocks are 7 % apart;
// - on a partition between the whole GPU and the GPU less the communication SMs (a small notify kernel runs beside it)
//   the time lies on the line in 1 / SMs between these two.
#pragma once

#include "sim/app/timer_pool.hpp"
#include "sim/ir/clock_model.hpp"
#include "sim/replay/replay.hpp"

#include <map>
#include <unordered_map>
#include <vector>

namespace tessera {

class KernelBook : public KernelPrices {
public:
    // `partitions`: the SM counts, ascending, between which times are interpolated; empty: all are simulated.
    KernelBook(TimerPool::View timers, bool exact, std::vector<int> partitions = {})
        : timers_(std::move(timers)), exact_(exact), partitions_(std::move(partitions)) {}

    // Index of a kernel; kernels that hash alike share one.
    int add(const KernelDesc& kernel);
    // A kernel on the line through two others of the same kind, `weight` of the way from `low` to `high` (outside 0..1:
    // beyond them) in time, traffic and energy. For row counts of ranks whose timeline nobody reads.
    int blend(int low, int high, double weight);

    // Prices hold at clock `f` from now on, simulated there.
    void set_clock(Frequency f) { set_clock(f, f, nullptr); }
    // Simulated at `simulated` and restated at `f`; `clocks` knows the energy at another supply.
    virtual void set_clock(Frequency f, Frequency simulated, const ClockModel* clocks);
    const KernelResult& price(int kernel, int sms) override;
    std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        KernelDesc kernel;
        std::uint64_t hash = 0;
        int low = -1, high = -1;  // of a blend
        double weight = 0;
        std::map<int, KernelResult> prices;  // by SMs; references to its elements stay valid
    };
    const KernelResult& price_of(Entry& e, int sms);
    KernelResult work_out(Entry& e, int sms);
    KernelResult simulate(const Entry& e, int sms);
    KernelResult restated(KernelResult r) const;

    TimerPool::View timers_;
    bool exact_;
    std::vector<int> partitions_;
    Frequency clock_{}, simulated_{};
    const ClockModel* clocks_ = nullptr;
    std::vector<Entry> entries_;
    std::unordered_map<std::uint64_t, int> index_;  // by kernel hash; looked up, never iterated
    std::map<std::tuple<int, int, double>, int> blends_;
};

}  // namespace tessera
