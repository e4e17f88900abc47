#include "sim/app/kept_apart.hpp"

#include "sim/lower/lower.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace tessera {
namespace {

// The tasks of the first iterations that hold every role: layers of a kind are alike. Their sum needs no order, so
// waits for the others are dropped, and what those write is there.
TaskGraph representative(const TaskGraph& graph) {
    std::map<int, std::set<std::string>> roles;  // by iteration
    for (const Task& t : graph.tasks) { roles[t.iteration].insert(t.role); }
    std::set<std::string> known;
    std::set<int> kept;
    for (const auto& [iteration, here] : roles) {
        const std::size_t before = known.size();
        known.insert(here.begin(), here.end());
        if (known.size() > before) { kept.insert(iteration); }
    }
    TaskGraph out = graph;
    out.tasks.clear();
    std::set<std::string> made_elsewhere;
    std::vector<TaskId> ids(graph.tasks.size(), -1);
    for (Task t : graph.tasks) {
        if (kept.count(t.iteration) == 0) {
            for (const Operand* o : writes(t.kernel)) { made_elsewhere.insert(std::string(o->tensor)); }
            continue;
        }
        std::vector<TaskId> deps;
        for (const TaskId dep : t.deps) {
            const TaskId id = ids[static_cast<std::size_t>(dep)];
            if (id >= 0) { deps.push_back(id); }
        }
        t.deps = std::move(deps);
        const auto id = static_cast<TaskId>(out.tasks.size());
        ids[static_cast<std::size_t>(t.id)] = id;
        t.id = id;
        out.tasks.push_back(std::move(t));
    }
    out.inputs.insert(out.inputs.end(), made_elsewhere.begin(), made_elsewhere.end());
    return out;
}

class Tuner {
public:
    Tuner(const TaskGraph& graph, const PassList& passes, const SystemConfig& system, KernelBook& book)
        : graph_(representative(graph)), passes_(passes), system_(system), book_(book) {}

    KeptApart tune() {
        std::vector<std::string> roles = fused_roles();
        KeptApart apart, all(roles.begin(), roles.end());
        best_ = cost(apart);
        take_if_faster(apart, all);
        for (bool changed = true; changed;) {
            changed = false;
            std::vector<std::string> weighed;
            for (const std::string& role : roles) {
                KeptApart other = apart;
                if (other.erase(role) == 0) { other.insert(role); }
                const Time before = best_;
                const Time time = take_if_faster(apart, other);
                changed = changed || time < before;
                if (time == before) {  // it vanishes with another one, or in any case
                    apart.erase(role);
                } else {
                    weighed.push_back(role);
                }
            }
            roles = std::move(weighed);
        }
        return apart;
    }

private:
    Time take_if_faster(KeptApart& apart, const KeptApart& other) {
        const Time time = cost(other);
        if (time < best_) {
            best_ = time;
            apart = other;
        }
        return time;
    }

    TaskGraph rewritten(const KeptApart& apart) const { return run_passes(graph_, passes_, system_, apart); }

    // Of tasks that vanish when everything is fused, in the order of the graph. Some vanish in any case.
    std::vector<std::string> fused_roles() const {
        std::set<std::string> left;
        for (const Task& t : rewritten({}).tasks) { left.insert(t.name); }
        std::vector<std::string> roles;
        for (const Task& t : graph_.tasks) {
            const bool known = std::find(roles.begin(), roles.end(), t.role) != roles.end();
            if (left.count(t.name) == 0 && !known) { roles.push_back(t.role); }
        }
        return roles;
    }

    Time cost(const KeptApart& apart) {
        const TaskGraph lowered = finish_lowering(rewritten(apart), system_);
        Time sum{};
        for (const Task& t : lowered.tasks) {
            const Stream& stream = lowered.streams[static_cast<std::size_t>(t.stream)];
            if (stream.role != StreamRole::compute) { continue; }
            int sms = system_.sm.count;
            for (const int limit : {stream.max_sms, t.sms}) {
                if (limit > 0) { sms = std::min(sms, limit); }
            }
            const Time time = book_.price(book_.add(t.kernel), sms).time + system_.launch.kernel_gap;
            sum += time * static_cast<double>(t.repeat);
        }
        return sum;
    }

    const TaskGraph graph_;
    const PassList& passes_;
    const SystemConfig& system_;
    KernelBook& book_;
    Time best_{};  // of what was taken so far
};

}  // namespace

KeptApart kept_apart(const TaskGraph& graph, const PassList& passes, const SystemConfig& system, KernelBook& book) {
    const auto offers = [](const auto& pass) { return pass->offers_choice(); };
    if (std::none_of(passes.begin(), passes.end(), offers)) { return {}; }
    book.set_clock(system.power.sustained_clock);
    return Tuner(graph, passes, system, book).tune();
}

}  // namespace tessera
