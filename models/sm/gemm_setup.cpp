// What a thread block does before its first load, and its producer between two tiles. A warp alone on its scheduler
// runs straight-line code at an instruction each CudaCoreConfig::dependent_issue; the counts below are of machine code
// that runs once a block or once a tile, read with a profiler (H200, CUTLASS grouped kernels of PyTorch 2.11, BF16 and
// FP8, tiles of 64x128 and 128x256: within 15 % of each other).
#include "models/sm/gemm_plan.hpp"
#include "models/sm/sync_costs.hpp"

namespace tessera {

namespace {

constexpr int warps = 12;              // two warpgroups that multiply, one that loads
constexpr double grouped_setup = 430;  // sizes of the grid, barriers, the scheduler's divisors
constexpr double grouped_walk =
    200;  // the next tile: its group by a prefix sum over the groups' sizes, its place there
constexpr double grouped_maps = 235;   // extents, strides and addresses put into two tensor maps
constexpr int grouped_parameters = 2;  // further parts of 2.3 KiB of parameters, one after another
constexpr int dependent_loads = 3;     // the group's extents, then where its addresses are, then these

}  // namespace

void plan_setup(const GemmDesc& g, const SystemConfig& c, GemmPlan& p) {
    const bool grouped = g.tiling && g.tiling->group_descriptors;
    const double meet =
        p.cluster > 1 ? cluster_barrier_cycles(p.cluster, c.sm.sync) : block_barrier_cycles(warps, c.sm.sync);
    // The kernel's parameters, which hold the tensor maps, come from L2, where the launch wrote them; the first use of
    // a map costs the TMA more than later ones; barriers are initialised and all threads of the block or cluster meet.
    p.setup = c.l2.latency_near.raw() + c.tma.descriptor_fetch.raw() + meet;
    if (!grouped) { return; }
    const double instruction = c.sm.cuda.dependent_issue.raw();
    p.setup += grouped_setup * instruction + grouped_parameters * c.sm.parameter_miss.raw();
    p.tile_walk = grouped_walk * instruction;
    p.group_switch =
        dependent_loads * c.l2.latency_far.raw() + grouped_maps * instruction + c.sm.sync.fence_gpu_store.raw();
}

}  // namespace tessera
