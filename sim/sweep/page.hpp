// A sweep as a page: what to build, the front, what each axis and each proposal is worth, how sure that is.
#pragma once

#include "sim/report/document.hpp"
#include "sim/report/uncertainty.hpp"
#include "sim/sweep/results.hpp"

#include <optional>
#include <string>

namespace tessera::sweep {

// Points of the tables: the fastest ones, and of the front.
inline constexpr std::size_t most_table_rows = 100;

// `command` gives the page again. The same outcomes give the same page however the points were run.
report::Document sweep_document(const Outcomes& outcomes, const Analysis& analysis,
                                const std::optional<report::Uncertainty>& bands, const std::string& command);

}  // namespace tessera::sweep
