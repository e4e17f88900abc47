// What a reader must not expect the figures to contain.
#pragma once

#include <string>
#include <vector>

namespace tessera::report {

std::vector<std::string> not_modelled();  // sentences

}  // namespace tessera::report
