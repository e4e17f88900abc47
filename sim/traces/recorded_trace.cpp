#include "sim/traces/recorded_trace.hpp"

namespace tessera::traces {

NameId NameTable::id(std::string_view text) {
    const auto [it, fresh] = ids_.try_emplace(std::string(text), static_cast<NameId>(texts_.size()));
    if (fresh) {
        texts_.emplace_back(text);
        bytes_ += 2 * text.size();
    }
    return it->second;
}

void Leftovers::add(const std::string& reason, std::string_view where) {
    constexpr std::size_t shown = 5;
    Entry& e = entries_[reason];
    ++e.count;
    if (e.first.size() < shown) { e.first.emplace_back(where); }
}

}  // namespace tessera::traces
