// refused: cannot convert|could not convert|no viable conversion
#include "sim/stats/counter.hpp"

using namespace tessera;

void record(Counter<Bytes>& read) {
#ifdef TESSERA_MISUSE
    read.add(joules(1));
#else
    read.add(bytes(1));
#endif
}
