#include "sim/base/json_schema.hpp"

#include "sim/base/field_writer.hpp"

#include <cmath>

namespace tessera {
namespace {

JsonValue typed(const char* type) {
    JsonValue v = JsonValue::object();
    v.set("type", JsonValue::string(type));
    return v;
}

void add_range(JsonValue& schema, const Field& f) {
    schema.set(f.above_minimum ? "exclusiveMinimum" : "minimum", plain_number(f.minimum));
    if (std::isfinite(f.maximum)) { schema.set("maximum", plain_number(f.maximum)); }
}

// "sources": keys are names of this section's values, one or several separated by commas.
JsonValue sources_schema(const JsonValue& properties) {
    std::string names;
    for (const auto& member : properties.members()) { names += (names.empty() ? "(" : "|") + member.first; }
    names += ")";
    JsonValue keys = typed("string");
    keys.set("pattern", JsonValue::string("^" + names + "(, *" + names + ")*$"));
    JsonValue texts = typed("string");
    texts.set("minLength", JsonValue::integer(1));
    JsonValue out = typed("object");
    out.set("description", JsonValue::string("where the values come from: value names (one, or several separated by "
                                             "commas) to text"));
    out.set("propertyNames", std::move(keys));
    out.set("additionalProperties", std::move(texts));
    return out;
}

JsonValue ranges_schema() {
    JsonValue pair = typed("array");
    pair.set("minItems", JsonValue::integer(2));
    pair.set("maxItems", JsonValue::integer(2));
    JsonValue out = typed("object");
    out.set("description", JsonValue::string("what assumed values may as well be: value names to [low, high]"));
    out.set("additionalProperties", std::move(pair));
    return out;
}

JsonValue path_schema(const char* doc) {
    JsonValue out = typed("string");
    out.set("minLength", JsonValue::integer(1));
    out.set("description", JsonValue::string(doc));
    return out;
}

JsonValue either(JsonValue a, JsonValue b) {
    JsonValue list = JsonValue::array();
    list.push(std::move(a));
    list.push(std::move(b));
    JsonValue out = JsonValue::object();
    out.set("anyOf", std::move(list));
    return out;
}

// {"required": [...], "properties": {...}} of the values that must be there unless a file is extended.
JsonValue completeness(JsonValue required, JsonValue properties) {
    JsonValue out = JsonValue::object();
    if (!required.items().empty()) { out.set("required", std::move(required)); }
    if (!properties.members().empty()) { out.set("properties", std::move(properties)); }
    return out;
}

// Values with which a section may do without the others: it comes from a file altogether, or is put together from
// others.
std::vector<std::string> stand_ins(const JsonValue& properties) {
    std::vector<std::string> keys;
    for (const char* key : {"file", "serving"}) {
        if (properties.find(key) != nullptr) { keys.emplace_back(key); }
    }
    return keys;
}

void require_unless_extended(JsonValue& object, JsonValue complete, const std::vector<std::string>& stand_ins) {
    JsonValue extends = JsonValue::array();
    extends.push(JsonValue::string("extends"));
    JsonValue condition = JsonValue::object();
    condition.set("required", std::move(extends));
    JsonValue any = JsonValue::array();
    any.push(std::move(condition));
    for (const std::string& key : stand_ins) {
        JsonValue named = JsonValue::array();
        named.push(JsonValue::string(key));
        JsonValue other = JsonValue::object();
        other.set("required", std::move(named));
        any.push(std::move(other));
    }
    if (any.items().size() > 1) {
        condition = JsonValue::object();
        condition.set("anyOf", std::move(any));
    } else {
        condition = std::move(any.mutable_items().front());
    }
    object.set("if", std::move(condition));
    object.set("then", JsonValue::object());
    object.set("else", std::move(complete));
}

}  // namespace

FieldVisitor::Visit SchemaBuilder::begin(const Section& s, std::size_t layer) {
    if (layer > 0) { return Visit::stop; }
    Level level;
    level.section = s;
    open_.push_back(std::move(level));
    return Visit::visit;
}

void SchemaBuilder::end() {
    Level level = std::move(open_.back());
    open_.pop_back();
    JsonValue object = typed("object");
    if (level.section.doc[0] != '\0') { object.set("description", JsonValue::string(level.section.doc)); }
    JsonValue sources = sources_schema(level.properties);
    level.properties.set("sources", std::move(sources));
    level.properties.set("ranges", ranges_schema());
    JsonValue complete = completeness(std::move(level.required), std::move(level.complete));
    if (level.section.file) {
        level.properties.set(
            "extends",
            path_schema(
                "what the values start from: the path of a file, relative to this one, or the name of a shipped one"));
        level.properties.set("$schema", typed("string"));
    }
    const std::vector<std::string> others = stand_ins(level.properties);
    object.set("properties", std::move(level.properties));
    object.set("additionalProperties", JsonValue::boolean(false));
    const bool whole = complete.members().empty();
    if (open_.empty()) {
        if (level.section.file && !whole) { require_unless_extended(object, complete, others); }
        root_ = std::move(object);
        return;
    }
    Level& parent = open_.back();
    if (level.section.file) {
        parent.properties.set(level.section.name,
                              either(path_schema("path of a file, relative to this one, or the name of a shipped one"),
                                     std::move(object)));
        if (!whole) {  // an extended file around it may give the rest, as one that it extends itself
            JsonValue unless = JsonValue::object();
            require_unless_extended(unless, std::move(complete), others);
            parent.complete.set(level.section.name, std::move(unless));
        }
        return;
    }
    parent.properties.set(level.section.name, std::move(object));
    if (complete.find("required") != nullptr) { parent.required.push(JsonValue::string(level.section.name)); }
    if (!whole) { parent.complete.set(level.section.name, std::move(complete)); }
}

void SchemaBuilder::put(const Field& f, JsonValue v) {
    v.set("description", JsonValue::string(f.doc));
    open_.back().properties.set(f.name, std::move(v));
    if (f.required) { open_.back().required.push(JsonValue::string(f.name)); }
}

void SchemaBuilder::on_bool(const Field& f, bool& v) {
    JsonValue schema = typed("boolean");
    if (!f.required) { schema.set("default", JsonValue::boolean(v)); }
    put(f, std::move(schema));
}

void SchemaBuilder::on_integer(const Field& f, std::int64_t& v) {
    JsonValue schema = typed("integer");
    add_range(schema, f);
    if (!f.required) { schema.set("default", JsonValue::integer(v)); }
    put(f, std::move(schema));
}

void SchemaBuilder::on_number(const Field& f, double& v) {
    JsonValue schema = typed("number");
    add_range(schema, f);
    if (!f.required) { schema.set("default", plain_number(v)); }
    put(f, std::move(schema));
}

void SchemaBuilder::on_text(const Field& f, std::string& v) {
    JsonValue schema = typed("string");
    if (f.required) { schema.set("minLength", JsonValue::integer(1)); }
    if (!f.required) { schema.set("default", JsonValue::string(v)); }
    put(f, std::move(schema));
}

void SchemaBuilder::on_choice(const Field& f, const std::vector<std::string>& names, std::size_t& index) {
    JsonValue list = JsonValue::array();
    for (const std::string& name : names) { list.push(JsonValue::string(name)); }
    JsonValue schema = JsonValue::object();
    schema.set("enum", std::move(list));
    if (!f.required && index < names.size()) { schema.set("default", JsonValue::string(names[index])); }
    put(f, std::move(schema));
}

void SchemaBuilder::quantity(const Field& f, Dimension d) {
    JsonValue schema = typed("string");
    schema.set("pattern",
               JsonValue::string("^[+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)? *" + unit_pattern(d) + "$"));
    put(f, std::move(schema));
}

void SchemaBuilder::on_quantity(const Field& f, Dimension d, std::int64_t& /*raw*/) { quantity(f, d); }

void SchemaBuilder::on_quantity(const Field& f, Dimension d, double& /*raw*/) { quantity(f, d); }

void SchemaBuilder::on_integers(const Field& f, std::vector<std::int64_t>& /*v*/) {
    JsonValue items = typed("integer");
    add_range(items, f);
    JsonValue schema = typed("array");
    schema.set("items", std::move(items));
    put(f, std::move(schema));
}

void SchemaBuilder::on_options(const Field& f, NamedOptions& /*v*/) {
    JsonValue list = typed("array");
    list.set("items", typed("string"));
    JsonValue object = typed("object");
    object.set("additionalProperties", typed("object"));
    put(f, either(std::move(list), std::move(object)));
}

std::string SchemaBuilder::text(const std::string& title) {
    JsonValue out = JsonValue::object();
    out.set("$schema", JsonValue::string("https://json-schema.org/draft/2020-12/schema"));
    out.set("title", JsonValue::string(title));
    for (const auto& [key, value] : root_.members()) { out.set(key, value); }
    return write_json(out);
}

}  // namespace tessera
