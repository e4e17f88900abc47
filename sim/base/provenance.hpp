// Where a configured value came from.
#pragma once

#include <string>

namespace tessera {

// Where an effective value came from: "configs/systems/h800.json", "default", "--set", "proposal warp-cast".
struct Provenance {
    std::string origin;
    std::string source;  // the source text beside the value, if the file gives one
};

}  // namespace tessera
