#include "sim/app/measured/calibration_items.hpp"

#include "sim/base/data_files.hpp"
#include "sim/base/json_cursor.hpp"

#include <algorithm>

namespace tessera::measured {
namespace {

bool same(const JsonValue& a, const JsonValue& b) {
    if (a.is_string()) { return b.is_string() && a.as_string() == b.as_string(); }
    const auto whole = JsonValue::Kind::integer;
    return a.kind() == whole && b.kind() == whole && a.as_integer() == b.as_integer();
}

}  // namespace

CalibrationItems::CalibrationItems(const std::string& file) {
    const JsonValue document = read_json_file(file);
    for (const JsonCursor& entry : JsonCursor(document, file).at("items").items()) {
        const JsonCursor item = entry.at("item");
        Parameters parameters;
        for (const auto& [name, value] : item.members()) {
            if (name != "id") { parameters.emplace_back(name, value.value()); }
        }
        items_.emplace_back(item.text("id"), std::move(parameters));
    }
}

bool CalibrationItems::holds(const JsonValue& item) const {
    const JsonValue* id = item.is_object() ? item.find("id") : nullptr;
    if (id == nullptr || !id->is_string()) { return false; }
    return std::any_of(items_.begin(), items_.end(), [&](const auto& known) {
        return known.first == id->as_string() &&
               std::all_of(known.second.begin(), known.second.end(), [&](const auto& parameter) {
                   const JsonValue* found = item.find(parameter.first);
                   return found != nullptr && same(parameter.second, *found);
               });
    });
}

CalibrationItems calibration_items() {
    const std::string file = find_data("tests/validation/calibration_items.json");
    return file.empty() ? CalibrationItems() : CalibrationItems(file);
}

}  // namespace tessera::measured
