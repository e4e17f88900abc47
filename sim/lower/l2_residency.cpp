#include "sim/lower/l2_residency.hpp"

#include "sim/base/error.hpp"
#include "sim/config/system_config.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace tessera {

namespace {

// Tensors in the order of their last use, with the bytes last touched of each.
class RecentTensors {
public:
    explicit RecentTensors(double capacity) : capacity_(capacity) {}

    // Bytes of other tensors touched since this one was; infinite if it is not among the recent ones.
    double bytes_since(const std::string& tensor) const {
        double sum = 0;
        for (auto it = entries_.rbegin(); it != entries_.rend(); ++it) {
            if (it->tensor == tensor) { return sum; }
            sum += it->bytes;
        }
        return std::numeric_limits<double>::infinity();
    }

    void touch(const Operand& o) {
        const auto it =
            std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.tensor == o.tensor; });
        if (it != entries_.end()) { entries_.erase(it); }
        entries_.push_back({o.tensor, to_double(o.size())});
        double held = 0;
        for (auto e = entries_.rbegin(); e != entries_.rend(); ++e) {
            held += e->bytes;
            if (held > capacity_) {  // older ones can never be found again
                entries_.erase(entries_.begin(), std::prev(e.base()));
                break;
            }
        }
    }

private:
    struct Entry {
        std::string tensor;
        double bytes;
    };
    double capacity_;
    std::vector<Entry> entries_;  // oldest first
};

}  // namespace

TaskGraph L2ResidencyPass::run(TaskGraph graph, const SystemConfig& system) const {
    const double capacity = to_double(system.l2.capacity) * system.l2.effective_capacity;
    invariant(capacity > 0, "L2 residency needs an L2 capacity");
    RecentTensors compute(capacity), communication(capacity);
    for (Task& t : graph.tasks) {
        const StreamRole role = graph.streams[static_cast<std::size_t>(t.stream)].role;
        RecentTensors& recent = role == StreamRole::compute ? compute : communication;
        for (Operand* o : mutable_reads(t.kernel)) {
            o->l2_resident = to_double(o->size()) + recent.bytes_since(o->tensor) <= capacity ? 1.0 : 0.0;
        }
        for (const Operand* o : reads(t.kernel)) { recent.touch(*o); }
        for (const Operand* o : writes(t.kernel)) { recent.touch(*o); }
    }
    return graph;
}

TaskGraph with_residency_of(TaskGraph graph, const TaskGraph& reference) {
    invariant(graph.tasks.size() == reference.tasks.size(), "residency of another graph: the tasks differ");
    for (std::size_t t = 0; t < graph.tasks.size(); ++t) {
        const std::vector<Operand*> to = mutable_reads(graph.tasks[t].kernel);
        const std::vector<const Operand*> from = reads(reference.tasks[t].kernel);
        invariant(to.size() == from.size(), "residency of another graph: the operands differ");
        for (std::size_t o = 0; o < to.size(); ++o) { to[o]->l2_resident = from[o]->l2_resident; }
    }
    return graph;
}

}  // namespace tessera
