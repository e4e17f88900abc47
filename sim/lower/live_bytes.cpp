#include "sim/lower/live_bytes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace tessera {

namespace {

struct Life {
    std::size_t first = 0, last = 0;
    Bytes size{};
};

}  // namespace

Bytes peak_live_bytes(const TaskGraph& graph) {
    const std::set<std::string> inputs(graph.inputs.begin(), graph.inputs.end());
    std::map<std::string, Life> lives;
    for (std::size_t t = 0; t < graph.tasks.size(); ++t) {
        const auto use = [&](const Operand* o, bool made) {
            if (inputs.count(o->tensor) != 0) { return; }
            const auto known = lives.find(o->tensor);
            if (known == lives.end() && !made) { return; }
            Life& life = known == lives.end() ? lives[o->tensor] : known->second;
            if (known == lives.end()) { life.first = t; }
            life.last = t;
            life.size = std::max(life.size, o->size());
        };
        for (const Operand* o : reads(graph.tasks[t].kernel)) { use(o, false); }
        for (const Operand* o : writes(graph.tasks[t].kernel)) { use(o, true); }
    }
    std::vector<Bytes> begins(graph.tasks.size()), ends(graph.tasks.size());
    for (const auto& [name, life] : lives) {
        begins[life.first] += life.size;
        ends[life.last] += life.size;
    }
    Bytes alive{}, most{};
    for (std::size_t t = 0; t < graph.tasks.size(); ++t) {
        alive += begins[t];
        most = std::max(most, alive);
        alive = alive - ends[t];
    }
    return most;
}

}  // namespace tessera
