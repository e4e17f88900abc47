// What a sweep leaves: one JSON per point, results.json with the analysis, results.csv. Point by point from the store
// to the file, so that memory does not grow with the points; the same bytes however the points were run.
#pragma once

#include "sim/sweep/analysis.hpp"
#include "sim/sweep/sweep.hpp"

#include <iosfwd>
#include <optional>
#include <string>

namespace tessera::sweep {

// {"schema": "tessera.sweep.point/1", "index", "key", "parameters": {path: value}, "status", "reason" unless done,
//  "speedup" against the reference, "speedup_per_watt" (the reference's energy over its own), "speedup_per_mm2"
//  (speed-up beyond 1 per nominal mm2 of added silicon; null without any), and what point.hpp keeps of a simulation}
JsonValue point_json(const Outcomes& outcomes, std::size_t point, const JsonValue& reference);

// Present if the sweep is a full grid over proposals on and off, and every point of it was simulated.
struct Attribution {
    std::vector<std::string> proposals;
    std::vector<double> shapley_s;                    // time saved
    std::vector<std::vector<double>> interactions_s;  // pairs
    struct Best {
        std::vector<std::string> proposals;
        std::size_t point = 0;
        double time_s = 0, speedup = 0;
    };
    std::vector<Best> best;  // of 0, 1, 2, ... proposals
};

struct Analysis {
    std::size_t done = 0, filtered = 0, skipped = 0, limited = 0;  // limited: time, memory, died
    JsonValue reference;                                           // of point.hpp's simulate()
    double reference_time_s = 0;
    std::vector<std::size_t> pareto;
    std::vector<Effect> effects;
    HeatMap heat;
    std::optional<Attribution> attribution;
};
Analysis analyse(const Outcomes& outcomes);

// results.json (schema tessera.sweep/1) and results.csv, line by line. InternalError never; the streams' own state says
// whether they could be written.
void write_results_json(std::ostream& out, const Outcomes& outcomes, const Analysis& analysis);
void write_results_csv(std::ostream& out, const Outcomes& outcomes, const Analysis& analysis);

// For the terminal: how many points, the fastest ones, the front, what each axis is worth, the attribution.
std::string summary_text(const Outcomes& outcomes, const Analysis& analysis);

}  // namespace tessera::sweep
