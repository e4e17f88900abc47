// refused: no match for 'operator/'|invalid operands
#include "sim/base/units.hpp"

using namespace tessera;

#ifdef TESSERA_MISUSE
const auto upside_down = gb_per_second(1) / bytes(1);
#else
const Time t = bytes(1) / gb_per_second(1);
#endif
