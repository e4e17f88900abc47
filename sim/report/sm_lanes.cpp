#include "sim/report/sm_lanes.hpp"

#include <algorithm>
#include <map>

namespace tessera::report {
namespace {

bool drives_links(const Span& s) { return s.op_class.rfind("comm_", 0) == 0; }

// "0-111", "131", "3-5 8"
std::string ranges(const std::vector<int>& sms) {
    std::string out;
    for (std::size_t i = 0; i < sms.size();) {
        std::size_t end = i;
        while (end + 1 < sms.size() && sms[end + 1] == sms[end] + 1) { ++end; }
        out += (out.empty() ? "" : " ") + std::to_string(sms[i]) + (end > i ? "-" + std::to_string(sms[end]) : "");
        i = end + 1;
    }
    return out;
}

}  // namespace

std::vector<SmLane> sm_lanes(const Timeline& timeline, int sms) {
    std::vector<Time> free_at(static_cast<std::size_t>(std::max(sms, 0)));
    std::vector<std::vector<std::size_t>> held(free_at.size());
    for (std::size_t i = 0; i < timeline.spans.size(); ++i) {
        const Span& s = timeline.spans[i];
        int left = std::min(s.sms, sms);
        for (std::size_t n = 0; n < free_at.size() && left > 0; ++n) {
            const std::size_t sm = drives_links(s) ? free_at.size() - 1 - n : n;
            if (free_at[sm] > s.start) { continue; }
            free_at[sm] = s.end;
            held[sm].push_back(i);
            --left;
        }
    }
    std::map<std::vector<std::size_t>, std::vector<int>> by_history;
    for (std::size_t sm = 0; sm < held.size(); ++sm) {
        if (!held[sm].empty()) { by_history[held[sm]].push_back(static_cast<int>(sm)); }
    }
    std::vector<std::pair<int, SmLane>> lanes;
    for (auto& [history, list] : by_history) {
        lanes.push_back({list.front(), {(list.size() > 1 ? "SMs " : "SM ") + ranges(list), history}});
    }
    std::sort(lanes.begin(), lanes.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<SmLane> out;
    for (auto& [first, lane] : lanes) { out.push_back(std::move(lane)); }
    return out;
}

}  // namespace tessera::report
