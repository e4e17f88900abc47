#include "sim/ir/dtype.hpp"

namespace tessera {

std::string_view to_string(DType t) {
    switch (t) {
        case DType::fp8_e4m3: return "fp8_e4m3";
        case DType::fp8_e5m2: return "fp8_e5m2";
        case DType::e5m6: return "e5m6";
        case DType::bf16: return "bf16";
        case DType::fp16: return "fp16";
        case DType::fp32: return "fp32";
        case DType::int32: return "int32";
        case DType::int64: return "int64";
        case DType::u8: return "u8";
    }
    return "unknown";
}

}  // namespace tessera
