// Files of Chakra execution traces (MLCommons, https://github.com/mlcommons/chakra): the nodes of one rank.
#pragma once

#include "sim/traces/recorded_trace.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tessera::traces {

enum class EtKind : std::uint8_t { invalid, metadata, mem_load, mem_store, compute, send, receive, collective };

// A node's attributes as ASTRA-sim names them; -1 or empty: the node has none. Integers of any kind are accepted.
struct EtNode {
    std::uint64_t id = 0;
    std::string name;
    EtKind kind = EtKind::compute;
    std::vector<std::uint64_t> ctrl_deps, data_deps;
    std::uint64_t start_us = 0, duration_us = 0;
    std::optional<bool> is_cpu_op;
    std::int64_t num_ops = -1, tensor_size = -1;  // floating-point operations; bytes
    std::int64_t comm_type = -1, comm_size = -1;  // collective (order of the schema), bytes
    std::int64_t comm_priority = -1, comm_src = -1, comm_dst = -1, comm_tag = -1;
    std::int64_t stream = -1;
    std::string pg_name;  // communicator group
};

struct EtTrace {
    std::string version;
    std::vector<EtNode> nodes;
    bool complete = true;  // false: the file ends or breaks off early
    Leftovers left_out;    // attributes and nodes that say nothing tessera knows, by reason
};

// Collectives by their number in the schema: "ALL_REDUCE", ...; "" beyond.
std::string collective_name(std::int64_t type);
std::int64_t collective_number(const std::string& name);  // -1: none of that name

// ConfigError: no such file, no metadata at its start, no node, more than four million nodes. A message beyond 64 MiB
// or one that does not parse ends the trace (complete = false).
EtTrace read_et(const std::string& path);
EtTrace parse_et(const std::string& bytes, const std::string& file);
// The bytes of such a file; the same trace gives the same bytes.
std::string et_bytes(const EtTrace& trace);

}  // namespace tessera::traces
