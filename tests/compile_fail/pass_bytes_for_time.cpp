// refused: could not convert|no matching function
#include "sim/base/units.hpp"

using namespace tessera;

Bytes moved(Time during, Bandwidth rate) { return bytes(static_cast<std::int64_t>(to_seconds(during) * rate.raw())); }

#ifdef TESSERA_MISUSE
const Bytes b = moved(bytes(1), gb_per_second(1));
#else
const Bytes b = moved(nanoseconds(1), gb_per_second(1));
#endif
