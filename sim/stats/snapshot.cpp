#include "sim/stats/snapshot.hpp"

#include "sim/base/error.hpp"

#include <utility>

namespace tessera {

void StatGroup::claim(std::string_view name) const {
    if (name.empty() || name.find('/') != std::string_view::npos) {
        throw InternalError("\"" + std::string(name) + "\" is no name for a statistic");
    }
    bool taken = false;
    for (const StatEntry& e : entries_) { taken |= e.name == name; }
    for (const StatGroup& g : children_) { taken |= g.name() == name; }
    if (taken) { throw InternalError("two statistics of \"" + name_ + "\" are called \"" + std::string(name) + "\""); }
}

void StatGroup::add(std::string_view name, std::string_view unit, std::string_view description, JsonValue value) {
    claim(name);
    entries_.push_back({std::string(name), std::string(unit), std::string(description), std::move(value)});
}

StatGroup& StatGroup::child(std::string_view name) {
    claim(name);
    return children_.emplace_back(std::string(name));
}

const StatEntry* StatGroup::find(std::string_view path) const {
    const auto slash = path.find('/');
    const std::string_view head = path.substr(0, slash);
    if (slash == std::string_view::npos) {
        for (const StatEntry& e : entries_) {
            if (e.name == head) { return &e; }
        }
        return nullptr;
    }
    for (const StatGroup& g : children_) {
        if (g.name() == head) { return g.find(path.substr(slash + 1)); }
    }
    return nullptr;
}

JsonValue StatGroup::to_json() const {
    JsonValue out = JsonValue::object();
    for (const StatEntry& e : entries_) {
        JsonValue& stat = out.set(e.name, JsonValue::object());
        stat.set("value", e.value);
        stat.set("unit", JsonValue::string(e.unit));
        stat.set("description", JsonValue::string(e.description));
    }
    for (const StatGroup& g : children_) { out.set(g.name(), g.to_json()); }
    return out;
}

}  // namespace tessera
