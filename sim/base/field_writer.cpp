#include "sim/base/field_writer.hpp"

#include "sim/base/error.hpp"

#include <cmath>

namespace tessera {

JsonValue plain_number(double v) {
    const bool whole = std::abs(v) < 1e15 && v == std::floor(v);
    return whole ? JsonValue::integer(static_cast<std::int64_t>(v)) : JsonValue::number(v);
}

FieldVisitor::Visit FieldWriter::begin(const Section& s, std::size_t layer) {
    if (layer > 0) { return Visit::stop; }
    open_.emplace_back(s.name, JsonValue::object());
    return Visit::visit;
}

void FieldWriter::end() {
    auto closed = std::move(open_.back());
    open_.pop_back();
    if (open_.empty()) {
        root_ = std::move(closed.second);
    } else {
        open_.back().second.set(std::move(closed.first), std::move(closed.second));
    }
}

void FieldWriter::put(const Field& f, JsonValue v) { open_.back().second.set(f.name, std::move(v)); }

void FieldWriter::on_bool(const Field& f, bool& v) { put(f, JsonValue::boolean(v)); }

void FieldWriter::on_integer(const Field& f, std::int64_t& v) { put(f, JsonValue::integer(v)); }

void FieldWriter::on_number(const Field& f, double& v) { put(f, plain_number(v)); }

void FieldWriter::on_text(const Field& f, std::string& v) { put(f, JsonValue::string(v)); }

void FieldWriter::on_choice(const Field& f, const std::vector<std::string>& names, std::size_t& index) {
    invariant(index < names.size(), "a configured choice is none of its allowed names");
    put(f, JsonValue::string(names[index]));
}

void FieldWriter::on_quantity(const Field& f, Dimension d, std::int64_t& raw) {
    put(f, JsonValue::string(integer_quantity_text(raw, d)));
}

void FieldWriter::on_quantity(const Field& f, Dimension d, double& raw) {
    put(f, JsonValue::string(real_quantity_text(raw, d)));
}

void FieldWriter::on_integers(const Field& f, std::vector<std::int64_t>& v) {
    JsonValue array = JsonValue::array();
    for (const std::int64_t i : v) { array.push(JsonValue::integer(i)); }
    put(f, std::move(array));
}

void FieldWriter::on_options(const Field& f, NamedOptions& v) {
    JsonValue object = JsonValue::object();
    for (const auto& [slug, parameters] : v) {
        JsonValue values = JsonValue::object();
        for (const auto& [name, text] : parameters) { values.set(name, parse_json(text, f.name)); }
        object.set(slug, std::move(values));
    }
    put(f, std::move(object));
}

namespace {

void flatten_into(const JsonValue& v, const std::string& pointer,
                  std::vector<std::pair<std::string, std::string>>& out) {
    if (!v.is_object() || v.members().empty()) {
        out.emplace_back(pointer, write_json(v, 0));
        return;
    }
    for (const auto& [key, member] : v.members()) { flatten_into(member, pointer + pointer_token(key), out); }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> flatten(const JsonValue& document) {
    std::vector<std::pair<std::string, std::string>> out;
    flatten_into(document, "", out);
    return out;
}

}  // namespace tessera
