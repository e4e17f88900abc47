// `tessera import chakra` and `tessera export chakra`: folders of per-rank execution traces.
#pragma once

#include "sim/config/run_config.hpp"
#include "sim/traces/workload.hpp"

#include <map>
#include <string>

namespace tessera {

// The trace of `rank` in `folder`, with its communicator groups; the other ranks' files are held against it: notes say
// how many have other numbers of nodes or of collectives. `system`: file or shipped name, for nodes without a duration.
// ConfigError, ModelError as find_et_files, read_et, import_et.
traces::ImportedWorkload import_chakra(const std::string& folder, int rank, const std::string& system);

// `name`: a workload file, else a run, whose baseline is simulated for the durations of its tasks.
traces::ImportedWorkload exportable_workload(const std::string& name);

// The files of an export: <name>.<rank>.et for each of `ranks` ranks, which run the same program, and comm_group.json.
// Collectives without a group get one of all ranks.
std::map<std::string, std::string> chakra_files(traces::ImportedWorkload w, int ranks);

}  // namespace tessera
