#include "sim/result/archive.hpp"

#include "sim/base/error.hpp"

#include <cmath>
#include <limits>

namespace tessera::result {
namespace {

// The enumerator that is written as `name`; enumerators run from 0 to `last`.
template <class Enum>
Enum enum_of(const JsonValue& j, const Place& p, Enum last) {
    std::string name;
    from_value(j, p, name);
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        if (to_string(static_cast<Enum>(i)) == name) { return static_cast<Enum>(i); }
    }
    p.fail("a known name, not \"" + name + "\"");
}

}  // namespace

void Place::fail(const std::string& expected) const { throw ConfigError(*file, pointer, "expected " + expected); }

JsonValue to_value(bool v) { return JsonValue::boolean(v); }
JsonValue to_value(int v) { return JsonValue::integer(v); }
JsonValue to_value(double v) { return JsonValue::number(v); }
JsonValue to_value(const std::string& v) { return JsonValue::string(v); }
JsonValue to_value(Time v) { return JsonValue::number(to_seconds(v)); }
JsonValue to_value(Bytes v) { return JsonValue::integer(v.raw()); }
JsonValue to_value(Flops v) { return JsonValue::number(v.raw()); }
JsonValue to_value(Frequency v) { return JsonValue::number(v.raw()); }
JsonValue to_value(Energy v) { return JsonValue::number(v.raw()); }
JsonValue to_value(Limiter v) { return JsonValue::string(std::string(to_string(v))); }
JsonValue to_value(TaskPass v) { return JsonValue::string(std::string(to_string(v))); }

JsonValue to_value(const std::vector<std::string>& v) {
    JsonValue array = JsonValue::array();
    for (const std::string& s : v) { array.push(JsonValue::string(s)); }
    return array;
}

JsonValue to_value(const std::map<std::string, double>& v) {
    JsonValue object = JsonValue::object();
    for (const auto& [key, value] : v) { object.set(key, JsonValue::number(value)); }
    return object;
}

const JsonValue& member(const JsonValue& object, const Place& p, const std::string& key) {
    if (!object.is_object()) { p.fail("an object"); }
    const JsonValue* found = object.find(key);
    if (found == nullptr) { p.fail("a member \"" + key + "\""); }
    return *found;
}

const std::vector<JsonValue>& elements(const JsonValue& array, const Place& p) {
    if (!array.is_array()) { p.fail("an array"); }
    return array.items();
}

void from_value(const JsonValue& j, const Place& p, bool& v) {
    if (j.kind() != JsonValue::Kind::boolean) { p.fail("true or false"); }
    v = j.as_boolean();
}

void from_value(const JsonValue& j, const Place& p, int& v) {
    if (j.kind() != JsonValue::Kind::integer || j.as_integer() < std::numeric_limits<int>::min() ||
        j.as_integer() > std::numeric_limits<int>::max()) {
        p.fail("a whole number");
    }
    v = static_cast<int>(j.as_integer());
}

void from_value(const JsonValue& j, const Place& p, double& v) {
    if (!j.is_number()) { p.fail("a number"); }
    v = j.as_double();
}

void from_value(const JsonValue& j, const Place& p, std::string& v) {
    if (!j.is_string()) { p.fail("a string"); }
    v = j.as_string();
}

void from_value(const JsonValue& j, const Place& p, Time& v) {
    double s = 0;
    from_value(j, p, s);
    if (std::abs(s) > to_seconds(Time::max())) { p.fail("a time in seconds"); }
    v = seconds(s);
}

void from_value(const JsonValue& j, const Place& p, Bytes& v) {
    if (j.kind() != JsonValue::Kind::integer) { p.fail("a whole number of bytes"); }
    v = bytes(j.as_integer());
}

void from_value(const JsonValue& j, const Place& p, Flops& v) {
    double n = 0;
    from_value(j, p, n);
    v = flops(n);
}

void from_value(const JsonValue& j, const Place& p, Frequency& v) {
    double n = 0;
    from_value(j, p, n);
    v = hertz(n);
}

void from_value(const JsonValue& j, const Place& p, Energy& v) {
    double n = 0;
    from_value(j, p, n);
    v = joules(n);
}

void from_value(const JsonValue& j, const Place& p, Limiter& v) { v = enum_of(j, p, Limiter::wait); }
void from_value(const JsonValue& j, const Place& p, TaskPass& v) { v = enum_of(j, p, TaskPass::other); }

void from_value(const JsonValue& j, const Place& p, std::vector<std::string>& v) {
    v.clear();
    for (const JsonValue& element : elements(j, p)) {
        from_value(element, p.at(std::to_string(v.size())), v.emplace_back());
    }
}

void from_value(const JsonValue& j, const Place& p, std::map<std::string, double>& v) {
    if (!j.is_object()) { p.fail("an object"); }
    for (const auto& [key, value] : j.members()) { from_value(value, p.at(key), v[key]); }
}

}  // namespace tessera::result
