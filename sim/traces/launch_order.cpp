#include "sim/traces/launch_order.hpp"

#include <algorithm>

namespace tessera::traces {
namespace {

constexpr std::int64_t resolution_ns = 1000;
std::size_t index(int v) { return static_cast<std::size_t>(v); }

}  // namespace

LaunchOrder::LaunchOrder(const std::vector<RecordedKernel>& kernels, const std::vector<std::int64_t>& launched)
    : kernels_(kernels), launched_(launched) {
    for (std::size_t i = 0; i < kernels.size(); ++i) {
        if (launched[i] >= 0) { order_[kernels[i].stream].push_back(static_cast<int>(i)); }
    }
    std::size_t most = 0;
    for (auto& [stream, list] : order_) {
        std::stable_sort(list.begin(), list.end(),
                         [&](int a, int b) { return launched[index(a)] < launched[index(b)]; });
        streams_.push_back(stream);
        if (list.size() > most) {
            most = list.size();
            main_ = stream;
        }
    }
}

int LaunchOrder::first_after(std::int64_t stream, std::int64_t at) const {
    const auto found = order_.find(stream);
    if (found == order_.end()) { return -1; }
    const auto& list = found->second;
    const auto it =
        std::upper_bound(list.begin(), list.end(), at, [&](std::int64_t t, int k) { return t < launched_[index(k)]; });
    return it == list.end() ? -1 : *it;
}

int LaunchOrder::last_before(std::int64_t stream, std::int64_t at) const {
    const auto found = order_.find(stream);
    if (found == order_.end()) { return -1; }
    const auto& list = found->second;
    const auto it =
        std::lower_bound(list.begin(), list.end(), at, [&](int k, std::int64_t t) { return launched_[index(k)] < t; });
    return it == list.begin() ? -1 : *(it - 1);
}

int LaunchOrder::last_ended(std::int64_t stream, std::int64_t at, std::int64_t by) const {
    const auto found = order_.find(stream);
    if (found == order_.end()) { return -1; }
    const auto& list = found->second;
    const auto launched =
        std::lower_bound(list.begin(), list.end(), at, [&](int k, std::int64_t t) { return launched_[index(k)] < t; });
    // A stream runs its kernels in the order of launch, so their ends ascend.
    const auto ended = std::upper_bound(list.begin(), launched, by + resolution_ns,
                                        [&](std::int64_t t, int k) { return t < kernels_[index(k)].end_ns(); });
    return ended == list.begin() ? -1 : *(ended - 1);
}

}  // namespace tessera::traces
