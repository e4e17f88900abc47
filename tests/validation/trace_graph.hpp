// The operator graph of the measured training chunk, and the built graph condensed to the same operators.
#pragma once

#include "sim/base/json.hpp"
#include "sim/ir/task_graph.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace tessera::validation {

// One operator of one iteration: a kernel, or a run of small kernels that the trace's analysis took together.
struct Operator {
    std::string id;  // "aF.q_b_proj"
    std::string region, op_class, pass;
    std::set<std::int64_t> streams;  // of the trace: 7, 23, 27
    int kernels = 0;
    std::int64_t sms = 0;  // 0: every free SM
    std::int64_t m = 0, n = 0, k = 0, groups = 0;
    double flops = 0, bytes_read = 0, bytes_written = 0;
    std::set<std::string> depends_on;  // operators whose results it uses; "prev:" of the previous iteration
    std::set<std::string> waits_for;   // last operator of each region that its region waits for on another stream
};

// By iteration, in issue order. ConfigError if the file is not of the form of graph.json.
std::vector<std::vector<Operator>> measured_operators(const JsonValue& graph, int iterations);
std::vector<std::vector<Operator>> built_operators(const TaskGraph& graph, int iterations);

// "aF.q_b_proj: bytes_read: built 44236800, measured 44040192", sorted by operator; one entry per operator and field
// with the largest relative difference over the iterations.
struct Difference {
    std::string op, field, built, measured;
    double relative = 0;  // of numbers; 1 for anything else
};
std::vector<Difference> compare(const std::vector<std::vector<Operator>>& built,
                                const std::vector<std::vector<Operator>>& measured);

}  // namespace tessera::validation
