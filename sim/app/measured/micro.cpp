#include "sim/app/measured/micro.hpp"

namespace tessera::measured {

std::vector<MicroQuantity> micro_quantities(const std::string& id) {
    for (const auto& of : {wgmma_quantities, contention_quantities}) {
        std::vector<MicroQuantity> found = of(id);
        if (!found.empty()) { return found; }
    }
    return {};
}

}  // namespace tessera::measured
