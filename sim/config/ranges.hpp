// Which values of a run are assumed, and what they may as well be.
#pragma once

#include "sim/base/json_reader.hpp"

#include <map>
#include <string>
#include <vector>

namespace tessera {

// By JSON pointer ("/system/hbm/row_cycle"). A value given again without a range, by a later file or a set, is no
// longer assumed. ConfigError as load_run_config.
std::map<std::string, AssumedRange> assumed_ranges(const std::string& path, const std::vector<std::string>& sets = {});

}  // namespace tessera
