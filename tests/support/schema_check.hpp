// The part of JSON Schema 2020-12 that tessera's schemas use, for tests that hold files against them.
#pragma once

#include "sim/base/json.hpp"

#include <regex>
#include <string>

namespace tessera::testing {

inline bool has_type(const JsonValue& v, const std::string& type) {
    return (type == "object" && v.is_object()) || (type == "array" && v.is_array()) ||
           (type == "string" && v.is_string()) || (type == "number" && v.is_number()) ||
           (type == "integer" && v.kind() == JsonValue::Kind::integer) ||
           (type == "boolean" && v.kind() == JsonValue::Kind::boolean);
}

// "" if `v` is valid, else the first reason.
inline std::string schema_problem(const JsonValue& v, const JsonValue& schema, const std::string& at = "");

inline std::string number_problem(const JsonValue& v, const JsonValue& schema, const std::string& at) {
    const JsonValue* low = schema.find("minimum");
    const JsonValue* above = schema.find("exclusiveMinimum");
    const JsonValue* high = schema.find("maximum");
    if ((low != nullptr && v.as_double() < low->as_double()) ||
        (high != nullptr && v.as_double() > high->as_double()) ||
        (above != nullptr && v.as_double() <= above->as_double())) {
        return at + ": out of range";
    }
    return {};
}

inline std::string string_problem(const JsonValue& v, const JsonValue& schema, const std::string& at) {
    const JsonValue* pattern = schema.find("pattern");
    if (pattern != nullptr && !std::regex_search(v.as_string(), std::regex(pattern->as_string()))) {
        return at + ": " + v.as_string() + " does not match " + pattern->as_string();
    }
    const JsonValue* length = schema.find("minLength");
    return length != nullptr && v.as_string().empty() ? at + ": empty" : "";
}

inline std::string object_problem(const JsonValue& v, const JsonValue& schema, const std::string& at) {
    if (const JsonValue* required = schema.find("required")) {
        for (const JsonValue& key : required->items()) {
            if (v.find(key.as_string()) == nullptr) { return at + ": lacks " + key.as_string(); }
        }
    }
    const JsonValue* properties = schema.find("properties");
    const JsonValue* others = schema.find("additionalProperties");
    const JsonValue* names = schema.find("propertyNames");
    for (const auto& [key, member] : v.members()) {
        const std::string inside = at + "/" + key;
        const JsonValue* known = properties == nullptr ? nullptr : properties->find(key);
        std::string problem;
        if (names != nullptr) { problem = schema_problem(JsonValue::string(key), *names, inside); }
        if (problem.empty() && known != nullptr) {
            problem = schema_problem(member, *known, inside);
        } else if (problem.empty() && others != nullptr && others->is_object()) {
            problem = schema_problem(member, *others, inside);
        } else if (problem.empty() && others != nullptr) {
            problem = inside + ": not allowed";
        }
        if (!problem.empty()) { return problem; }
    }
    return {};
}

inline std::string schema_problem(const JsonValue& v, const JsonValue& schema, const std::string& at) {
    if (const JsonValue* type = schema.find("type")) {
        if (!has_type(v, type->as_string())) { return at + ": is not of type " + type->as_string(); }
    }
    if (const JsonValue* names = schema.find("enum")) {
        bool found = false;
        for (const JsonValue& n : names->items()) {
            found = found || (v.is_string() && v.as_string() == n.as_string());
        }
        if (!found) { return at + ": is none of the names"; }
    }
    if (const JsonValue* options = schema.find("anyOf")) {
        std::string all;
        for (const JsonValue& option : options->items()) {
            const std::string problem = schema_problem(v, option, at);
            if (problem.empty()) { return {}; }
            all += problem + "; ";
        }
        return all;
    }
    if (const JsonValue* condition = schema.find("if")) {
        const bool holds = schema_problem(v, *condition, at).empty();
        const std::string problem = schema_problem(v, *schema.find(holds ? "then" : "else"), at);
        if (!problem.empty()) { return problem; }
    }
    if (const JsonValue* items = schema.find("items"); items != nullptr && v.is_array()) {
        for (const JsonValue& item : v.items()) {
            const std::string problem = schema_problem(item, *items, at + "/#");
            if (!problem.empty()) { return problem; }
        }
    }
    if (v.is_number()) { return number_problem(v, schema, at); }
    if (v.is_string()) { return string_problem(v, schema, at); }
    return v.is_object() ? object_problem(v, schema, at) : "";
}

}  // namespace tessera::testing
