#include "sim/app/drawn_loads.hpp"

#include "sim/config/loader.hpp"

#include <list>
#include <mutex>
#include <string>
#include <utility>

namespace tessera {

const std::vector<deepseek_v3::RankLoad>& drawn_loads(const WorkloadConfig& workload, int ranks) {
    using Drawn = std::pair<std::string, std::vector<deepseek_v3::RankLoad>>;
    constexpr std::size_t kept = 16;
    static std::mutex mutex;
    static std::list<Drawn> known;  // newest first; references stay valid until an entry is dropped
    const std::string key = std::to_string(ranks) + " " + to_json(workload);
    const std::lock_guard<std::mutex> lock(mutex);
    for (auto it = known.begin(); it != known.end(); ++it) {
        if (it->first == key) {
            known.splice(known.begin(), known, it);
            return known.front().second;
        }
    }
    known.emplace_front(key, deepseek_v3::rank_loads(workload, ranks));
    if (known.size() > kept) { known.pop_back(); }
    return known.front().second;
}

}  // namespace tessera
