// Programs of the microbenchmarks' loops. ModelError for loops that the hardware cannot run.
#pragma once

#include "models/if/program.hpp"
#include "models/sm/probe_loops.hpp"

namespace tessera {

std::unique_ptr<Program> make_probe(const WgmmaLoop& loop, const RunScope& scope, Units& units);

}  // namespace tessera
