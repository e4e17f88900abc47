#include "models/smem/l1.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

double l1_misses(Bytes footprint, const SharedMemoryConfig& l1) {
    if (l1.l1_capacity.raw() <= 0 || l1.l1_latency.raw() <= 0) {
        throw ModelError("the L1 of this system is not known (/sm/smem/l1_capacity, l1_latency)");
    }
    const double beyond = std::max(0.0, to_double(footprint) - to_double(l1.l1_capacity));
    return std::min(1.0, beyond * (l1.l1_ways + 1) / std::max(1.0, to_double(footprint)));
}

}  // namespace tessera
