// JSON values into typed ones, each with its own complaint.
#include "sim/base/json_reader.hpp"
#include "sim/base/json_reader_state.hpp"
#include "sim/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

namespace tessera {
namespace {

std::string number_text(double v) {
    return std::abs(v) < 1e15 && v == std::floor(v) ? std::to_string(static_cast<std::int64_t>(v)) : format_shortest(v);
}

std::string bound_text(double v, const Dimension* d) {
    if (d == nullptr) { return number_text(v); }
    return *d == Dimension::bytes ? integer_quantity_text(static_cast<std::int64_t>(v), *d) : real_quantity_text(v, *d);
}

std::string shown(const JsonValue& v) {
    return v.is_object() || v.is_array() ? std::string(to_string(v.kind())) : write_json(v, 0);
}

QuantityReading<std::int64_t> read_quantity(const std::string& text, Dimension d, std::int64_t /*raw*/) {
    return read_integer_quantity(text, d);
}

QuantityReading<double> read_quantity(const std::string& text, Dimension d, double /*raw*/) {
    return read_real_quantity(text, d);
}

}  // namespace

bool JsonReader::State::in_range(const Field& f, const JsonValue* at, double v, const std::string& text,
                                 const Dimension* d) {
    if (v < f.minimum || (f.above_minimum && v == f.minimum)) {
        problem(f, at, text + " is too small",
                (f.above_minimum ? "must be greater than " : "must be at least ") + bound_text(f.minimum, d));
        return false;
    }
    if (v > f.maximum) {
        problem(f, at, text + " is too large", "must be at most " + bound_text(f.maximum, d));
        return false;
    }
    return true;
}

template <class Rep>
void JsonReader::State::quantity(const Field& f, Dimension d, Rep& raw, const JsonValue& v) {
    const std::string what = std::string(dimension_article(d)) + " " + std::string(dimension_name(d));
    if (v.is_number()) {
        problem(f, &v, shown(v) + " has no unit",
                what + " is a text with its unit, like \"" + shown(v) + " " + std::string(typical_unit(d)) +
                    "\"; accepted units: " + unit_list(d));
        return;
    }
    if (!v.is_string()) {
        problem(f, &v, "expected " + what + ", found " + shown(v), "accepted units: " + unit_list(d));
        return;
    }
    const auto reading = read_quantity(v.as_string(), d, raw);
    if (!reading.problem.empty()) {
        problem(f, &v, reading.problem, reading.hint);
    } else if (in_range(f, &v, static_cast<double>(reading.raw), shown(v), &d)) {
        raw = reading.raw;
        take_range(f, &d, std::is_integral_v<Rep>, static_cast<double>(raw));
    }
}

std::string AssumedRange::text(double v) const {
    if (!dimension) { return whole ? std::to_string(std::llround(v)) : write_json(JsonValue::number(v), 0); }
    return write_json(JsonValue::string(whole ? integer_quantity_text(std::llround(v), *dimension)
                                              : real_quantity_text(v, *dimension)),
                      0);
}

void JsonReader::State::take_range(const Field& f, const Dimension* d, bool whole, double nominal) {
    const Frame& frame = frames.back();
    const auto given = frame.ranges.find(f.name);
    if (given == frame.ranges.end()) { return; }
    AssumedRange range;
    range.whole = whole;
    range.nominal = nominal;
    if (d != nullptr) { range.dimension = *d; }
    double* const ends[] = {&range.low, &range.high};
    for (std::size_t i = 0; i < 2; ++i) {
        const JsonValue& end = given->second->items()[i];
        if (d == nullptr && end.is_number()) {
            *ends[i] = end.as_double();
        } else if (d != nullptr && end.is_string()) {
            const auto reading = read_real_quantity(end.as_string(), *d);
            if (!reading.problem.empty()) { return problem(f, &end, "its range: " + reading.problem, reading.hint); }
            *ends[i] = reading.raw;
        } else {
            return problem(f, &end, "its range: expected two values of the same kind, found " + shown(end), f.doc);
        }
        if (!in_range(f, &end, *ends[i], "its range: " + shown(end), d)) { return; }
    }
    if (!(range.low <= nominal && nominal <= range.high)) {
        return problem(f, given->second, "the value does not lie in its range", "low <= value <= high");
    }
    const auto source = frame.sources.find(f.name);
    if (source != frame.sources.end()) { range.source = source->second; }
    ranges[frame.pointer + "/" + f.name] = range;
}

void JsonReader::on_bool(const Field& f, bool& v) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    if (j->kind() == JsonValue::Kind::boolean) {
        v = j->as_boolean();
    } else {
        state_->problem(f, j, "expected true or false, found " + shown(*j), f.doc);
    }
}

