#include "sim/app/calibrated_book.hpp"

#include <algorithm>

namespace tessera {
namespace {

std::vector<int> partitions(bool exact, int total, int held) {
    return exact || held <= 0 || held >= total ? std::vector<int>{} : std::vector<int>{total - held, total};
}

}  // namespace

int available_sms(const Task& task, bool beside_links, int total, int held) {
    if (const auto* e = std::get_if<ExchangeDesc>(&task.kernel)) { return e->sms; }
    if (const auto* b = std::get_if<BarrierDesc>(&task.kernel)) { return b->sms; }
    if (task.sms > 0) { return std::min(task.sms, total); }
    return beside_links && held < total ? total - held : total;
}

int held_by_links(const TaskGraph& graph, int otherwise) {
    int held = -1;
    for (const Task& t : graph.tasks) {
        if (const auto* e = std::get_if<ExchangeDesc>(&t.kernel)) { held = std::max(held, e->sms); }
        if (const auto* b = std::get_if<BarrierDesc>(&t.kernel)) { held = std::max(held, b->sms); }
    }
    return held < 0 ? otherwise : held;
}

CalibratedBook::CalibratedBook(TimerPool::View timers, bool exact, const TaskGraph& graph,
                               const RecordedPrices& recorded, int total, int held)
    : KernelBook(std::move(timers), exact, partitions(exact, total, held)),
      graph_(graph),
      recorded_(recorded),
      prices_(graph.tasks.size()) {
    for (const Task& t : graph.tasks) {
        const auto known = recorded.find(t.name);
        kernels_.push_back(add(t.kernel));
        sms_.push_back(available_sms(t, known != recorded.end() && known->second.beside_links, total, held));
    }
}

void CalibratedBook::set_clock(Frequency f, Frequency simulated, const ClockModel* clocks) {
    KernelBook::set_clock(f, simulated, clocks);
    prices_.assign(prices_.size(), std::nullopt);
}

Time CalibratedBook::model_time(int task) {
    const auto t = static_cast<std::size_t>(task);
    return KernelBook::price(kernels_[t], sms_[t]).time;
}

const KernelResult& CalibratedBook::price(int task, int /*sms*/) {
    const auto t = static_cast<std::size_t>(task);
    if (prices_.at(t)) { return *prices_[t]; }
    KernelResult r = KernelBook::price(kernels_[t], sms_[t]);
    const auto known = recorded_.find(graph_.tasks[t].name);
    if (const auto* only = std::get_if<RecordedDesc>(&graph_.tasks[t].kernel)) {
        r.time = only->duration;  // at whatever clock it ran
    } else if (known != recorded_.end()) {
        const RecordedPrice& before = known->second;
        if (before.model == Time::zero()) {
            r.time = before.recorded;
        } else {
            r.time = before.waits ? max(before.recorded + (r.time - before.model), r.time)
                                  : max(before.recorded * (r.time / before.model), femtoseconds(1));
        }
    }
    prices_[t] = std::move(r);
    return *prices_[t];
}

}  // namespace tessera
