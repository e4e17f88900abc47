// The speed limit that expert-parallel exchanges alone set to decode: no compute, no overlap, nothing but the links
// (arXiv 2505.09343, section 2.3.2).
#pragma once

#include "sim/config/run_config.hpp"
#include "sim/result/run_result.hpp"

namespace tessera {

// A token's step passes a dispatch (FP8 values, no scales) and a combine (BF16) per layer for each of two micro-batches
// of workload.tokens tokens, one after the other; every token goes to experts_per_token ranks. Each exchange takes what
// the fabric model says of one in flight (models/device/in_flight.hpp). Figures: time per output token and tokens per
// second of one request. ModelError: as the fabric.
RunResult simulate_exchange_limit(const RunConfig& config);

}  // namespace tessera
