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
    CHECK_THROWS_AS(attention_launches("attn_fwd", "FLASH_ATTENTION", shape.at()), ModelError);
}

TEST_CASE("FlashMLA rows") {
    const Text decode(R"({"grp": "dense_decode", "b": 64, "kv": 4096, "s_q": 2, "h_q": 128, "varlen": false})");
    const auto& k = std::get<AttentionDesc>(flashmla_launches(decode.at()).front().kernel);
    CHECK(k.kv_heads == 1);
    CHECK(k.d_qk == 576);
    CHECK(k.q_len == 2);
    const Text sparse(R"({"grp": "sparse_decode", "b": 128})");
    CHECK_THROWS_AS(flashmla_launches(sparse.at()), ModelError);
    const Text ragged(R"({"grp": "dense_decode", "b": 64, "kv": 4096, "s_q": 2, "h_q": 128, "varlen": true})");
    CHECK_THROWS_AS(flashmla_launches(ragged.at()), ModelError);
    const Text broken(R"({"grp": "dense_decode", "b": 0, "kv": 4096, "s_q": 2, "h_q": 128})");
    CHECK_THROWS_AS(flashmla_launches(broken.at()), ConfigError);
}
