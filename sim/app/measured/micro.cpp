#include "sim/app/measured/micro.hpp"

namespace tessera::measured {

std::vector<MicroQuantity> micro_quantities(const std::string& id) {
    for (const auto& of : {core_quantities, cost_quantities, device_quantities, tma_quantities, wgmma_quantities,
                           check_quantities, contention_quantities}) {
        std::vector<MicroQuantity> found = of(id);
        if (!found.empty()) { return found; }
    }
    return {};
}

}  // namespace tessera::measured
