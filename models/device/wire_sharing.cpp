#include "models/device/wire_sharing.hpp"

#include "sim/base/error.hpp"
#include "sim/base/normal.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

Time over_wires(Time alone, Time wire, int flows) {
    if (flows < 1) { throw ModelError("an exchange over NVLink needs at least one flow"); }
    const double think = to_seconds(alone), demand = to_seconds(wire) / flows;
    double waiting = 0, round = 0;  // waiting: at each of the two ways
    for (int n = 1; n <= flows; ++n) {
        const double residence = demand * (1 + waiting);
        round = think + 2 * residence;
        waiting = round > 0 ? n * residence / round : 0;
    }
    return seconds(round);
}

double QueueSpread::beyond_median() const { return relative / std::sqrt(2 * std::acos(-1.0)); }

QueueSpread queue_spread(double drawn, double kept, double queues) {
    if (!(kept >= 0) || kept > drawn * (1 + 1e-9)) { throw ModelError("a queue takes more tokens than there are"); }
    QueueSpread s;
    if (!(kept > 0) || !(queues > 1)) { return s; }
    const double share = std::min(1.0, kept / drawn);
    s.relative = std::sqrt((1 - share) / kept);
    s.longest = s.relative * normal_quantile((queues - 0.375) / (queues + 0.25));
    return s;
}

double busiest_gpu(double node, int nodes, int gpus) {
    if (nodes < 2 || gpus <= nodes || !(node > 1)) { return 1; }
    const auto largest = [](double n) { return normal_quantile((n - 0.375) / (n + 0.25)); };
    const double spread = (node - 1) / largest(nodes) * std::sqrt(static_cast<double>(gpus) / nodes);
    return 1 + largest(gpus) * spread;
}

Time with_longest(Time shared, Time alone, const QueueSpread& spread) {
    return shared * (1 - std::min(1.0, spread.beyond_median())) + alone * spread.longest;
}

}  // namespace tessera
