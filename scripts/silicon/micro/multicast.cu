// D, second part: tiles of 16 KiB that all blocks of a cluster need, each fetching a share for all or the whole itself.
#include "device.cuh"

namespace micro {
namespace {

constexpr unsigned kTile = 16384, kTileRows = 128, kRowBytes = 128, kColumns = 8192, kRowBits = 6, kMost = 12;

struct Tiles {
    unsigned stages, count, in_set;
    bool multicast;
};

template <int kBlocks>
__global__ void __launch_bounds__(32, 1)
    shared_tiles(const __grid_constant__ CUtensorMap map, const Tiles t, Span* spans) {
    extern __shared__ char bytes[];
    __shared__ unsigned long long barriers[2 * kMost];
    constexpr unsigned kShare = kTile / kBlocks;
    const unsigned base = aligned(shared_address(bytes)), full = shared_address(barriers), empty = full + 8 * kMost;
    const unsigned rank = kBlocks > 1 ? rank_in_cluster() : 0, clusters = gridDim.x / kBlocks;
    if (threadIdx.x == 0) {
        for (unsigned s = 0; s < t.stages; ++s) { barrier_init(full + 8 * s, 1), barrier_init(empty + 8 * s, kBlocks); }
        fence_barrier_init();
    }
    __syncthreads();
    cluster_barrier();
    if (threadIdx.x == 0) {
        unsigned tile = blockIdx.x / kBlocks % t.in_set;
        const auto start = [&](unsigned stage) {
            const int column = static_cast<int>((tile & ((1u << kRowBits) - 1)) * kRowBytes);
            const int row = static_cast<int>((tile >> kRowBits) * kTileRows);
            const unsigned to = base + stage * kTile, bar = full + 8 * stage;
            expect(bar, kTile);
            if (t.multicast) {
                tensor_load_multicast(to + rank * kShare, &map, column,
                                      row + static_cast<int>(rank * kTileRows / kBlocks), bar,
                                      static_cast<unsigned short>((1u << kBlocks) - 1));
            } else {
                for (unsigned s = 0; s < kBlocks; ++s) {
                    tensor_load(to + s * kShare, &map, column, row + static_cast<int>(s * kTileRows / kBlocks), bar);
                }
            }
            tile = tile + clusters >= t.in_set ? tile + clusters - t.in_set : tile + clusters;
        };
        const Stopwatch watch;
        for (unsigned s = 0; s < t.stages; ++s) { start(s); }
        unsigned stage = 0, phase = 0, refill = 0, refill_phase = 0;
        for (unsigned i = 0; i < t.count; ++i) {
            wait(full + 8 * stage, phase);
            for (unsigned b = 0; b < kBlocks; ++b) { arrive_remote(in_block(empty + 8 * stage, b)); }
            if (i > 0) {  // the stage before: by now the others may have left it too
                if (i - 1 + t.stages < t.count) {
                    wait(empty + 8 * refill, refill_phase);
                    start(refill);
                }
                if (++refill == t.stages) { refill = 0, refill_phase ^= 1; }
            }
            if (++stage == t.stages) { stage = 0, phase ^= 1; }
        }
        watch.stop(spans + blockIdx.x, std::uint64_t{t.count} * kTile);
    }
    __syncthreads();
    cluster_barrier();
}

template <int kBlocks>
void clusters_of(int clusters) {
    constexpr std::size_t kSet = 16 * kMiB;
    const auto kernel = shared_tiles<kBlocks>;
    more_shared_memory(reinterpret_cast<const void*>(kernel), 200 * kKiB);
    const CUtensorMap map =
        tensor_map(scratch(), kColumns, kSet / kColumns, kRowBytes, kTileRows / kBlocks, CU_TENSOR_MAP_SWIZZLE_128B);
    const int sms = clusters * kBlocks;
    for (const bool shared : {false, true}) {
        for (const unsigned stages : {2u, 4u, 8u, kMost}) {
            const Tiles t{stages, 2048, kSet / kTile, shared};
            const Repeats r =
                repeat(3, sms, [&](Span* s) { launch_clusters(kernel, kBlocks, sms, 32, 200 * kKiB, map, t, s); });
            Item("D.multicast")
                .with("cluster", kBlocks)
                .with("multicast", shared ? 1 : 0)
                .with("clusters", clusters)
                .with("sms", sms)
                .with("stages", static_cast<int>(stages))
                .with("tile_bytes", static_cast<int>(kTile))
                .with("working_set", kSet)
                .with("sm_ghz", stat(r.ghz))
                .with("delivered_GBps", r.rate())
                .with("delivered_bytes_per_clk_per_sm", r.per_clock(sms));
        }
    }
}

}  // namespace

void multicast() {
    clusters_of<1>(1), clusters_of<2>(1), clusters_of<4>(1);
    clusters_of<1>(sm_count()), clusters_of<2>(sm_count() / 2), clusters_of<4>(sm_count() / 4 - 3);
}

}  // namespace micro
