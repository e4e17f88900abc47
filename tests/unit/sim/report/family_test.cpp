#include "sim/report/family.hpp"

#include <catch2/catch.hpp>

using namespace tessera::report;

TEST_CASE("classes of one kind share a colour, the longer prefix decides") {
    const auto name = [](std::string_view c) { return families()[family_of(c)].name; };
    CHECK(name("gemm_fp8_wgrad") == "GEMM");
    CHECK(name("attn_bwd") == "attention");
    CHECK(name("attn_layout_copy") == "layout and transposes");
    CHECK(name("swiglu_fused_cast") == "casts");
    CHECK(name("swiglu_bwd") == "norms and element-wise");
    CHECK(name("comm_dispatch") == "dispatch and combine");
    CHECK(name("comm_notify") == "barriers, other");
    CHECK(name("something_new") == families().back().name);
}
