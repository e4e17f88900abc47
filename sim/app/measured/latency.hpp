// Items of a microbenchmark of memory latency (section A) as cases: a chase through lines that L2 or HBM holds.
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/base/json_cursor.hpp"

namespace tessera::measured {

// Fills `out` from one item. ModelError: a latency that the model does not tell from others.
void read_latency(const JsonCursor& item, Case& out);

}  // namespace tessera::measured
