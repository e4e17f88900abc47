// Number formats as they lie in memory.
#pragma once

#include "sim/base/units.hpp"

#include <cstdint>
#include <string_view>

namespace tessera {

enum class DType : std::uint8_t { fp8_e4m3, fp8_e5m2, e5m6, bf16, fp16, fp32, int32, int64, u8 };

// Storage bits of one element (E5M6 is packed: 12 bits).
constexpr int bits(DType t) {
    switch (t) {
        case DType::fp8_e4m3:
        case DType::fp8_e5m2:
        case DType::u8: return 8;
        case DType::e5m6: return 12;
        case DType::bf16:
        case DType::fp16: return 16;
        case DType::fp32:
        case DType::int32: return 32;
        case DType::int64: return 64;
    }
    return 0;
}

constexpr bool is_fp8(DType t) { return t == DType::fp8_e4m3 || t == DType::fp8_e5m2; }

// Bytes of `elements` elements of type `t`, rounded up to whole bytes.
constexpr Bytes storage(DType t, std::int64_t elements) { return bytes((elements * bits(t) + 7) / 8); }

std::string_view to_string(DType t);

}  // namespace tessera
