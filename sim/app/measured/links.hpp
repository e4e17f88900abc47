// Measurements between the GPUs of a node as cases: what the links carry, who drives them, what it costs kernels
// beside. Each quantity of an entry is a case of its own, with a probe that asks the model.
//
// Items from which a constant of the system was taken have "calibration" in their variant or family: that the model
// reproduces them says nothing about its accuracy.
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/base/json_cursor.hpp"

#include <functional>
#include <string>
#include <vector>

namespace tessera::measured {

// The lists of a section: A topology, B latencies, C bandwidth of SMs, D copy engines, E compute beside communication,
// F dispatch and combine. An entry of an unknown list is a case with its problem. `system` tells what L2 holds.
std::vector<Case> link_section(const std::string& name, const JsonCursor& section);

// One configuration of nccl_*.json: collectives by size, the GEMM beside them, grids of their kernels.
std::vector<Case> collective_cases(const JsonCursor& config);

// Rows of deepep_*.json.
std::vector<Case> deepep_cases(const JsonCursor& rows);

// deepep_h800.json: DeepEP's published tables and published latencies of networks, each predicted on the `system` that
// its entry, or else the document, names.
std::vector<Case> published_deepep_cases(const JsonCursor& document);

namespace links {

using Reader = std::function<void(const JsonCursor&, Case&)>;

// Reads one entry; what is wrong with it becomes the case's problem.
void add(std::vector<Case>& out, const JsonCursor& at, const std::string& family, const Reader& read);

// A statistic's median, or a number.
double middle(const JsonCursor& value);

// Readers of one entry each; empty for a list that the section does not have.
Reader latency_reader(const std::string& list);
Reader stream_reader(const std::string& list);
Reader engine_reader(const std::string& list);
Reader row_reader(const std::string& list);
void beside_cases(std::vector<Case>& out, const JsonCursor& section);

Frequency fastest(const SystemConfig& system);  // SMs that wait run at the highest clock

}  // namespace links

}  // namespace tessera::measured
