#include "sim/base/error.hpp"
#include "sim/base/json.hpp"
#include "sim/report/report.hpp"

namespace tessera::report {
namespace {

// Lists and objects without members are "none".
std::string text_of(const JsonValue& v) {
    if (v.is_string()) { return v.as_string(); }
    const std::string text = write_json(v, 0);
    return text == "{}" || text == "[]" ? "none" : text;
}

std::string member_text(const JsonValue& object, std::string_view key) {
    const JsonValue* v = object.find(key);
    return v == nullptr || v->is_null() ? std::string() : text_of(*v);
}

}  // namespace

std::vector<Assumption> assumptions_of(const std::string& provenance_json) {
    std::vector<Assumption> out;
    if (provenance_json.empty()) { return out; }
    const JsonValue root = parse_json(provenance_json, "provenance");
    invariant(root.is_object(), "the provenance of a comparison is an object by JSON pointer");
    for (const auto& [path, entry] : root.members()) {
        invariant(entry.is_object(), "each entry of a provenance is an object");
        out.push_back({path, member_text(entry, "value"), member_text(entry, "origin"), member_text(entry, "source")});
    }
    return out;
}

}  // namespace tessera::report
