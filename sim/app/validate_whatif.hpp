// Validation set "whatif": kernels measured in two forms that differ by one switch. The predicted ratio of their times
// must be the measured one, since a proposal's gain is such a ratio.
#pragma once

#include "sim/app/validate_measured.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tessera {

// Cases whose times, summed up on either side, are divided: `over` by `under`.
struct WhatifPair {
    std::string family;   // which switch: "promotion", "transposed operands", "fewer SMs", ...
    std::string variant;  // what the switch was set to
    std::string id;
    std::vector<std::size_t> over, under;  // indices of cases
};

// The pairs among `cases`:
//   promotion            scaled or promoted FP8 against accumulation in the Tensor Core alone, same shape and SMs
//   transposed operands  bf16_nn and bf16_nt against bf16_tn of the same shape, else of the same extents in another
//                        order (data and weight gradient against the forward product of a layer)
//   fewer SMs            the same product on fewer SMs against all
//   fused transposition  cast and transposition in one kernel against two kernels
//   narrower input       cast-and-transpose that reads FP8 against one that reads BF16
//   warm L2              the same kernel with its inputs in L2 against after a flush
std::vector<WhatifPair> whatif_pairs(const std::vector<measured::Case>& cases);

// Each pair as a case of unit "ratio"; `judged` belongs to the cases that the pairs name.
std::vector<ValidationCase> judge_pairs(const std::vector<WhatifPair>& pairs,
                                        const std::vector<ValidationCase>& judged);

// All pairs of the H200 sets.
ValidationReport validate_whatif(const SystemConfig& system, const ValidateOptions& options);

}  // namespace tessera
