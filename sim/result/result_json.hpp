// RunResult and Comparison as JSON, and back.
//
// "tessera.compare/1" is the document of `tessera compare`, "tessera.run/1" that of `tessera run`. Both are written
// canonically (same values, same bytes). Units are SI and stand in the keys: time_s, hbm_bytes, energy_j, sm_clock_hz.
// hbm_bytes, limiter shares and breakdown (seconds per operator class, summed over streams) repeat what other fields
// hold, for readers that want one number.
#pragma once

#include "sim/base/json.hpp"
#include "sim/result/run_result.hpp"

#include <string>

namespace tessera {

// One run with what it takes to read it alone.
struct RunDocument {
    std::string workload, system;
    RunResult run;
    std::string provenance_json;
    std::string code_version;
};

// The documents. `indent` as in write_json.
std::string to_json(const Comparison& c, int indent = 1);
std::string to_json(const RunDocument& d, int indent = 1);
std::string to_json(const RunResult& r, int indent = 0);  // without the frame of a document

// ConfigError naming `file` and the JSON pointer if the text is not such a document or of another schema version.
Comparison comparison_from_json(const std::string& text, const std::string& file);
RunDocument run_from_json(const std::string& text, const std::string& file);
RunResult run_result_from_json(const std::string& text, const std::string& file);

// The schema that a document names, "" if it names none; and the same readers for one that was parsed before.
std::string schema_of(const JsonValue& root);
extern const char compare_schema[];  // "tessera.compare/1"
extern const char run_schema[];      // "tessera.run/1"
Comparison comparison_from_json(const JsonValue& root, const std::string& file);
RunDocument run_from_json(const JsonValue& root, const std::string& file);

}  // namespace tessera
