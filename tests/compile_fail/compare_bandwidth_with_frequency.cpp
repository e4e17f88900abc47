// refused: no match for 'operator<'|invalid operands
#include "sim/base/units.hpp"

using namespace tessera;

#ifdef TESSERA_MISUSE
const bool less = gb_per_second(1) < megahertz(1);
#else
const bool less = gb_per_second(1) < gb_per_second(2);
#endif
