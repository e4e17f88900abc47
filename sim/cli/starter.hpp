// The files with which `tessera init` lets a user begin.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tessera::cli {

// Names below the folder, with their text: a commented experiment, a commented system that differs from `system`, the
// schemas of all kinds, and settings with which VS Code knows which schema belongs to which file. `run` and `system`
// are names of shipped configurations.
std::vector<std::pair<std::string, std::string>> starter_files(const std::string& run, const std::string& system);

}  // namespace tessera::cli
