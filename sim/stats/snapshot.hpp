// Statistics at one moment, as a tree of plain values: a unit fills a group from its typed members, the parent
// hangs the group under its own. There is no registry: who owns a unit asks it.
#pragma once

#include "sim/base/json.hpp"
#include "sim/base/units.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tessera {

// The unit in which a statistic's value is printed: the quantity's canonical unit.
template <class Q>
struct StatUnit;
// clang-format off
template <> struct StatUnit<std::int64_t> { static constexpr const char* text = "count"; };
template <> struct StatUnit<Time> { static constexpr const char* text = "fs"; };
template <> struct StatUnit<Bytes> { static constexpr const char* text = "B"; };
template <> struct StatUnit<Flops> { static constexpr const char* text = "FLOP"; };
template <> struct StatUnit<Energy> { static constexpr const char* text = "J"; };
template <> struct StatUnit<Cycles> { static constexpr const char* text = "cycle"; };
// clang-format on

// A value as JSON, integers exact; InternalError if it is NaN or infinite.
inline JsonValue stat_value(std::int64_t v) { return JsonValue::integer(v); }
inline JsonValue stat_value(double v) { return JsonValue::number(v); }
template <class Tag, class Rep>
JsonValue stat_value(Quantity<Tag, Rep> q) {
    return stat_value(q.raw());
}

struct StatEntry {
    std::string name, unit, description;
    JsonValue value;
};

class StatGroup {
public:
    explicit StatGroup(std::string name = {}) : name_(std::move(name)) {}

    // InternalError if the name is empty, holds a '/' or is taken in this group.
    void add(std::string_view name, std::string_view unit, std::string_view description, JsonValue value);
    StatGroup& child(std::string_view name);

    const std::string& name() const { return name_; }
    const std::vector<StatEntry>& entries() const { return entries_; }
    const std::deque<StatGroup>& children() const { return children_; }

    // "hbm/channel0/read"; nullptr if absent.
    const StatEntry* find(std::string_view path) const;

    // {name: {"value", "unit", "description"}, ..., child: {...}, ...} in the order of adding.
    JsonValue to_json() const;

private:
    void claim(std::string_view name) const;
    std::string name_;
    std::vector<StatEntry> entries_;
    std::deque<StatGroup> children_;  // references handed out stay valid
};

}  // namespace tessera
