// The distinct kernels of all ranks of one run, and their times at the run's clock.
#pragma once

#include "sim/app/timer_pool.hpp"
#include "sim/replay/replay.hpp"

#include <map>
#include <unordered_map>
#include <vector>

namespace tessera {

class KernelBook : public KernelPrices {
public:
    KernelBook(TimerPool::View timers, bool exact) : timers_(std::move(timers)), exact_(exact) {}

    // Index of a kernel; kernels that hash alike share one.
    int add(const KernelDesc& kernel);
    // A kernel between two others of the same kind, `weight` (0..1) of the way from `low` to `high`: time, traffic and
    // energy are linear in between. For row counts of ranks whose timeline nobody reads.
    int blend(int low, int high, double weight);

    void set_clock(Frequency f);  // forgets the prices of another clock
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
    KernelResult work_out(const Entry& e, int sms);

    TimerPool::View timers_;
    bool exact_;
    Frequency clock_{};
    std::vector<Entry> entries_;
    std::unordered_map<std::uint64_t, int> index_;  // by kernel hash; looked up, never iterated
    std::map<std::tuple<int, int, double>, int> blends_;
};

}  // namespace tessera
