// Items of micro.json that are no kernels: sections D (TMA), E (wgmma), F (CUDA cores, shared memory), G (launch,
// barriers, atomics) and J (device facts). Each becomes one case per measured quantity, answered by a probe of the
// device model; which of them set constants, calibration_items.hpp knows.
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/base/json_cursor.hpp"

#include <functional>
#include <string>
#include <vector>

namespace tessera::measured {

// One measured quantity of an item; fills unit, measured, clock, shape and probe of a case whose family and id are set.
struct MicroQuantity {
    std::string suffix;  // of the family, empty for an item of one quantity
    std::function<void(const JsonCursor& item, Case& out)> read;
};

// The quantities of an item by its id; empty if no probe is known for it.
std::vector<MicroQuantity> micro_quantities(const std::string& id);

std::vector<MicroQuantity> core_quantities(const std::string& id);
std::vector<MicroQuantity> cost_quantities(const std::string& id);
std::vector<MicroQuantity> device_quantities(const std::string& id);
std::vector<MicroQuantity> tma_quantities(const std::string& id);
std::vector<MicroQuantity> wgmma_quantities(const std::string& id);
std::vector<MicroQuantity> check_quantities(const std::string& id);
std::vector<MicroQuantity> contention_quantities(const std::string& id);  // section H

}  // namespace tessera::measured
