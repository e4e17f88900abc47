// Operator classes gathered into the few families that a picture can tell apart by colour.
#pragma once

#include <string_view>
#include <vector>

namespace tessera::report {

struct Family {
    std::string_view name;
    std::string_view css;  // colour class of the page
};

// The families in legend order; the last one takes every class that no other claims.
const std::vector<Family>& families();
// Index into families() for an operator class ("gemm_fp8_fwd", "quant_per_token_cast", "comm_dispatch", ...).
std::size_t family_of(std::string_view op_class);

}  // namespace tessera::report
