#include "sim/report/document.hpp"

#include <algorithm>

namespace tessera::report {

bool numeric_column(const Table& table, std::size_t column) {
    return std::any_of(table.rows.begin(), table.rows.end(),
                       [&](const auto& row) { return column < row.size() && row[column].value.has_value(); });
}

}  // namespace tessera::report
