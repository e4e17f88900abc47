// How much a result hangs on what its workload assumes.
//
// A value of a run's workload is an assumption if its source begins with "assumed" (configs/README.md): give each
// assumed value its source in the configuration, and it is varied here without further code. Each is moved by 20 % down
// and up, everything else as given, and every figure of the result is compared. A count moves by at least one, a switch
// to its other position. A share that would leave its range is moved by the largest of 20, 15, 10 and 5 % that the
// configuration accepts. Assumed values of the system are the business of compare's --uncertainty.
#pragma once

#include "sim/app/parallel.hpp"
#include "sim/config/run_config.hpp"
#include "sim/result/run_result.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tessera {

struct Assumption {
    std::string path;    // as --set takes it: "workload.inference.acceptance"
    std::string value;   // JSON text
    std::string source;  // "assumed: ..."
};

// In the order of the configuration; numbers, quantities and switches only.
std::vector<Assumption> assumptions_of(const RunConfig& config);

struct Sensitivity {
    struct Moved {
        std::string value;                      // empty: nowhere to move
        std::map<std::string, double> figures;  // by name, "time_s" among them
        std::string problem;                    // why there are none: "out of memory: ..."
    };
    struct Row {
        Assumption assumption;
        Moved low, high;
    };
    std::map<std::string, double> figures;  // with everything as given
    std::vector<Row> rows;
};

// `load` reads the run with further "path=value"; `simulate` runs it (run() with timers of the caller's); `jobs` child
// processes at a time. Errors of the run as given are thrown, those of moved ones are their `problem`.
using LoadWith = std::function<RunConfig(const std::vector<std::string>& sets)>;
using SimulateRun = std::function<RunResult(const RunConfig& config)>;
Sensitivity sensitivity(const LoadWith& load, const SimulateRun& simulate, int jobs, const ProgressFn& progress = {});

// "time_s" and the result's figures.
std::map<std::string, double> all_figures(const RunResult& result);

// {"figures": {...}, "assumptions": [{"path", "value", "source", "low": {"value", "change": {figure: share}}, ...}]}
std::string to_json(const Sensitivity& s, int indent = 1);

}  // namespace tessera
