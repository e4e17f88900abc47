// The figures that the model is meant to reach, group of cases by group, and how it stands to them.
#pragma once

#include "sim/app/case_filter.hpp"

#include <string>
#include <vector>

namespace tessera {

struct AccuracyGoal {
    std::string name;  // "dense GEMM"
    CaseFilter cases;
    double median = 0, p90 = 0, worst = 0, mean = 0;  // limits on the absolute values; 0: none is stated
    bool power_model = false;                         // of predictions that were not told the clock
    bool full_coverage = true;                        // a case that is not covered misses the goal
};

// A file of the form {"goals": [{"name", "families", ..., "median", "p90", "worst",
// "mean"}]}, see case_filter.hpp.
// ConfigError if it cannot be read, or a limit is negative, or a goal has no limit.
std::vector<AccuracyGoal> read_accuracy_goals(const std::string& file);

// The project's own, tests/validation/goals.json; empty if it is not installed.
std::vector<AccuracyGoal> accuracy_goals();

// Those goals that any case of the report is about, in their order.
std::vector<GoalCheck> check_goals(const std::vector<AccuracyGoal>& goals, const ValidationReport& report);

}  // namespace tessera
