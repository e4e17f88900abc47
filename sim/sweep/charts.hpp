// The pictures of a sweep's page, drawn as inline SVG in the colours of the page. A picture without content is empty.
#pragma once

#include "sim/report/document.hpp"
#include "sim/sweep/results.hpp"

#include <string>
#include <vector>

namespace tessera::sweep {

// What an objective is called and the unit in which people read it.
struct Quantity {
    std::string name, unit;  // "time", "ms"
    double factor = 1;       // from the SI value
    std::string column() const { return unit.empty() ? name : name + " (" + unit + ")"; }
};
Quantity quantity_of(const std::string& objective);

// Paths without the head that all of their kind share.
std::string short_path(const std::string& path);

// A setting's value as people read it: without quotes, numbers with four digits ("4.243 TB/s").
std::string value_text(const std::string& json);

// Every point by the first two objectives (time against energy if there is one), the front joined, the reference.
report::Figure front_chart(const Outcomes& outcomes, const Analysis& analysis, const std::vector<Measured>& points);

// Per axis a bar from the smallest to the largest mean time over its levels, the widest first.
report::Figure tornado_chart(const Analysis& analysis);

// Points as lines over their settings and their time, the fastest tenth in colour. Of many points an even share.
inline constexpr std::size_t most_lines = 400, most_columns = 10;
report::Figure parallel_chart(const Outcomes& outcomes, const Analysis& analysis, const std::vector<Measured>& points);

report::Figure shapley_chart(const Attribution& attribution);

}  // namespace tessera::sweep
