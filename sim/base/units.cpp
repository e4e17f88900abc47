#include "sim/base/units.hpp"

#include "sim/base/error.hpp"

#include <string>

namespace tessera::detail {

void refuse_count(double value) {
    throw InternalError("a time or size of " + std::to_string(value) +
                        " femtoseconds or bytes cannot be counted: is a rate zero?");
}

}  // namespace tessera::detail
