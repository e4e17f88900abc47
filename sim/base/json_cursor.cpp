#include "sim/base/json_cursor.hpp"

#include "sim/base/error.hpp"

namespace tessera {

JsonCursor JsonCursor::at(const std::string& key) const {
    const JsonValue* member = value_->is_object() ? value_->find(key) : nullptr;
    if (member == nullptr) { fail("member \"" + key + "\" is missing"); }
    return {*member, file_, pointer_ + pointer_token(key)};
}

bool JsonCursor::has(const std::string& key) const {
    const JsonValue* member = value_->is_object() ? value_->find(key) : nullptr;
    return member != nullptr && !member->is_null();
}

std::vector<JsonCursor> JsonCursor::items() const {
    if (!value_->is_array()) { fail("expected an array"); }
    std::vector<JsonCursor> out;
    for (const JsonValue& v : value_->items()) {
        out.emplace_back(v, file_, pointer_ + "/" + std::to_string(out.size()));
    }
    return out;
}

std::vector<std::pair<std::string, JsonCursor>> JsonCursor::members() const {
    if (!value_->is_object()) { fail("expected an object"); }
    std::vector<std::pair<std::string, JsonCursor>> out;
    for (const auto& [key, v] : value_->members()) {
        out.emplace_back(key, JsonCursor(v, file_, pointer_ + pointer_token(key)));
    }
    return out;
}

double JsonCursor::number() const {
    if (!value_->is_number()) { fail("expected a number"); }
    return value_->as_double();
}

double JsonCursor::positive() const {
    if (number() <= 0) { fail("expected a positive number"); }
    return number();
}

std::int64_t JsonCursor::integer() const {
    if (value_->kind() != JsonValue::Kind::integer) { fail("expected an integer"); }
    return value_->as_integer();
}

std::int64_t JsonCursor::count() const {
    if (integer() <= 0) { fail("expected a positive integer"); }
    return integer();
}

std::string JsonCursor::text() const {
    if (!value_->is_string()) { fail("expected a string"); }
    return value_->as_string();
}

bool JsonCursor::boolean() const {
    if (value_->kind() != JsonValue::Kind::boolean) { fail("expected true or false"); }
    return value_->as_boolean();
}

std::vector<double> JsonCursor::numbers() const {
    std::vector<double> out;
    for (const JsonCursor& item : items()) { out.push_back(item.number()); }
    return out;
}

std::int64_t JsonCursor::count_or(const std::string& key, std::int64_t otherwise) const {
    return has(key) ? at(key).count() : otherwise;
}

std::string JsonCursor::text_or(const std::string& key, const std::string& otherwise) const {
    return has(key) ? at(key).text() : otherwise;
}

bool JsonCursor::boolean_or(const std::string& key, bool otherwise) const {
    return has(key) ? at(key).boolean() : otherwise;
}

void JsonCursor::fail(const std::string& message) const { throw ConfigError(file_, pointer_, message); }

}  // namespace tessera
