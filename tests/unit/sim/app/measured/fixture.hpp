// Cases written out as JSON text.
#pragma once

#include "sim/base/json_cursor.hpp"

#include <string>

namespace tessera::testing {

// A document that lives as long as the cursor into it.
struct Text {
    explicit Text(const std::string& json) : value(parse_json(json, "case.json")) {}
    JsonValue value;
    JsonCursor at() const { return {value, "case.json"}; }
};

}  // namespace tessera::testing
