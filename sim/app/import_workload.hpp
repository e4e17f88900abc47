// `tessera import`: a recorded trace into a workload.
#pragma once

#include "sim/traces/import_summary.hpp"
#include "sim/traces/rules.hpp"
#include "sim/traces/workload.hpp"

#include <string>
#include <vector>

namespace tessera {

// Shipped rule files (configs/rules), by name.
std::vector<std::string> shipped_rules();

// `rules`: files or names of shipped ones, tried in order for each kernel. Without any: of the shipped files the one
// that names kernels with the largest share of the time. ConfigError, ModelError as read_kineto, read_rules and
// import_trace.
traces::ImportedWorkload import_kineto(const std::string& trace, const std::vector<std::string>& rules);

// What was recognised, for the console and as JSON.
std::string import_text(const traces::ImportedWorkload& w);
std::string import_json(const traces::ImportedWorkload& w);

}  // namespace tessera
