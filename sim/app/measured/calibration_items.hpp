// Which items of a microbenchmark file set a constant of the system config: scripts/silicon/calibrate.py derives the
// constants, and writes down which items they follow from.
#pragma once

#include "sim/base/json.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tessera::measured {

class CalibrationItems {
public:
    CalibrationItems() = default;
    // A file of the form {"items": [{"item": {"id": ..., parameters}, "sets": [constants]}]}. ConfigError if it is not.
    explicit CalibrationItems(const std::string& file);

    // Whether the item is one of them: every parameter of the entry is there and equal.
    bool holds(const JsonValue& item) const;

private:
    using Parameters = std::vector<std::pair<std::string, JsonValue>>;
    std::vector<std::pair<std::string, Parameters>> items_;  // by id
};

// The project's own list, tests/validation/calibration_items.json; none if it is not installed.
CalibrationItems calibration_items();

}  // namespace tessera::measured
