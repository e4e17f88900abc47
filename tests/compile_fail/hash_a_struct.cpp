// refused: no matching (member )?function
#include "sim/base/hash.hpp"

struct Config {
    int a = 1;
};

#ifdef TESSERA_MISUSE
const auto h = tessera::Hasher().add(Config{}).value();  // a struct is hashed field by field
#else
const auto h = tessera::Hasher().add(Config{}.a).value();
#endif
