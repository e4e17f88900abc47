// Configuration files into typed structs, and back into text. All functions throw ConfigError with every problem
// found at once; see json_reader.hpp for how files compose.
#pragma once

#include "sim/base/error.hpp"
#include "sim/config/run_config.hpp"

#include <map>
#include <string>
#include <vector>

namespace tessera {

// A run with what it includes; `sets` are "path=value" and override the files in order.
RunConfig load_run_config(const std::string& path, const std::vector<std::string>& sets = {});

// The run that is simulated when none is named: configs/runs/deepseek_v3_train_chunk.json.
RunConfig default_run_config(const std::vector<std::string>& sets = {});

SystemConfig load_system(const std::string& path);
ModelConfig load_model(const std::string& path);
WorkloadConfig load_workload(const std::string& path);

// A system with the origin of each value, by JSON pointer.
SystemConfig load_system(const std::string& path, std::map<std::string, Provenance>& provenance);

// The folder with the shipped systems/, models/ and runs/ (see data_files.hpp). ConfigError names all places that
// were looked at.
std::string config_root();

// `name` if it is the path of a file, else the shipped file of that name ("h200" -> .../systems/h200.json).
// `kind` is "systems", "models" or "runs". ConfigError with the names that exist if there is no such file.
std::string find_config(const std::string& kind, const std::string& name);
// "systems", "models", "runs", "sweeps": the folders of shipped configurations, each with one kind. A name is given
// once in all.
const std::vector<std::string>& config_kinds();
std::vector<std::string> shipped_configs(const std::string& kind);  // names without .json, sorted

// Rules between values, as problems with JSON pointers below `prefix`; empty if all hold.
std::vector<Diagnostic> check(const SystemConfig& c, const std::string& prefix = {});
std::vector<Diagnostic> check(const ModelConfig& c, const std::string& prefix = {});
std::vector<Diagnostic> check(const WorkloadConfig& c, const std::string& prefix = {});
std::vector<Diagnostic> check(const RunConfig& c);

// Brings effective_json up to date with the values. Where a value differs from what effective_json said before,
// its provenance becomes `origin` ("proposal warp-cast") and `source`.
void record_changes(RunConfig& c, const std::string& origin, const std::string& source = {});

// {"pointer": {"value": ..., "origin": ..., "source": ...}, ...} of every value, canonical text.
std::string provenance_json(const RunConfig& c);

// JSON Schema 2020-12. `kind` is one of schema_kinds(); ConfigError otherwise.
std::string json_schema(const std::string& kind);
std::vector<std::string> schema_kinds();  // "system", "model", "workload", "run"

std::string to_json(const SystemConfig& c);  // canonical text, loads back to the same values
std::string to_json(const WorkloadConfig& c);
std::string to_json(const RunConfig& c);

}  // namespace tessera
