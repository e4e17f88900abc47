// Prices of an imported workload: what was recorded, times what the model says a proposal changes.
#pragma once

#include "sim/app/kernel_book.hpp"
#include "sim/ir/task_graph.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tessera {

// One recorded task as the model sees it on the system that it was recorded on.
struct RecordedPrice {
    Time recorded{};
    Time model{};  // of the recorded kernel, on the SMs that it had; 0: not worked out yet, the recorded time stands
    bool waits = false;  // a barrier: its time is mostly waiting for others, which no SM makes faster
    bool beside_links = false;
    Time gap{};  // from the end of all it waited for to its start
};
using RecordedPrices = std::map<std::string, RecordedPrice>;  // by task name

// By task, not by kernel: the same kernel took another time at each of its launches. A kernel's time is
//   recorded x model(now) / model(recorded)
// with both model times on the SMs that it has then and had then. A barrier's is recorded + model(now) -
// model(recorded) and at least model(now). A task that was not recorded (a proposal brought it) has the model's time,
// one whose shape is not known the recorded one.
class CalibratedBook final : public KernelBook {
public:
    // `total`: SMs of the device; `held`: of them by kernels that drive links, while such kernels run.
    CalibratedBook(TimerPool::View timers, bool exact, const TaskGraph& graph, const RecordedPrices& recorded,
                   int total, int held);

    void set_clock(Frequency f, Frequency simulated, const ClockModel* clocks) override;
    // `task` is the task's id; the SMs that replay offers do not count.
    const KernelResult& price(int task, int sms) override;

    int sms_of(int task) const { return sms_.at(static_cast<std::size_t>(task)); }
    // The model's time at the clock of now, on the SMs of now.
    Time model_time(int task);

private:
    const TaskGraph& graph_;
    const RecordedPrices& recorded_;
    std::vector<int> kernels_, sms_;
    std::vector<std::optional<KernelResult>> prices_;
};

// SMs that the task has: its own limit, or all that links leave.
int available_sms(const Task& task, bool beside_links, int total, int held);

// SMs that exchanges and barriers of the graph hold; `otherwise` if it has none.
int held_by_links(const TaskGraph& graph, int otherwise);

}  // namespace tessera
