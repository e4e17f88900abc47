// What each proposal does to a graph, one small graph at a time.
// covers: models/proposals/comm-coprocessor/proposal.cpp
// covers: models/proposals/fused-cast-tma/proposal.cpp
// covers: models/proposals/group-scaled-mma/proposal.cpp
// covers: models/proposals/near-memory-quant/proposal.cpp
// covers: models/proposals/transposed-gemm/proposal.cpp
// covers: models/proposals/unified-fabric/proposal.cpp
// covers: models/proposals/warp-cast/proposal.cpp
// covers: models/proposals/wide-accumulate/proposal.cpp
#include <catch2/catch.hpp>

#include "models/proposals/graph_edit.hpp"
#include "models/proposals/selection.hpp"
#include "sim/base/error.hpp"
#include "sim/config/link_rates.hpp"
#include "tests/support/small_graphs.hpp"
#include "tests/support/systems.hpp"

using namespace tessera;
using namespace tessera::testing;

namespace {

TaskGraph rewritten(TaskGraph graph, const std::vector<ProposalChoice>& choices) {
    const std::vector<ActiveProposal> active = select_proposals(choices, "test");
    const SystemConfig system = configured(testing::h800(), active);
    return run_passes(std::move(graph), proposal_passes(active), system);
}

const GemmDesc& gemm(const TaskGraph& g) { return *gemm_of(*g.find("gemm")); }

}  // namespace

TEST_CASE("fused-cast-tma: the GEMM reads BF16 and the cast with its scale transpose is gone") {
    const TaskGraph g = rewritten(cast_chain(), {{"fused-cast-tma", {}}});
    CHECK(g.find("cast") == nullptr);
    CHECK(g.find("scaleT") == nullptr);
    CHECK(gemm(g).fused_cast_a);
    CHECK(gemm(g).a.tensor == "x");
    CHECK(gemm(g).a.dtype == DType::bf16);
}

TEST_CASE("fused-cast-tma: an FP8 copy that somebody else needs stays") {
    TaskGraph chain = cast_chain();
    std::get<ExchangeDesc>(chain.tasks[5].kernel).reads = {operand("x.q", DType::fp8_e4m3, 512, 1024)};
    const TaskGraph g = rewritten(chain, {{"fused-cast-tma", {}}});
    CHECK(g.find("cast") != nullptr);
    CHECK_FALSE(gemm(g).fused_cast_a);
}

TEST_CASE("fused-cast-tma: wide outputs keep the cast when max_rereads says so") {
    CHECK(rewritten(cast_chain(), {{"fused-cast-tma", {{"max_rereads", "15"}}}}).find("cast") != nullptr);
    CHECK(rewritten(cast_chain(), {{"fused-cast-tma", {{"max_rereads", "16"}}}}).find("cast") == nullptr);
}

TEST_CASE("fused-cast-tma: kernels of a role that software keeps apart stay") {
    const TaskGraph chain = cast_chain();
    const std::vector<ActiveProposal> active = select_proposals({{"fused-cast-tma", {}}}, "test");
    const SystemConfig system = configured(testing::h800(), active);
    const TaskGraph g = run_passes(chain, proposal_passes(active), system, {"cast"});
    CHECK(g.tasks.size() == chain.tasks.size());
    CHECK_FALSE(gemm(g).fused_cast_a);
}

TEST_CASE("warp-cast: the norm writes FP8 instead of BF16") {
    const TaskGraph g = rewritten(cast_chain(), {{"warp-cast", {}}});
    CHECK(g.find("cast") == nullptr);
    const StreamDesc& norm = std::get<StreamDesc>(g.find("norm")->kernel);
    CHECK(norm.warp_cast);
    REQUIRE(norm.writes.size() == 2);
    CHECK(norm.writes[0].tensor == "x.q");
    CHECK(norm.writes[1].tensor == "x.s");
}

TEST_CASE("warp-cast: the BF16 copy stays when it is read elsewhere") {
    TaskGraph chain = cast_chain();
    add_task(chain, "other", stream_kernels::named(stream_kernels::elementwise_scale(512, 1024), {"x"}, {"x2"}));
    const TaskGraph g = rewritten(chain, {{"warp-cast", {}}});
    CHECK(g.find("cast") == nullptr);
    CHECK(std::get<StreamDesc>(g.find("norm")->kernel).writes.size() == 3);
}

