// Between Chakra execution traces and workloads: import of one rank's nodes, export of a workload's tasks.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/traces/chakra/et_file.hpp"
#include "sim/traces/workload.hpp"

#include <map>
#include <string>
#include <vector>

namespace tessera::traces {

using RankGroups = std::map<std::string, std::vector<std::int64_t>>;  // communicator groups: name to ranks

// A folder of <name>.<rank>.et files with an optional comm_group.json ({"0": [0, 1, ...]}).
struct EtFolder {
    std::map<int, std::string> files;  // by rank
    RankGroups groups;
};
// ConfigError: no folder, no such file in it, two files of one rank, a group file that does not read.
EtFolder find_et_files(const std::string& folder);

// The nodes of one rank as tasks. Streams: a node's own "stream"; else one each for compute, communication, memory and
// host operations, as ASTRA-sim runs one of each at a time; a stream runs its nodes in the order of start time and id
// as far as dependencies allow. A node without a duration takes what its operations, bytes or collective need at least
// on `system`: the Tensor Cores' BF16 rate, the HBM's, or the link's that its group needs. Notes say what was left out:
// dependencies on nodes that do not exist, attributes that tessera does not know. ConfigError: dependencies in a
// circle.
ImportedWorkload import_et(const EtTrace& trace, const RankGroups& groups, const SystemConfig& system);

// The workload's tasks as nodes: what it was imported from where it was, else compute nodes with duration, operations
// and bytes, exchanges as ALL_TO_ALL, barriers as BARRIER; waits for other streams as data dependencies, the order of a
// stream as control dependencies. Durations in whole microseconds, at least 1 for what took any time.
EtTrace export_et(const ImportedWorkload& w);

// What a node says of a kernel: kind, operations and bytes, or collective and its size. Of recorded ones their bytes.
ChakraFacts chakra_facts(const KernelDesc& kernel);

}  // namespace tessera::traces
