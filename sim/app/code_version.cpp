#include "sim/app/compare.hpp"

#include <tessera_code_version.hpp>

namespace tessera {

std::string code_version() { return TESSERA_CODE_VERSION; }

}  // namespace tessera
