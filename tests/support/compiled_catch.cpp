// The source of the target that owns the compiled catch.hpp; the test programs reuse it.
#include <catch2/catch.hpp>
