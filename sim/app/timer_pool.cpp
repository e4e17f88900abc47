#include "sim/app/timer_pool.hpp"

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
    const auto known = pool_->memo_.find(key);
    if (known != pool_->memo_.end()) {
        ++pool_->remembered_;
        return known->second;
    }
    if (KernelResult told; pool_->shared_ != nullptr && pool_->shared_->find(key, told)) {
        ++pool_->remembered_;
        return pool_->memo_.emplace(key, std::move(told)).first->second;
    }
    std::unique_ptr<KernelTimer>& timer = pool_->timers_[part->second];
    if (!timer) { timer = pool_->factory_(relevant_config(system_, used)); }
    ++pool_->simulated_;
    pool_->journal_.push_back(key);
    const KernelResult& result = pool_->memo_.emplace(key, timer->time(kernel, context)).first->second;
    if (pool_->shared_ != nullptr) { pool_->shared_->put(key, result); }
    return result;
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
