#include "models/hbm/loaded_latency.hpp"

#include "sim/base/error.hpp"

namespace tessera {

Time queue_wait(const HbmConfig& config, double load) {
    if (!(load >= 0)) { throw ModelError("hbm: a load must not be negative"); }
    if (load >= 1) { return config.queue_limit; }
    return min(config.queue_limit, config.queue_service * (load / (2 * (1 - load))));
}

}  // namespace tessera
