// A measured timeline as data: durations of every kernel, totals, and the tolerances a prediction is held to.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tessera {

struct MeasuredKernel {  // every launch of one role in one region
    std::string region, role, op_class;
    std::vector<std::vector<double>> us;  // by iteration, in order of launch
    std::vector<double> group_us;         // by iteration, if launches overlap: from first start to last end
};
struct MeasuredTimeline {
    std::string source;
    double wall_us = 0;
    std::vector<std::pair<std::string, double>> class_us;  // totals; overlapping launches count as their group
    std::vector<MeasuredKernel> kernels;
    double wall_tolerance = 0;                         // relative
    double class_tolerance = 0;                        // relative, for classes above
    double class_threshold = 0;                        // this share of the wall
    std::map<std::string, std::string> known_reasons;  // by operator class: why predictions are off, as far as known
};

// Reads measured.json and tolerances.json of `folder`. ConfigError naming the file and the missing or wrong member.
MeasuredTimeline read_measured_timeline(const std::string& folder);

}  // namespace tessera
