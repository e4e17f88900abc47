// The shipped systems, read once per test program.
#pragma once

#include "sim/config/loader.hpp"

namespace tessera::testing {

inline const SystemConfig& h800() {
    static const SystemConfig system = load_system(find_config("systems", "h800"));
    return system;
}

inline const SystemConfig& h200() {
    static const SystemConfig system = load_system(find_config("systems", "h200"));
    return system;
}

}  // namespace tessera::testing
