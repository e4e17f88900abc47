// Reading data files member by member: a value together with its file and JSON pointer, which every complaint names.
// For free-form data; configuration structs are read by json_reader.hpp.
#pragma once

#include "sim/base/json.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tessera {

// Refers to a document that must outlive it. All checks throw ConfigError with file and pointer.
class JsonCursor {
public:
    JsonCursor(const JsonValue& value, std::string file, std::string pointer = {})
        : value_(&value), file_(std::move(file)), pointer_(std::move(pointer)) {}

    JsonCursor at(const std::string& key) const;  // a member that must be there
    bool has(const std::string& key) const;       // there and not null
    std::vector<JsonCursor> items() const;
    std::vector<std::pair<std::string, JsonCursor>> members() const;  // in document order

    double number() const;
    double positive() const;  // above zero
    std::int64_t integer() const;
    std::int64_t count() const;  // an integer above zero
    std::string text() const;
    bool boolean() const;
    std::vector<double> numbers() const;

    // Members by name; the `..._or` forms answer `otherwise` where the member is missing or null.
    std::int64_t count(const std::string& key) const { return at(key).count(); }
    double positive(const std::string& key) const { return at(key).positive(); }
    std::string text(const std::string& key) const { return at(key).text(); }
    std::int64_t count_or(const std::string& key, std::int64_t otherwise) const;
    std::string text_or(const std::string& key, const std::string& otherwise) const;
    bool boolean_or(const std::string& key, bool otherwise) const;

    const JsonValue& value() const { return *value_; }
    const std::string& file() const { return file_; }
    const std::string& pointer() const { return pointer_; }
    [[noreturn]] void fail(const std::string& message) const;

private:
    const JsonValue* value_;
    std::string file_, pointer_;
};

}  // namespace tessera
