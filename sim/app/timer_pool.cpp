#include "sim/app/timer_pool.hpp"

#include "models/power/energy.hpp"
#include "sim/app/memo_codec.hpp"
#include "sim/app/relevant_config.hpp"
#include "sim/app/shared_memo.hpp"
#include "sim/base/hash.hpp"

namespace tessera {

TimerPool::TimerPool(TimerFactory factory, SharedMemo* shared) : factory_(std::move(factory)), shared_(shared) {}

TimerPool::~TimerPool() = default;

const KernelResult& TimerPool::View::time(const KernelDesc& kernel, std::uint64_t hash, const KernelContext& context) {
    const unsigned used = capability_use(kernel);
    auto part = part_hashes_.find(used);
    if (part == part_hashes_.end()) {
        part = part_hashes_.emplace(used, config_hash(relevant_config(system_, used))).first;
    }
    const std::uint64_t key =
        Hasher().word(hash).word(part->second).add(context.sms).add(context.sm_clock.raw()).add(context.exact).value();
    const KernelResult& result = pool_->result_of(key, kernel, context, part->second, system_, used);
    const bool counted = result.tensor_flops > Flops::zero() && result.energy.tensor > Energy::zero();
    if (system_.power.wide_accumulate_energy == PowerConfig{}.wide_accumulate_energy || !counted ||
        (used & uses_accumulators) != 0 || !multiplies_fp8(kernel)) {
        return result;
    }
    const auto [restated, fresh] = restated_.try_emplace(key, result);
    if (fresh) {
        EnergyWork work;
        work.tensor_fp8 = result.tensor_flops;
        restated->second.energy.tensor = energy_of(work, system_.power, context.sm_clock).tensor;
    }
    return restated->second;
}

const KernelResult& TimerPool::result_of(std::uint64_t key, const KernelDesc& kernel, const KernelContext& context,
                                         std::uint64_t part, const SystemConfig& system, unsigned used) {
    const auto known = memo_.find(key);
    if (known != memo_.end()) {
        ++remembered_;
        return known->second;
    }
    if (KernelResult told; shared_ != nullptr && shared_->find(key, told)) {
        ++remembered_;
        return memo_.emplace(key, std::move(told)).first->second;
    }
    std::unique_ptr<KernelTimer>& timer = timers_[part];
    if (!timer) { timer = factory_(relevant_config(system, used)); }
    ++simulated_;
    journal_.push_back(key);
    const KernelResult& result = memo_.emplace(key, timer->time(kernel, context)).first->second;
    if (shared_ != nullptr) { shared_->put(key, result); }
    return result;
}

double TimerPool::figure(std::uint64_t key, const std::function<double()>& work_out) {
    double figure = 0;
    if (shared_ != nullptr && shared_->find_figure(key, figure)) { return figure; }
    figure = work_out();
    if (shared_ != nullptr) { shared_->put_figure(key, figure); }
    return figure;
}

std::string TimerPool::learned_since(std::size_t mark) const {
    MemoWriter writer;
    for (std::size_t i = mark; i < journal_.size(); ++i) { writer.add(journal_[i], memo_.at(journal_[i])); }
    return writer.bytes();
}

void TimerPool::learn(const std::string& learned) {
    MemoReader reader(learned);
    while (!reader.done()) {
        std::uint64_t key = 0;
        KernelResult result;
        reader.next(key, result);
        memo_.emplace(key, std::move(result));
    }
}

}  // namespace tessera
