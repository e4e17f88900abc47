#include "sim/report/family.hpp"

#include <array>

namespace tessera::report {
namespace {

struct Rule {
    std::string_view prefix;
    std::size_t family;
};

// First match wins, so the longer prefix of a pair stands first.
constexpr std::array<Rule, 18> kRules = {{
    {"gemm", 0},
    {"attn_layout", 3},
    {"attn", 1},
    {"quant", 2},
    {"swiglu_fused", 2},
    {"weight_transpose", 3},
    {"scale_", 3},
    {"comm_notify", 7},
    {"comm_layout", 7},
    {"comm", 6},
    {"swiglu", 4},
    {"norm", 4},
    {"rope", 4},
    {"residual", 4},
    {"expand", 5},
    {"reduce", 5},
    {"router", 5},
    {"moe", 5},
}};

}  // namespace

const std::vector<Family>& families() {
    static const std::vector<Family> list = {{"GEMM", "f0"},
                                             {"attention", "f1"},
                                             {"casts", "f2"},
                                             {"layout and transposes", "f3"},
                                             {"norms and element-wise", "f4"},
                                             {"expert gather and reduce", "f5"},
                                             {"dispatch and combine", "f6"},
                                             {"barriers, other", "f7"}};
    return list;
}

std::size_t family_of(std::string_view op_class) {
    for (const Rule& r : kRules) {
        if (op_class.substr(0, r.prefix.size()) == r.prefix) { return r.family; }
    }
    return families().size() - 1;
}

}  // namespace tessera::report
