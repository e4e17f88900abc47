// What comes before the first load: parameters, barriers, tensor maps, and the walk over groups.
#include "models/sm/gemm_plan.hpp"
#include "models/tensor_core/tensor_core.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

namespace {

GemmPlan plan_of(const SystemConfig& c, int cluster, int parts, bool grouped) {
    GemmDesc g;
    g.m = g.n = g.k = 1024;
    g.a.dtype = g.b.dtype = DType::bf16;
    g.d.dtype = DType::bf16;
    GemmTiling t;
    t.bm = t.bn = 128;
    t.bk = 64;
    t.cluster = cluster;
    t.consumers = ConsumerStyle::cooperative;
    t.epilogue_parts = parts;
    t.group_descriptors = grouped;
    g.tiling = t;
    TensorCore tensor("tensor", c.sm);
    return plan_gemm(g, c.sm.count, tensor, c);
}

}  // namespace

TEST_CASE("before its first load a block reads its parameters and meets the others") {
    const SystemConfig c = round_system();  // 200 from L2, 57 for a map; 47 for 12 warps, 376 for two blocks
    CHECK(plan_of(c, 1, 1, false).setup == Approx(200 + 57 + 47));
    CHECK(plan_of(c, 2, 4, false).setup == Approx(200 + 57 + 376));
    CHECK(plan_of(c, 1, 4, false).tile_walk == 0);
}

TEST_CASE("a grouped kernel that writes its own tensor maps runs code before each tile, more for another group") {
    SystemConfig c = round_system();
    c.sm.parameter_miss = cycles(500);
    c.sm.cuda.dependent_issue = cycles(4);
    c.sm.sync.fence_gpu_store = cycles(400);
    const GemmPlan p = plan_of(c, 1, 4, true);
    CHECK(p.setup == Approx(plan_of(c, 1, 4, false).setup + 430 * 4 + 2 * 500));
    CHECK(p.tile_walk == Approx(200 * 4));
    CHECK(p.group_switch == Approx(3 * 300 + 235 * 4 + 400));  // three loads from the far half of L2
}
