// The report's pictures, drawn as inline SVG in the colours of the page.
#pragma once

#include "sim/report/document.hpp"
#include "sim/result/run_result.hpp"

#include <string>
#include <vector>

namespace tessera::report {

// Speed-up of each variant as a bar from 1.0, with a mark at the most that its bound allows.
Figure speedup_chart(const Comparison& c, const std::vector<const VariantOutcome*>& variants);

// The speed-ups of several comparisons next to each other, a group of bars per variant, without the sets that leave
// one proposal out. Empty beyond eight comparisons: no more colours can be told apart.
Figure grouped_speedup_chart(const std::vector<const Comparison*>& comparisons, const std::vector<std::string>& labels);

// From the baseline's wall time to the variant's, one step per operator class on the critical path.
Figure waterfall_chart(const RunResult& baseline, const RunResult& variant);

// Wall time of the baseline and each variant, divided by what limited the critical path.
Figure limiter_chart(const RunResult& baseline, const std::vector<const VariantOutcome*>& variants);

struct TimelineWindow {
    Time start{}, end{};
    bool tooltips = false;  // one description per kernel: for windows of a few hundred kernels
};
// Streams as lanes, kernels coloured by family; the part of a barrier that only waited is grey. Kernels too
// narrow to see are drawn together with their neighbours of the same colour. Empty if nothing ran in the window.
Figure timeline_chart(const RunResult& run, const TimelineWindow& window, const std::string& caption);

// From the first start to the last end of one iteration's spans; zero length if it has none.
TimelineWindow iteration_window(const Timeline& timeline, int iteration);

}  // namespace tessera::report
