// What stands inside every report page: style sheet and script, as text.
#pragma once

#include <string_view>

namespace tessera::report {

std::string_view page_style();   // CSS: light and dark, narrow screens, print
std::string_view page_script();  // colours, sorting, filters, CSV, the section in view

}  // namespace tessera::report
