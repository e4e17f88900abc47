// Who waits for what when a replay stops making progress.
#pragma once

#include "sim/replay/rank.hpp"

#include <string>
#include <vector>

namespace tessera {

// A message that names, for the first rank that is stuck, the chain of waits from the head of one stream up to a
// circle or a dead end, and which ranks miss at a meeting point.
std::string describe_deadlock(const ReplayPlan& plan, const std::vector<RankReplay>& ranks);

}  // namespace tessera
