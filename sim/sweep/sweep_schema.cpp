#include "sim/base/json.hpp"
#include "sim/sweep/sweep_config.hpp"

namespace tessera::sweep {
namespace {

// Objectives are added by sweep_schema(); everything that load_sweep() takes is here.
constexpr char schema_text[] = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "tessera sweep",
  "description": "points of a run's design space: axes over its paths and proposals, or a list",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "$schema": {"type": "string"},
    "name": {"type": "string", "description": "in results; the file's own name if not given"},
    "base": {"type": "string", "minLength": 1, "description": "a run's file, relative to this one, or the name of a shipped run"},
    "set": {"type": "object", "description": "paths to values, for every point"},
    "axes": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["path"],
        "properties": {
          "path": {"type": "string", "minLength": 1, "description": "any path that --set takes, proposals, proposals.SLUG or proposals.SLUG.PARAMETER"},
          "values": {"type": "array", "description": "instead of a range"},
          "from": {"anyOf": [{"type": "number"}, {"type": "string"}], "description": "a number or a quantity; included"},
          "to": {"anyOf": [{"type": "number"}, {"type": "string"}], "description": "in the same unit; included"},
          "count": {"type": "integer", "minimum": 1, "description": "values of the range in a grid"},
          "scale": {"enum": ["linear", "log"], "description": "linear if not given"},
          "step": {"type": "number", "exclusiveMinimum": 0, "description": "values are multiples of it"}
        }
      }
    },
    "points": {
      "type": "array",
      "description": "instead of axes: an object from paths to values each",
      "items": {"type": "object"}
    },
    "sample": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "method": {"enum": ["grid", "latin_hypercube", "sobol"], "description": "all combinations if not given"},
        "points": {"type": "integer", "minimum": 1, "maximum": 1000000, "description": "unless a grid"},
        "seed": {"type": "integer", "minimum": 0, "description": "of the Latin hypercube"}
      }
    },
    "filter": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "keep": {"type": "number", "minimum": 1e-6, "maximum": 1, "description": "share of the points that is simulated, the fastest by a roofline"}
      }
    },
    "limits": {
      "type": "object",
      "additionalProperties": false,
      "description": "of one point",
      "properties": {
        "time": {"type": "string", "minLength": 1, "description": "wall time, \"600 s\" if not given"},
        "memory": {"type": "string", "minLength": 1, "description": "address space, \"4 GiB\" if not given"}
      }
    },
    "objectives": {
      "type": "array",
      "description": "of the Pareto front, each the smaller the better"
    }
  }
})json";

}  // namespace

std::string sweep_schema() {
    JsonValue schema = parse_json(schema_text, "schema of sweeps");
    JsonValue names = JsonValue::array();
    for (const std::string& name : objective_names()) { names.push(JsonValue::string(name)); }
    JsonValue items = JsonValue::object();
    items.set("enum", std::move(names));
    JsonValue properties = *schema.find("properties"), objectives = *properties.find("objectives");
    objectives.set("items", std::move(items));
    properties.set("objectives", std::move(objectives));
    schema.set("properties", std::move(properties));
    return write_json(schema);
}

}  // namespace tessera::sweep
