// One description of a result's fields, used in both directions: describe(archive, value) visits the fields of a
// value, JsonOut writes them, JsonIn reads them back. Quantities are plain numbers in SI units, named by their key's
// ending (_s, _bytes, _hz, _j). Internal to sim/result.
#pragma once

#include "sim/base/json.hpp"
#include "sim/base/units.hpp"
#include "sim/ir/kernel_result.hpp"
#include "sim/ir/task_graph.hpp"

#include <map>
#include <string>
#include <vector>

namespace tessera::result {

JsonValue to_value(bool v);
JsonValue to_value(int v);
JsonValue to_value(double v);
JsonValue to_value(const std::string& v);
JsonValue to_value(Time v);  // seconds
JsonValue to_value(Bytes v);
JsonValue to_value(Flops v);
JsonValue to_value(Frequency v);  // hertz
JsonValue to_value(Energy v);     // joules
JsonValue to_value(Limiter v);
JsonValue to_value(TaskPass v);
JsonValue to_value(const std::vector<std::string>& v);
JsonValue to_value(const std::map<std::string, double>& v);

// Where a value being read stands, for messages.
struct Place {
    const std::string* file = nullptr;
    std::string pointer;
    Place at(const std::string& key) const { return {file, pointer + "/" + key}; }
    [[noreturn]] void fail(const std::string& expected) const;  // ConfigError
};

void from_value(const JsonValue& j, const Place& p, bool& v);
void from_value(const JsonValue& j, const Place& p, int& v);
void from_value(const JsonValue& j, const Place& p, double& v);
void from_value(const JsonValue& j, const Place& p, std::string& v);
void from_value(const JsonValue& j, const Place& p, Time& v);
void from_value(const JsonValue& j, const Place& p, Bytes& v);
void from_value(const JsonValue& j, const Place& p, Flops& v);
void from_value(const JsonValue& j, const Place& p, Frequency& v);
void from_value(const JsonValue& j, const Place& p, Energy& v);
void from_value(const JsonValue& j, const Place& p, Limiter& v);
void from_value(const JsonValue& j, const Place& p, TaskPass& v);
void from_value(const JsonValue& j, const Place& p, std::vector<std::string>& v);
void from_value(const JsonValue& j, const Place& p, std::map<std::string, double>& v);
const JsonValue& member(const JsonValue& object, const Place& p, const std::string& key);  // ConfigError if missing
const std::vector<JsonValue>& elements(const JsonValue& array, const Place& p);

// Names and values of one table row.
struct RowOut {
    std::vector<std::string> columns;
    JsonValue row = JsonValue::array();
    template <class T>
    void field(const char* key, T& v) {
        columns.emplace_back(key);
        row.push(to_value(v));
    }
};

struct RowIn {
    const std::vector<JsonValue>* cells = nullptr;
    Place place;
    std::size_t next = 0;
    template <class T>
    void field(const char* key, T& v) {
        if (next >= cells->size()) { place.at(std::to_string(next)).fail(std::string("a value of column ") + key); }
        from_value((*cells)[next], place.at(std::to_string(next)), v);
        ++next;
    }
};

class JsonOut {
public:
    template <class T>
    void field(const char* key, T& v) {
        object.set(key, to_value(v));
    }
    // Follows from other fields: written for readers of the file, not read back.
    template <class T>
    void derived(const char* key, const T& v) {
        object.set(key, to_value(v));
    }
    // Only some results have it: left out when empty.
    template <class T>
    void some(const char* key, T& v) {
        if (!v.empty()) { field(key, v); }
    }
    template <class T>
    void group(const char* key, T& v) {
        JsonOut inner;
        describe(inner, v);
        object.set(key, std::move(inner.object));
    }
    // Results of earlier versions lack it: `recorded` says whether this one has it.
    template <class T>
    void recent_field(const char* key, T& v, bool recorded) {
        if (recorded) { field(key, v); }
    }
    template <class T>
    void recent_group(const char* key, T& v, bool recorded) {
        if (recorded) { group(key, v); }
    }
    template <class T>
    void list(const char* key, std::vector<T>& v) {
        JsonValue array = JsonValue::array();
        for (T& element : v) {
            JsonOut inner;
            describe(inner, element);
            array.push(std::move(inner.object));
        }
        object.set(key, std::move(array));
    }
    // A list whose field names are written once: {"columns": [...], "rows": [[...], ...]}.
    template <class T>
    void table(const char* key, std::vector<T>& v) {
        T blank;
        RowOut header;
        describe(header, blank);
        JsonValue rows = JsonValue::array();
        for (T& element : v) {
            RowOut row;
            describe(row, element);
            rows.push(std::move(row.row));
        }
        JsonValue table = JsonValue::object();
        table.set("columns", to_value(header.columns));
        table.set("rows", std::move(rows));
        object.set(key, std::move(table));
    }
    JsonValue object = JsonValue::object();
};

class JsonIn {
public:
    JsonIn(const JsonValue& object, Place place) : object_(object), place_(std::move(place)) {}
    template <class T>
    void field(const char* key, T& v) {
        from_value(member(object_, place_, key), place_.at(key), v);
    }
    template <class T>
    void derived(const char*, const T&) {}
    template <class T>
    void some(const char* key, T& v) {
        if (object_.find(key) != nullptr) { field(key, v); }
    }
    template <class T>
    void group(const char* key, T& v) {
        JsonIn inner(member(object_, place_, key), place_.at(key));
        describe(inner, v);
    }
    template <class T>
    void recent_field(const char* key, T& v, bool& recorded) {
        recorded = recorded && object_.find(key) != nullptr;
        if (recorded) { field(key, v); }
    }
    template <class T>
    void recent_group(const char* key, T& v, bool& recorded) {
        recorded = recorded && object_.find(key) != nullptr;
        if (recorded) { group(key, v); }
    }
    template <class T>
    void list(const char* key, std::vector<T>& v) {
        const Place place = place_.at(key);
        for (const JsonValue& element : elements(member(object_, place_, key), place)) {
            JsonIn inner(element, place.at(std::to_string(v.size())));
            describe(inner, v.emplace_back());
        }
    }
    template <class T>
    void table(const char* key, std::vector<T>& v) {
        const Place place = place_.at(key);
        const JsonValue& table = member(object_, place_, key);
        T blank;
        RowOut header;
        describe(header, blank);
        std::vector<std::string> columns;
        from_value(member(table, place, "columns"), place.at("columns"), columns);
        if (columns != header.columns) { place.at("columns").fail("the columns of this version of the result"); }
        const Place rows = place.at("rows");
        for (const JsonValue& cells : elements(member(table, place, "rows"), rows)) {
            const Place here = rows.at(std::to_string(v.size()));
            RowIn row{&elements(cells, here), here};
            describe(row, v.emplace_back());
        }
    }

private:
    const JsonValue& object_;
    Place place_;
};

}  // namespace tessera::result
