#include "models/switch/nv_switch.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

namespace {

double remote_share(int ranks) { return (ranks - 1.0) / ranks; }

void check(double groups, double members, int ranks) {
    const double slack = 1e-9 * std::max(1.0, members);
    if (ranks < 1 || groups < 0 || groups > members + slack) {
        throw ModelError("switch: needs at least one rank and 0 <= groups <= members");
    }
}

// Groups with at least one remote member: all but those whose only member is the own GPU. A group of k members
// drawn without order from `ranks` GPUs has none remote only if k = 1 and that one is the own GPU.
double groups_that_leave(double groups, double members, int ranks) {
    if (ranks == 1) { return 0; }
    const double single = std::clamp(2.0 * groups - members, 0.0, groups);  // at most so many have one member
    return groups - single / ranks;
}

}  // namespace

SwitchParams switch_params(const NvlinkConfig& config) { return {config.switch_multicast, config.switch_reduce}; }

SwitchCopies fan_out(const SwitchParams& params, double groups, double members, int ranks) {
    check(groups, members, ranks);
    const double received = members * remote_share(ranks);
    return {params.multicast ? std::min(received, groups_that_leave(groups, members, ranks)) : received, received};
}

SwitchCopies fan_in(const SwitchParams& params, double groups, double members, int ranks) {
    check(groups, members, ranks);
    const double sent = members * remote_share(ranks);
    return {sent, params.reduce ? std::min(sent, groups_that_leave(groups, members, ranks)) : sent};
}

}  // namespace tessera
