// Text for a terminal.
#pragma once

#include <string>

namespace tessera::cli {

constexpr std::size_t kTerminalWidth = 100;  // columns

// Words of `text` in lines of at most kTerminalWidth columns, each after `indent`, with a line break at the end. Line
// breaks of the text are spaces. A word that is longer than a line stays whole.
std::string wrapped(const std::string& text, const std::string& indent);

}  // namespace tessera::cli
