// An imported workload: recorded kernels as tasks on streams, with what is known of each, as `tessera import` writes it
// and a run reads it (schema tessera.workload/1).
#pragma once

#include "sim/base/json.hpp"
#include "sim/base/units.hpp"
#include "sim/ir/task_graph.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tessera::traces {

// What a Chakra node says beside a task's own members; -1 and empty: nothing.
struct ChakraFacts {
    std::int64_t id = -1;
    std::string kind;  // "compute", "collective", ...
    std::int64_t num_ops = -1, tensor_size = -1, comm_size = -1, comm_priority = -1, comm_src = -1, comm_dst = -1,
                 comm_tag = -1, stream = -1, start_us = -1, duration_us = -1;
    int is_cpu_op = -1;
    std::string collective, group;      // "ALL_REDUCE"; the communicator group
    std::vector<std::int64_t> control;  // ids of nodes that order it without data
    std::vector<std::int64_t> data;
};

struct WorkloadTask {
    std::string name;      // unique
    std::string role;      // what it is irrespective of layer
    std::string op_class;  // "gemm_fp8_fwd", "unknown"
    std::string region;    // the user's named range it was launched in; empty: none
    std::string kernel_name;
    TaskPass pass = TaskPass::other;
    int iteration = 0;
    int stream = 0;
    Time start{};  // from the first task's start
    Time duration{};
    Time gap{};                              // between the end of all it waited for and its start
    std::vector<int> after;                  // tasks of other streams that it waits for
    int sms = 0;                             // SMs of its persistent grid; 0: as many as there are
    bool beside_links = false;               // ran beside communication for at least half its time
    Bytes bytes{};                           // of a copy or fill
    std::optional<JsonValue> kernel;         // kernel_form.hpp; none: only the recorded duration is known
    std::vector<std::string> reads, writes;  // tensor names, in the order of the kernel's operands
    std::optional<ChakraFacts> chakra;
};

struct WorkloadNote {
    std::string what;  // "kernel without a duration"
    std::int64_t count = 0;
    std::vector<std::string> first;
};

struct ImportedWorkload {
    std::string name;
    std::string source;       // "kineto", "chakra"
    std::string source_file;  // its name without folders
    std::string rules;        // names of the rule files, joined by ", "
    std::string device;
    int device_sms = 0;  // 0: the source does not say
    int link_sms = 0;    // SMs that kernels which drive links hold
    int rank = 0, ranks = 1;
    std::vector<Stream> streams;
    std::vector<WorkloadTask> tasks;                          // every task after all that it waits for
    std::vector<WorkloadNote> notes;                          // what was left out or guessed
    std::map<std::string, std::vector<std::int64_t>> groups;  // communicator groups: ranks by name
    Time wall() const;                                        // last end
};

// The whole numbers of ChakraFacts, by name.
struct ChakraMember {
    const char* name;
    std::int64_t ChakraFacts::*field;
};
const std::vector<ChakraMember>& chakra_members();

std::string to_json(const ImportedWorkload& w);
// ConfigError with file and pointer: another schema, members missing or out of range, a task that waits for a later
// one, a kernel form that does not read.
ImportedWorkload workload_from_json(const JsonValue& document, const std::string& file);
ImportedWorkload read_workload(const std::string& path);
// JSON Schema 2020-12 of the format.
std::string workload_schema();

// The task graph: recognised kernels with their descriptions, the others with their recorded durations. Tensors that
// nobody writes are inputs; BF16 and wider results live on after the graph, since kernels that were not recognised may
// read them; what is quantized is read by those that are recognised only.
TaskGraph workload_graph(const ImportedWorkload& w);

}  // namespace tessera::traces
