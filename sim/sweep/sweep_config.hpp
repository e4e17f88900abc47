// A sweep file: which points of a run's design space to look at. Strict as every configuration: all problems at once.
//
// {"name": "memory-and-engines", "base": "deepseek_v3_train_chunk", "set": {"workload.layers": 1},
//  "axes": [{"path": "system.hbm.peak", "from": "3 TB/s", "to": "8 TB/s", "count": 4, "scale": "log"},
//           {"path": "proposals.comm-coprocessor.engines", "values": [1, 2, 4]}],
//  "sample": {"method": "grid"}, "filter": {"keep": 0.5},
//  "limits": {"time": "300 s", "memory": "4 GiB"}, "objectives": ["time_s", "energy_j"]}
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tessera::sweep {

// One value of one path: any path of a run that --set takes, "proposals.SLUG" (true: on, false: off),
// "proposals.SLUG.PARAMETER" (switches it on unless the former says no) or "proposals" (the whole choice).
struct Setting {
    std::string path;
    std::string value;  // JSON text
    bool operator==(const Setting& o) const { return path == o.path && value == o.value; }
};

struct Axis {
    std::string path;
    std::vector<std::string> values;  // JSON texts; empty: a range
    // A range in `unit` (empty: a plain number), ends included; `step`: values are its multiples, 0: any.
    double from = 0, to = 0, step = 0;
    std::string unit;
    bool logarithmic = false, whole = false;  // whole: plain integers
    int count = 0;                            // of values in a grid

    std::size_t levels() const { return values.empty() ? static_cast<std::size_t>(count) : values.size(); }
    std::string level(std::size_t i) const;  // JSON text of value i < levels()
    std::string at(double share) const;      // share in [0, 1): of the range, or of the list
};

enum class Method { grid, list, latin_hypercube, sobol };

struct SweepConfig {
    std::string name, file;
    std::string base;               // path of the run's file
    std::vector<std::string> sets;  // "path=value", for every point
    std::vector<Axis> axes;
    Method method = Method::grid;
    std::vector<std::vector<Setting>> list;       // Method::list
    std::size_t sampled = 0;                      // points of Latin hypercube and Sobol
    std::uint64_t seed = 1;                       // of the Latin hypercube
    double keep = 1;                              // share of the points that is simulated, the fastest by the roofline
    double seconds = 600;                         // wall time of one point
    std::int64_t memory = std::int64_t{4} << 30;  // address space of one point, bytes
    std::vector<std::string> objectives = {"time_s", "energy_j"};  // of the Pareto front, each smaller is better
};

// What a point can be judged by: see point.hpp.
const std::vector<std::string>& objective_names();

// ConfigError with every problem: unknown keys and paths, empty ranges, values that the path does not take. `sets` of
// the command line come after the file's own.
SweepConfig load_sweep(const std::string& path, const std::vector<std::string>& sets = {});

// JSON Schema 2020-12 of a sweep file.
std::string sweep_schema();

// The file of a sweep and of its base without any other file, for another machine: the base as it is with the sets,
// and the sweep that names it "base.json". `workload` is the text of an imported workload's file, which the base then
// names "workload.json"; empty if there is none.
struct PortableSweep {
    std::string sweep_json, base_json, workload;
};
PortableSweep portable(const SweepConfig& config);

}  // namespace tessera::sweep
