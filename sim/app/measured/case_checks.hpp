// What no measurement can say, whatever its family. ConfigError with the place.
#pragma once

#include "sim/base/json_cursor.hpp"
#include "sim/base/units.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tessera::measured {

using Extents = std::vector<std::pair<std::string, std::int64_t>>;

// Extents whose product stays far below 64 bits: nothing larger fits a GPU.
void check_extents(const JsonCursor& at, const Extents& extents);
Extents extents_of(const JsonCursor& shape);  // the integer members of an object

Frequency clock_in_mhz(const JsonCursor& value);              // 50 to 10000
Frequency clock_in_ghz(const JsonCursor& value);              // a number or {"med": number}
Time time_in_ns(const JsonCursor& value);                     // a number or {"med": number}, above zero, up to 1000 s
double positive_up_to(const JsonCursor& value, double most);  // above zero; ConfigError if larger
int sms_of(const JsonCursor& value);                          // 1 to 1024

}  // namespace tessera::measured
