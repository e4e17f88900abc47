#include "sim/base/json.hpp"

#include "sim/base/error.hpp"

#include <cmath>

namespace tessera {

JsonValue JsonValue::boolean(bool v) {
    JsonValue j;
    j.kind_ = Kind::boolean;
    j.boolean_ = v;
    return j;
}

JsonValue JsonValue::integer(std::int64_t v) {
    JsonValue j;
    j.kind_ = Kind::integer;
    j.integer_ = v;
    return j;
}

JsonValue JsonValue::number(double v) {
    invariant(std::isfinite(v), "a JSON number must be finite");
    JsonValue j;
    j.kind_ = Kind::number;
    j.number_ = v;
    return j;
}

JsonValue JsonValue::string(std::string v) {
    JsonValue j;
    j.kind_ = Kind::string;
    j.string_ = std::move(v);
    return j;
}

JsonValue JsonValue::array() {
    JsonValue j;
    j.kind_ = Kind::array;
    return j;
}

JsonValue JsonValue::object() {
    JsonValue j;
    j.kind_ = Kind::object;
    return j;
}

bool JsonValue::as_boolean() const {
    invariant(kind_ == Kind::boolean, "JSON value is not a boolean");
    return boolean_;
}

std::int64_t JsonValue::as_integer() const {
    invariant(kind_ == Kind::integer, "JSON value is not an integer");
    return integer_;
}

double JsonValue::as_double() const {
    invariant(is_number(), "JSON value is not a number");
    return kind_ == Kind::integer ? static_cast<double>(integer_) : number_;
}

const std::string& JsonValue::as_string() const {
    invariant(is_string(), "JSON value is not a string");
    return string_;
}

const std::vector<JsonValue>& JsonValue::items() const {
    invariant(is_array(), "JSON value is not an array");
    return items_;
}

const std::vector<JsonValue::Member>& JsonValue::members() const {
    invariant(is_object(), "JSON value is not an object");
    return members_;
}

std::vector<JsonValue>& JsonValue::mutable_items() {
    invariant(is_array(), "JSON value is not an array");
    return items_;
}

std::vector<JsonValue::Member>& JsonValue::mutable_members() {
    invariant(is_object(), "JSON value is not an object");
    return members_;
}

const JsonValue* JsonValue::find(std::string_view key) const {
    for (const Member& m : members()) {
        if (m.first == key) { return &m.second; }
    }
    return nullptr;
}

JsonValue& JsonValue::set(std::string key, JsonValue v) {
    for (Member& m : mutable_members()) {
        if (m.first == key) { return m.second = std::move(v); }
    }
    return members_.emplace_back(std::move(key), std::move(v)).second;
}

JsonValue& JsonValue::push(JsonValue v) { return mutable_items().emplace_back(std::move(v)); }

std::string_view to_string(JsonValue::Kind k) {
    switch (k) {
        case JsonValue::Kind::null: return "null";
        case JsonValue::Kind::boolean: return "a boolean";
        case JsonValue::Kind::integer: return "an integer";
        case JsonValue::Kind::number: return "a number";
        case JsonValue::Kind::string: return "a string";
        case JsonValue::Kind::array: return "an array";
        case JsonValue::Kind::object: return "an object";
    }
    throw InternalError("unknown JSON kind");
}

}  // namespace tessera
