#include "sim/app/measured/attention.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::Text;

TEST_CASE("cuDNN's forward is one kernel, its backward three") {
    const Text shape(R"({"B": 2, "H": 128, "L": 4096, "dqk": 192, "dv": 128})");
    const auto forward = attention_launches("attn_fwd", "CUDNN_ATTENTION", shape.at());
    REQUIRE(forward.size() == 1);
    const auto& k = std::get<AttentionDesc>(forward.front().kernel);
    CHECK(k.batch == 2);
    CHECK(k.causal);
    CHECK(k.reads.front().rows == 2 * 128 * 4096);
    const auto backward = attention_launches("attn_bwd", "CUDNN_ATTENTION", shape.at());
    REQUIRE(backward.size() == 3);
    CHECK(std::get<AttentionDesc>(backward[1].kernel).pass == AttentionPass::backward);
    for (const Launch& l : backward) { CHECK_NOTHROW(validate(l.kernel)); }
    CHECK_THROWS_AS(attention_launches("attn_fwd", "EFFICIENT_ATTENTION", shape.at()), ModelError);
}

TEST_CASE("FlashAttention-2 is no persistent kernel and multiplies warp by warp") {
    const Text shape(R"({"B": 1, "H": 128, "L": 2048, "dqk": 192, "dv": 192})");
    for (const char* family : {"attn_fwd", "attn_bwd"}) {
        const auto launches = attention_launches(family, "FLASH_ATTENTION", shape.at());
        const auto& k = std::get<AttentionDesc>(launches[launches.size() / 2].kernel);
        CHECK(k.style == AttentionStyle::warp_mma);
        CHECK(k.max_ctas == 0);
    }
    const Text open(R"({"B": 1, "H": 128, "L": 2048, "dqk": 192, "dv": 192, "causal": false})");
    CHECK_FALSE(std::get<AttentionDesc>(attention_launches("attn_fwd", "FLASH_ATTENTION", open.at())[0].kernel).causal);
}

TEST_CASE("FlashMLA rows") {
    const Text decode(R"({"grp": "dense_decode", "b": 64, "kv": 4096, "s_q": 2, "h_q": 128, "varlen": false})");
    const auto& k = std::get<AttentionDesc>(flashmla_launches(decode.at()).front().kernel);
    CHECK(k.kv_heads == 1);
    CHECK(k.d_qk == 576);
    CHECK(k.q_len == 2);
    CHECK(flashmla_launches(decode.at()).size() == 1);  // 64 requests over 33 parts: two each, none is split
    const Text odd(R"({"grp": "dense_decode", "b": 48, "kv": 4096, "s_q": 2, "h_q": 128})");
    CHECK(flashmla_launches(odd.at()).size() == 2);  // some are split, partial results added up
    const Text sparse(R"({"grp": "sparse_decode", "b": 128, "topk": 2048, "kv": 8192, "h_q": 128})");
    const auto chosen = flashmla_launches(sparse.at());
    CHECK(chosen.size() == 1);  // two queries a part, none split: no partial results to add up
    const auto& gathered = std::get<AttentionDesc>(chosen.front().kernel);
    CHECK(gathered.kv_len == 2048);
    CHECK(gathered.reads.front().access == Access::gathered);
    for (const Launch& l : chosen) { CHECK_NOTHROW(validate(l.kernel)); }
    const Text ragged(
        R"({"grp": "dense_decode", "b": 3, "kv": 4096, "s_q": 2, "h_q": 128, "varlen": true, "lens": [64, 4096, 700]})");
    const auto& lens = std::get<AttentionDesc>(flashmla_launches(ragged.at()).front().kernel);
    CHECK(lens.kv_lens == std::vector<std::int64_t>{64, 4096, 700});
    CHECK(lens.reads.front().rows == 64 + 4096 + 700);
    CHECK_THROWS_AS(flashmla_launches(Text(R"({"grp": "sparse_decode", "b": 128})").at()), ConfigError);
    CHECK_THROWS_AS(flashmla_launches(Text(R"({"grp": "sparse_prefill", "b": 128})").at()), ModelError);
    const Text broken(R"({"grp": "dense_decode", "b": 0, "kv": 4096, "s_q": 2, "h_q": 128})");
    CHECK_THROWS_AS(flashmla_launches(broken.at()), ConfigError);
}
