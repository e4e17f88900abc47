// Validation set "h800-train": the simulated training chunk against DeepSeek's published profile of it.
#pragma once

#include "sim/app/measured_timeline.hpp"
#include "sim/app/validation_report.hpp"
#include "sim/config/run_config.hpp"
#include "sim/result/run_result.hpp"

#include <optional>

namespace tessera {

// Predictions of `result` for every measured kernel (family: its class), every operator class (family
// "operator class") and the wall time (family "wall"). A kernel that the run does not launch is not covered.
ValidationReport compare_timelines(const RunResult& result, const MeasuredTimeline& measured);

// The published timeline; nothing if the data set is not installed.
std::optional<MeasuredTimeline> h800_train_timeline();

// Simulates `run` without proposals and compares it. ConfigError if the data set is not installed.
ValidationReport validate_h800_train(const RunConfig& run);

}  // namespace tessera
