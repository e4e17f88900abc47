#include "models/network/moe.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::network;

namespace {

// Tokens that go round the experts `stride` apart.
Routing regular(int tokens, int stride) {
    Routing r;
    for (int t = 0; t < tokens; ++t) {
        for (int k = 0; k < r.top_k; ++k) { r.expert_of.push_back((t + k * stride) % r.experts); }
    }
    return r;
}

}  // namespace

TEST_CASE("tokens in are tokens out, each node is reached once") {
    // Experts 32 apart with 64 ranks of 4 experts: one on each of the eight nodes, always the same index.
    const TokenFlow spread = token_flow(regular(256, 32), 0, 64, 8, 0);
    CHECK(spread.pairs == 256 * 8);
    CHECK(spread.other_nodes == 256 * 7);
    CHECK(spread.same_node + spread.passed_on + spread.kept == spread.pairs);
    // Neighbouring experts: eight experts on two or three ranks of one or two nodes.
    const TokenFlow close = token_flow(regular(256, 1), 0, 64, 8, 2);
    CHECK(close.pairs < 256 * 4);
    CHECK(close.other_nodes <= 256 * 2);
}

TEST_CASE("routing that cannot be is refused with the token") {
    CHECK_THROWS_AS(token_flow(regular(4, 1), 0, 48, 8, 0), ModelError);   // 48 ranks, 256 experts
    CHECK_THROWS_AS(token_flow(regular(4, 1), 0, 64, 10, 0), ModelError);  // nodes that are not full
    Routing r = regular(4, 1);
    r.expert_of.pop_back();
    CHECK_THROWS_WITH(token_flow(r, 0, 64, 8, 0), Catch::Contains("loses tokens"));
    r = regular(4, 1);
    r.expert_of[9] = 256;
    CHECK_THROWS_WITH(token_flow(r, 0, 64, 8, 0), Catch::Contains("token 1"));
    r = regular(4, 1);
    r.expert_of[1] = r.expert_of[0];
    CHECK_THROWS_WITH(token_flow(r, 0, 64, 8, 0), Catch::Contains("twice"));
    CHECK_THROWS_WITH(token_flow(regular(4, 32), 0, 64, 8, 4), Catch::Contains("nodes"));
}
