// What a workload's tokens cost on each variant, and workloads against proposals in one table.
#pragma once

#include "sim/report/side_by_side.hpp"

namespace tessera::report {

// A line per run that has such figures: tokens per second of a GPU, GPU hours and US dollars per 10^12 tokens, and what
// of these the variant saves.
Table throughput_table(const Comparison& c);
Section throughput_section(const Comparison& c);

// A line per proposal alone and all together, a column per result: speed-up, the bound, what limits then.
Table summary_table(const std::vector<NamedResult>& results);
// The baselines' throughput and cost, a line per result.
Table cost_table(const std::vector<NamedResult>& results);

}  // namespace tessera::report
