// GEMM descriptions for tests: FP8 as DeepSeek runs it unless a test says otherwise.
#pragma once

#include "sim/ir/kernel_desc.hpp"

namespace tessera::testing {

inline GemmDesc fp8_gemm(std::int64_t m, std::int64_t n, std::int64_t k) {
    GemmDesc g;
    g.m = m;
    g.n = n;
    g.k = k;
    g.scale = ScaleMode::block_1x128_128x128;
    g.promotion_interval = 128;
    g.a.dtype = g.b.dtype = DType::fp8_e4m3;
    g.a.rows = m;
    g.b.rows = n;
    g.a.cols = g.b.cols = k;
    g.d.dtype = DType::bf16;
    g.d.rows = m;
    g.d.cols = n;
    return g;
}

inline GemmDesc bf16_gemm(std::int64_t m, std::int64_t n, std::int64_t k) {
    GemmDesc g = fp8_gemm(m, n, k);
    g.scale = ScaleMode::none;
    g.promotion_interval = 0;
    g.a.dtype = g.b.dtype = DType::bf16;
    return g;
}

inline GemmTiling tile(int bm, int bn, int bk, ConsumerStyle style = ConsumerStyle::automatic) {
    GemmTiling t;
    t.bm = bm;
    t.bn = bn;
    t.bk = bk;
    t.consumers = style;
    return t;
}

}  // namespace tessera::testing
