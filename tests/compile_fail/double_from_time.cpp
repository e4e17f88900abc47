// refused: cannot convert|no viable conversion
#include "sim/base/units.hpp"

using namespace tessera;

#ifdef TESSERA_MISUSE
const double s = nanoseconds(1);
#else
const double s = to_seconds(nanoseconds(1));
#endif
