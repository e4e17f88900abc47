// Text of the user's (names of systems, classes, kernels) made safe inside each output format.
#pragma once

#include <string>
#include <string_view>

namespace tessera::report {

std::string escape_html(std::string_view text);      // & < > " ' as entities; control characters dropped
std::string escape_markdown(std::string_view text);  // characters that would start markup or split a table row
std::string escape_csv(std::string_view text);       // quoted if it holds a comma, a quote or a line break

}  // namespace tessera::report
