// refused: no match for 'operator\+'|invalid operands
#include "sim/base/units.hpp"

using namespace tessera;

#ifdef TESSERA_MISUSE
const auto sum = nanoseconds(1) + bytes(1);
#else
const auto sum = nanoseconds(1) + nanoseconds(1);
#endif
