// Bands around speed-ups, for the verbs that ask for them.
#pragma once

#include "sim/app/variants.hpp"
#include "sim/cli/arguments.hpp"
#include "sim/sweep/uncertainty.hpp"

#include <string>
#include <vector>

namespace tessera::cli {

OptionSpec uncertainty_option();
// 0 if it was not given.
int uncertainty_of(Arguments& arguments);

// A comparison's variants against its baseline; `path` is the experiment's file.
report::Uncertainty variant_bands(const std::string& path, const std::vector<std::string>& sets,
                                  const std::vector<Variant>& variants, int samples, int jobs);

// Points of a sweep against its reference.
report::Uncertainty point_bands(const sweep::Plan& plan, const std::vector<std::size_t>& points, int samples, int jobs);

}  // namespace tessera::cli
