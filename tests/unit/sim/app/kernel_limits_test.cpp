#include "sim/app/kernel_limits.hpp"

#include "sim/base/error.hpp"
#include "tests/support/gemm.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

TEST_CASE("kernels beyond the memory or beyond any launch are refused") {
    CHECK_NOTHROW(check_kernel_size(fp8_gemm(262144, 7168, 2048), h200()));
    CHECK_THROWS_AS(check_kernel_size(fp8_gemm(1 << 20, 1 << 20, 128), h200()), ModelError);      // 2 TB of results
    CHECK_THROWS_AS(check_kernel_size(fp8_gemm(1 << 17, 1 << 17, 1 << 19), h200()), ModelError);  // 1.8e16 FLOPs
}
