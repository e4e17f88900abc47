#include "sim/ir/dtype.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("dtype: storage of packed and plain types, rounded up to whole bytes") {
    CHECK(storage(DType::fp8_e4m3, 128).raw() == 128);
    CHECK(storage(DType::bf16, 128).raw() == 256);
    CHECK(storage(DType::fp32, 3).raw() == 12);
    CHECK(storage(DType::int64, 3).raw() == 24);
    CHECK(storage(DType::e5m6, 2).raw() == 3);
    CHECK(storage(DType::e5m6, 3).raw() == 5);  // 36 bits
    CHECK(storage(DType::u8, 0).raw() == 0);
}

TEST_CASE("dtype: which formats are FP8, and their names") {
    CHECK(is_fp8(DType::fp8_e4m3));
    CHECK(is_fp8(DType::fp8_e5m2));
    CHECK_FALSE(is_fp8(DType::e5m6));
    CHECK_FALSE(is_fp8(DType::u8));
    CHECK(to_string(DType::e5m6) == "e5m6");
    CHECK(to_string(DType::fp8_e4m3) == "fp8_e4m3");
}
