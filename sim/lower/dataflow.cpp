#include "sim/lower/dataflow.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace tessera {

namespace {

using Writers = std::map<std::string, TaskId>;  // last writer in list order

// Calls visit(task, operand read, its last writer or -1) in list order.
template <class Visit>
void for_each_read(const TaskGraph& g, Visit visit) {
    Writers last;
    for (const Task& t : g.tasks) {
        for (const Operand* o : reads(t.kernel)) {
            const auto it = last.find(o->tensor);
            visit(t, *o, it == last.end() ? -1 : it->second);
        }
        for (const Operand* o : writes(t.kernel)) { last[o->tensor] = t.id; }
    }
}

// For each task, the latest task of every stream that is certainly done when it starts. Streams run in order, so
// one position per stream describes all ancestors. Tasks are listed in an order in which each comes after its
// dependencies only within streams, so the positions are found by walking until nothing changes.
class Ancestors {
public:
    explicit Ancestors(const TaskGraph& g) : streams_(g.streams.size()), done_(g.tasks.size() * streams_, -1) {
        std::vector<TaskId> previous(g.tasks.size(), -1), last(streams_, -1);
        for (const Task& t : g.tasks) {
            previous[index(t.id)] = last[index(t.stream)];
            last[index(t.stream)] = t.id;
        }
        for (bool changed = true; changed;) {
            changed = false;
            for (const Task& t : g.tasks) {
                if (previous[index(t.id)] >= 0) { changed |= inherit(g, t.id, previous[index(t.id)]); }
                for (const TaskId d : t.deps) { changed |= inherit(g, t.id, d); }
            }
        }
    }
    bool before(const TaskGraph& g, TaskId earlier, TaskId later) const {
        return done_[index(later) * streams_ + index(g.tasks[index(earlier)].stream)] >= earlier;
    }

private:
    static std::size_t index(std::int32_t v) { return static_cast<std::size_t>(v); }
    bool raise(TaskId& position, TaskId to) {
        if (position >= to) { return false; }
        position = to;
        return true;
    }
    bool inherit(const TaskGraph& g, TaskId task, TaskId from) {
        bool changed = raise(done_[index(task) * streams_ + index(g.tasks[index(from)].stream)], from);
        for (std::size_t s = 0; s < streams_; ++s) {
            changed |= raise(done_[index(task) * streams_ + s], done_[index(from) * streams_ + s]);
        }
        return changed;
    }

    std::size_t streams_;
    std::vector<TaskId> done_;  // by task and stream; ids grow along a stream
};

}  // namespace

std::vector<Orphan> unwritten_reads(const TaskGraph& g) {
    const std::set<std::string> inputs(g.inputs.begin(), g.inputs.end());
    std::vector<Orphan> orphans;
    for_each_read(g, [&](const Task& t, const Operand& o, TaskId writer) {
        if (writer < 0 && inputs.count(o.tensor) == 0) { orphans.push_back({t.name, o.tensor}); }
    });
    return orphans;
}

std::vector<Orphan> unread_writes(const TaskGraph& g) {
    std::set<std::string> wanted(g.outputs.begin(), g.outputs.end());
    std::vector<Orphan> orphans;
    for (auto t = g.tasks.rbegin(); t != g.tasks.rend(); ++t) {
        for (const Operand* o : writes(t->kernel)) {
            if (wanted.count(o->tensor) == 0) { orphans.push_back({t->name, o->tensor}); }
        }
        for (const Operand* o : reads(t->kernel)) { wanted.insert(o->tensor); }
    }
    std::reverse(orphans.begin(), orphans.end());
    return orphans;
}

std::vector<Orphan> unordered_reads(const TaskGraph& g) {
    const Ancestors ancestors(g);
    std::vector<Orphan> orphans;
    for_each_read(g, [&](const Task& t, const Operand& o, TaskId writer) {
        if (writer >= 0 && !ancestors.before(g, writer, t.id)) { orphans.push_back({t.name, o.tensor}); }
    });
    return orphans;
}

void check_dataflow(const TaskGraph& g) {
    std::string problems;
    for (const Orphan& o : unwritten_reads(g)) {
        problems += "\n  " + o.task + " reads " + o.tensor + ", never written";
    }
    for (const Orphan& o : unordered_reads(g)) {
        problems += "\n  " + o.task + " reads " + o.tensor + " without waiting for its writer";
    }
    if (!problems.empty()) { throw InternalError("task graph '" + g.name + "':" + problems); }
}

}  // namespace tessera
