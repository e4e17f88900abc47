// Checks that a graph's tensors make sense: everything read has been written, and written before it is read.
#pragma once

#include "sim/ir/task_graph.hpp"

#include <string>
#include <vector>

namespace tessera {

// A tensor without a partner.
struct Orphan {
    std::string task;
    std::string tensor;
};

// Reads of tensors that no task before writes and that are not inputs of the graph.
std::vector<Orphan> unwritten_reads(const TaskGraph& g);
// Writes that nobody reads later and that are not outputs: work that could be left out.
std::vector<Orphan> unread_writes(const TaskGraph& g);
// Reads whose writer is not ordered before the reader by streams and event waits.
std::vector<Orphan> unordered_reads(const TaskGraph& g);

// Throws InternalError that names every unwritten and every unordered read.
void check_dataflow(const TaskGraph& g);

}  // namespace tessera