TEST_CASE("near-memory-quant: FP8 plus scales cross the interface and no BF16 line of L2 serves") {
    const TaskGraph g = rewritten(cast_chain(), {{"near-memory-quant", {}}});
    CHECK(g.find("cast") == nullptr);
    CHECK(gemm(g).a.tensor == "x");
    CHECK(gemm(g).a.dtype == DType::fp8_e4m3);
    CHECK(gemm(g).a.cast_by_memory);
    CHECK(gemm(g).a.near_memory_ratio == Approx(132.0 / 128.0));
    const TaskGraph kept = rewritten(cast_chain(), {{"near-memory-quant", {{"serve_gemm", "false"}}}});
    CHECK(std::get<StreamDesc>(kept.find("cast")->kernel).reads[0].near_memory_ratio == Approx(132.0 / 256.0));
    CHECK(std::get<StreamDesc>(kept.find("cast")->kernel).cvt_per_element == 0);
}

TEST_CASE("near-memory-quant: a group over two channels cannot be cast") {
    CHECK_THROWS_AS(rewritten(cast_chain(), {{"near-memory-quant", {{"interleave", "\"128 B\""}}}}), ModelError);
}

TEST_CASE("transposed-gemm: the weight is read as it lies") {
    const TaskGraph g = rewritten(cast_chain(), {{"transposed-gemm", {}}});
    CHECK(g.find("weightT") == nullptr);
    CHECK(gemm(g).b.tensor == "w");
    CHECK_FALSE(gemm(g).b_k_major);
}

TEST_CASE("transposed-gemm: cast-and-transpose vanishes only with a casting TMA") {
    namespace sk = stream_kernels;
    TaskGraph chain = cast_chain();
    add_task(chain, "castT", sk::named(sk::per_channel_cast_transpose(512, 1024), {"g"}, {"g.qT", "g.sT"}));
    GemmDesc wgrad = block_gemm("g.qT", "w2", "dw", 1024, 256, 512);
    wgrad.scale = ScaleMode::block_1x128_1x128;
    add_task(chain, "wgrad", wgrad);
    const TaskGraph alone = rewritten(chain, {{"transposed-gemm", {}}});
    REQUIRE(alone.find("castT") != nullptr);
    CHECK(std::get<StreamDesc>(alone.find("castT")->kernel).smem_bytes_per_element == 0);
    CHECK_FALSE(gemm_of(*alone.find("wgrad"))->a_k_major);
    const TaskGraph both = rewritten(chain, {{"transposed-gemm", {}}, {"fused-cast-tma", {}}});
    CHECK(both.find("castT") == nullptr);
    CHECK(gemm_of(*both.find("wgrad"))->fused_cast_a);
    CHECK(gemm_of(*both.find("wgrad"))->a.dtype == DType::bf16);
}

TEST_CASE("group-scaled-mma drops the promotion of block-scaled GEMMs") {
    CHECK(gemm(rewritten(cast_chain(), {{"group-scaled-mma", {}}})).promotion_interval == 0);
}

TEST_CASE("wide-accumulate keeps the promotion that block scales need") {
    TaskGraph chain = cast_chain();
    CHECK(gemm(rewritten(chain, {{"wide-accumulate", {}}})).promotion_interval == 128);
    gemm_of(chain.tasks[4])->scale = ScaleMode::tensor_promoted;
    CHECK(gemm(rewritten(chain, {{"wide-accumulate", {}}})).promotion_interval == 0);
}

TEST_CASE("comm-coprocessor gives the communication SMs back to compute") {
    const TaskGraph g = rewritten(cast_chain(), {{"comm-coprocessor", {}}});
    CHECK(std::get<ExchangeDesc>(g.find("send")->kernel).sms == 0);
    CHECK(g.streams[0].max_sms == testing::h800().sm.count);
}

TEST_CASE("unified-fabric changes links, not the graph") {
    const std::vector<ActiveProposal> active = select_proposals({{"unified-fabric", {}}}, "test");
    CHECK(proposal_passes(active).empty());
    const SystemConfig system = configured(testing::h800(), active);
    CHECK(system.nvlink.switch_multicast);
    CHECK(system.nic.direct_forward);
    CHECK(row_rate(system.nic) > row_rate(testing::h800().nic));
}

TEST_CASE("fused-cast-tma and near-memory-quant remove the same cast once") {
    const TaskGraph g = rewritten(cast_chain(), {{"near-memory-quant", {}}, {"fused-cast-tma", {}}});
    CHECK(g.find("cast") == nullptr);
    CHECK(gemm(g).fused_cast_a);
    CHECK_FALSE(gemm(g).a.cast_by_memory);
}
