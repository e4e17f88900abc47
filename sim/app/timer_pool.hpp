// Kernel times of any number of systems, each kernel simulated once for the part of the system that it can see.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_timer.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace tessera {

// Makes the timer of one system: compute kernels, exchanges and barriers alike.
using TimerFactory = std::function<std::unique_ptr<KernelTimer>(const SystemConfig&)>;

// The SystemC device with the fabric behind it.
TimerFactory simulated_devices();

// The roofline for compute kernels, a lower bound of their time (models/analytic), with the same fabric behind it.
// Energy of compute kernels is zero.
TimerFactory analytic_devices();

class SharedMemo;

class TimerPool {
public:
    // `shared`, if given, outlives the pool: kernels that other processes have simulated are taken from it, and those
    // simulated here put into it.
    explicit TimerPool(TimerFactory factory, SharedMemo* shared = nullptr);
    ~TimerPool();
    TimerPool(const TimerPool&) = delete;
    TimerPool& operator=(const TimerPool&) = delete;

    // One system as the pool knows it: hashes of its relevant parts, worked out once. Kernels are simulated with
    // today's accumulators; what the system's own take is worked out from the operations.
    class View {
    public:
        const KernelResult& time(const KernelDesc& kernel, std::uint64_t hash, const KernelContext& context);

    private:
        friend class TimerPool;
        View(TimerPool& pool, const SystemConfig& system) : pool_(&pool), system_(system) {}
        TimerPool* pool_;
        SystemConfig system_;
        std::map<unsigned, std::uint64_t> part_hashes_;             // by capability_use
        std::unordered_map<std::uint64_t, KernelResult> restated_;  // looked up, never iterated
    };
    View view(const SystemConfig& system) { return View(*this, system); }

    // What was simulated since `mark()` was taken, to be taught to another process's pool. Results travel bit for bit;
    // knowing more never changes an answer.
    std::size_t mark() const { return journal_.size(); }
    std::string learned_since(std::size_t mark) const;
    void learn(const std::string& learned);

    // A figure that takes long to work out and depends on nothing but what `key` hashes: remembered as kernels are.
    double figure(std::uint64_t key, const std::function<double()>& work_out);

    std::uint64_t simulated() const { return simulated_; }
    std::uint64_t remembered() const { return remembered_; }

private:
    const KernelResult& result_of(std::uint64_t key, const KernelDesc& kernel, const KernelContext& context,
                                  std::uint64_t part, const SystemConfig& system, unsigned used);

    TimerFactory factory_;
    SharedMemo* shared_ = nullptr;
    std::map<std::uint64_t, std::unique_ptr<KernelTimer>> timers_;  // by hash of the relevant system
    std::unordered_map<std::uint64_t, KernelResult> memo_;          // looked up, never iterated
    std::vector<std::uint64_t> journal_;                            // keys in the order of their simulation
    std::uint64_t simulated_ = 0, remembered_ = 0;
};

}  // namespace tessera
