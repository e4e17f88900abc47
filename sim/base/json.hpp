// A JSON document that remembers where each value stood, and a deterministic writer. Parsing keeps integers
// exact, refuses duplicate keys and reports line and column; nlohmann/json stays behind json.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tessera {

class JsonValue {
public:
    enum class Kind : std::uint8_t { null, boolean, integer, number, string, array, object };
    using Member = std::pair<std::string, JsonValue>;

    JsonValue() = default;
    static JsonValue boolean(bool v);
    static JsonValue integer(std::int64_t v);
    static JsonValue number(double v);  // NaN and infinities: InternalError
    static JsonValue string(std::string v);
    static JsonValue array();
    static JsonValue object();

    Kind kind() const { return kind_; }
    bool is_null() const { return kind_ == Kind::null; }
    bool is_object() const { return kind_ == Kind::object; }
    bool is_array() const { return kind_ == Kind::array; }
    bool is_string() const { return kind_ == Kind::string; }
    bool is_number() const { return kind_ == Kind::number || kind_ == Kind::integer; }

    // Each throws InternalError if the kind differs: readers check first.
    bool as_boolean() const;
    std::int64_t as_integer() const;
    double as_double() const;  // integer or number
    const std::string& as_string() const;
    const std::vector<JsonValue>& items() const;
    const std::vector<Member>& members() const;  // in document order

    const JsonValue* find(std::string_view key) const;  // object member or nullptr
    JsonValue& set(std::string key, JsonValue v);       // adds or replaces; keeps insertion order
    JsonValue& push(JsonValue v);
    std::vector<JsonValue>& mutable_items();
    std::vector<Member>& mutable_members();

    int line = 0, column = 0;  // 1-based position in the source text; 0: made in memory

private:
    Kind kind_ = Kind::null;
    bool boolean_ = false;
    std::int64_t integer_ = 0;
    double number_ = 0;
    std::string string_;
    std::vector<JsonValue> items_;
    std::vector<Member> members_;
};

std::string_view to_string(JsonValue::Kind k);  // "an object", "a string", ... for messages

std::string pointer_token(std::string_view key);  // "/" and the key, escaped as a JSON pointer (RFC 6901) asks

// Throws ConfigError naming `file`, line, column: malformed text, duplicate keys, depth over 128, numbers out
// of range. `//` comments are allowed (starter configs are commented).
JsonValue parse_json(std::string_view text, const std::string& file);
JsonValue read_json_file(const std::string& path);  // ConfigError if missing, unreadable or over 1 GiB

// Canonical text: members in order, shortest round-trip numbers, two-space indent (indent 0: one line).
std::string write_json(const JsonValue& v, int indent = 2);

// Writes to a temporary name beside `path`, then renames: the file appears whole or not at all.
// ConfigError if the folder is missing or not writable.
void write_file_atomically(const std::string& path, std::string_view content);

}  // namespace tessera
