// The manual page, made from what the verbs declare.
#pragma once

#include <string>

namespace tessera::cli {

// tessera(1) in the man macros of roff(7), for any version of man.
std::string man_page();

// `text` where roff would read its own requests and escapes: quotes, dots at the start, backslashes, hyphens.
std::string roff_escaped(const std::string& text);

}  // namespace tessera::cli