void JsonReader::on_integer(const Field& f, std::int64_t& v) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    if (j->kind() != JsonValue::Kind::integer) {
        state_->problem(f, j, "expected a whole number, found " + shown(*j), f.doc);
    } else if (state_->in_range(f, j, static_cast<double>(j->as_integer()), shown(*j))) {
        v = j->as_integer();
        state_->take_range(f, nullptr, true, static_cast<double>(v));
    }
}

void JsonReader::on_number(const Field& f, double& v) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    if (!j->is_number()) {
        state_->problem(f, j, "expected a plain number, found " + shown(*j), f.doc);
    } else if (state_->in_range(f, j, j->as_double(), shown(*j))) {
        v = j->as_double();
        state_->take_range(f, nullptr, false, v);
    }
}

void JsonReader::on_text(const Field& f, std::string& v) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    if (!j->is_string()) {
        state_->problem(f, j, "expected a text, found " + shown(*j), f.doc);
    } else if (f.required && j->as_string().empty()) {
        state_->problem(f, j, "expected a text that is not empty", f.doc);
    } else {
        v = j->as_string();
    }
}

void JsonReader::on_choice(const Field& f, const std::vector<std::string>& names, std::size_t& index) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    const std::string word = j->is_string() ? j->as_string() : "";
    const auto found = std::find(names.begin(), names.end(), word);
    if (found != names.end()) {
        index = static_cast<std::size_t>(found - names.begin());
        return;
    }
    const std::string near = nearest(word, names);
    state_->problem(f, j, "expected one of " + join(names, ", ") + ", found " + shown(*j),
                    near.empty() ? f.doc : "did you mean \"" + near + "\"?");
}

void JsonReader::on_quantity(const Field& f, Dimension d, std::int64_t& raw) {
    if (const JsonValue* v = take(f)) { state_->quantity(f, d, raw, *v); }
}

void JsonReader::on_quantity(const Field& f, Dimension d, double& raw) {
    if (const JsonValue* v = take(f)) { state_->quantity(f, d, raw, *v); }
}

void JsonReader::on_integers(const Field& f, std::vector<std::int64_t>& v) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    if (!j->is_array()) {
        state_->problem(f, j, "expected an array of whole numbers, found " + shown(*j), f.doc);
        return;
    }
    std::vector<std::int64_t> out;
    for (std::size_t i = 0; i < j->items().size(); ++i) {
        const JsonValue& item = j->items()[i];
        const std::string name = std::string(f.name) + "/" + std::to_string(i);
        Field element = f;
        element.name = name.c_str();
        if (item.kind() != JsonValue::Kind::integer) {
            state_->problem(element, &item, "expected a whole number, found " + shown(item), f.doc);
        } else if (state_->in_range(element, &item, static_cast<double>(item.as_integer()), shown(item))) {
            out.push_back(item.as_integer());
        }
    }
    v = std::move(out);
}

void JsonReader::State::option(const Field& f, const std::string& slug, const JsonValue& parameters, NamedOptions& v) {
    auto entry = std::find_if(v.begin(), v.end(), [&](const auto& e) { return e.first == slug; });
    if (entry == v.end()) { entry = v.insert(v.end(), {slug, {}}); }
    note(f.name, pointer_token(slug));
    const std::string name = f.name + pointer_token(slug);
    Field inner = f;
    inner.name = name.c_str();
    if (!parameters.is_object()) {
        problem(inner, &parameters, "expected an object of parameters, found " + shown(parameters), f.doc);
        return;
    }
    for (const auto& [key, value] : parameters.members()) {
        entry->second[key] = write_json(value, 0);
        note(f.name, pointer_token(slug) + pointer_token(key));
    }
}

void JsonReader::on_options(const Field& f, NamedOptions& v) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    if (j->is_array()) {
        v.clear();
        for (const JsonValue& item : j->items()) {
            if (item.is_string()) {
                state_->option(f, item.as_string(), JsonValue::object(), v);
            } else {
                state_->problem(f, &item, "expected a name, found " + shown(item), f.doc);
            }
        }
    } else if (j->is_object()) {
        for (const auto& [slug, parameters] : j->members()) { state_->option(f, slug, parameters, v); }
    } else {
        state_->problem(f, j, "expected a list of names or an object from names to parameters, found " + shown(*j),
                        f.doc);
    }
}

}  // namespace tessera
