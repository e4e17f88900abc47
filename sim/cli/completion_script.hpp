// Scripts that teach a shell to complete tessera's command lines. They ask the program itself for the words (see
// candidates.hpp), so that they never fall behind its verbs and options.
#pragma once

#include <string>
#include <vector>

namespace tessera::cli {

const std::vector<std::string>& shells();  // "bash", "zsh", "fish"

// The script for a shell of shells(); InternalError for another.
std::string completion_script(const std::string& shell);

}  // namespace tessera::cli
