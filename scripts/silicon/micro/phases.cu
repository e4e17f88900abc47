// P. Where the time of a short kernel of a GEMM's shape goes: its launch in clusters, barriers, the first and the last
// stage of its tensor-map loads, its stores and its end, in a replayed graph whose kernels read other data each.
#include "device.cuh"

namespace micro {
namespace {

constexpr int kThreads = 384, kKernels = 24, kSettled = 8, kMost = 16;
constexpr std::size_t kShared = 200 * kKiB;
constexpr unsigned kRows = 128, kRowBytes = 128, kBox = kRows * kRowBytes;

struct Shape {
    int cluster, grid, stages, kblocks;
    unsigned multiply;  // cycles of a k-block
    bool stores;        // a tile of 32 KiB
    bool hot;           // all kernels read the same operands
};

// Cycles from the block's first instruction, and the times of its first and its last one.
struct Phases {
    unsigned barrier, issued, first, last, stored, done, end;
    unsigned long long from, to;
};

template <int kBlocks>
__device__ void produce(const CUtensorMap& a, const CUtensorMap& b, const Shape& s, unsigned base, unsigned full,
                        unsigned long long begin, Phases* p) {
    const unsigned empty = full + 8 * kMost, rank = kBlocks > 1 ? rank_in_cluster() : 0;
    const int row = static_cast<int>(blockIdx.x) * static_cast<int>(kRows);
    int stage = 0, phase = 1;
    for (int k = 0; k < s.kblocks; ++k) {
        wait(empty + 8 * stage, phase);
        const unsigned to = base + stage * 2 * kBox, bar = full + 8 * stage;
        expect(bar, 2 * kBox);
        tensor_load(to, &a, k * static_cast<int>(kRowBytes), row, bar);
        const unsigned part = kRows / kBlocks;  // of the operand that the cluster shares, fetched for all
        const int shared = static_cast<int>(blockIdx.x / kBlocks * kRows + rank * part);
        if (kBlocks == 1) {
            tensor_load(to + kBox, &b, k * static_cast<int>(kRowBytes), shared, bar);
        } else {
            tensor_load_multicast(to + kBox + rank * part * kRowBytes, &b, k * static_cast<int>(kRowBytes), shared, bar,
                                  static_cast<unsigned short>((1u << kBlocks) - 1));
        }
        if (k == 0) { p->issued = static_cast<unsigned>(clock64() - begin); }
        if (++stage == s.stages) { stage = 0, phase ^= 1; }
    }
}

template <int kBlocks>
__device__ void consume(const Shape& s, unsigned full, unsigned long long begin, Phases* p) {
    const unsigned empty = full + 8 * kMost;
    int stage = 0, phase = 0;
    for (int k = 0; k < s.kblocks; ++k) {
        wait(full + 8 * stage, phase);
        const unsigned long long now = clock64();
        if (k == 0) { p->first = static_cast<unsigned>(now - begin); }
        while (clock64() - now < s.multiply) {}
        for (unsigned b = 0; b < kBlocks; ++b) {
            kBlocks == 1 ? arrive(empty + 8 * stage) : arrive_remote(in_block(empty + 8 * stage, b));
        }
        if (++stage == s.stages) { stage = 0, phase ^= 1; }
    }
    p->last = static_cast<unsigned>(clock64() - begin);
}

template <int kBlocks>
__global__ void __launch_bounds__(kThreads, 1)
    phases(const __grid_constant__ CUtensorMap a, const __grid_constant__ CUtensorMap b, char* out, const Shape s,
           Phases* all) {
    extern __shared__ char bytes[];
    __shared__ unsigned long long barriers[2 * kMost];
    const unsigned long long begin = clock64(), from = nanoseconds();
    const unsigned base = aligned(shared_address(bytes)), full = shared_address(barriers);
    Phases* p = all + blockIdx.x;
    if (threadIdx.x == 0) {
        p->from = from;
        for (int i = 0; i < s.stages; ++i) {
            barrier_init(full + 8 * i, 1), barrier_init(full + 8 * (kMost + i), kBlocks);
        }
        fence_barrier_init();
    }
    kBlocks > 1 ? cluster_barrier() : __syncthreads();
    if (threadIdx.x == 0) {
        p->barrier = static_cast<unsigned>(clock64() - begin);
        if (s.kblocks > 0) { produce<kBlocks>(a, b, s, base, full, begin, p); }
    } else if (threadIdx.x == 128) {
        if (s.kblocks > 0) { consume<kBlocks>(s, full, begin, p); }
    }
    __syncthreads();
    if (s.stores && threadIdx.x == 0) {
        fence_async();
        bulk_store(out + std::size_t{blockIdx.x} * 2 * kBox, base, 2 * kBox);
        stores_have_read<0>();
        p->stored = static_cast<unsigned>(clock64() - begin);
        stores_done();
        p->done = static_cast<unsigned>(clock64() - begin);
    }
    if (kBlocks > 1) { cluster_barrier(); }
    if (threadIdx.x == 0) {
        p->end = static_cast<unsigned>(clock64() - begin);
        p->to = nanoseconds();
    }
}

std::vector<double> of(const std::vector<Phases>& all, unsigned Phases::*field) {
    std::vector<double> out;
    for (const Phases& p : all) { out.push_back(p.*field); }
    return out;
}

struct Edges {
    std::vector<double> gap, period, skew;
};

// From one kernel to the next, with the timer of the whole GPU.
Edges edges(const std::vector<Phases>& all, int grid) {
    Edges e;
    const auto begin = [&](int k) {
        std::vector<double> t;
        for (int i = 0; i < grid; ++i) { t.push_back(static_cast<double>(all[k * grid + i].from)); }
        return std::pair{*std::min_element(t.begin(), t.end()), *std::max_element(t.begin(), t.end())};
    };
    for (int k = kSettled; k + 1 < kKernels; ++k) {
        double end = 0;
        for (int i = 0; i < grid; ++i) { end = std::max(end, static_cast<double>(all[k * grid + i].to)); }
        const auto [first, last] = begin(k);
        const double next = begin(k + 1).first;
        e.gap.push_back(next - end), e.period.push_back(next - first), e.skew.push_back(last - first);
    }
    return e;
}

void measure(const Shape& s) {
    const auto kernel = s.cluster == 1   ? phases<1>
                        : s.cluster == 2 ? phases<2>
                        : s.cluster == 4 ? phases<4>
                                         : phases<8>;
    more_shared_memory(reinterpret_cast<const void*>(kernel), kShared);
    const std::size_t rows = static_cast<std::size_t>(s.grid) * kRows, columns = 2048, set = rows * columns;
    Buffer<Phases> spans(static_cast<std::size_t>(kKernels * s.grid));
    scratch();  // allocated before the capture
    cudaStream_t stream;
    CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    cudaGraph_t captured;
    CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
    for (int k = 0; k < kKernels; ++k) {
        char* at = scratch() + (s.hot ? 0 : static_cast<std::size_t>(k) * 2 * set);
        const auto map = [&](char* data, unsigned box_rows) {
            return tensor_map(data, columns, rows, kRowBytes, box_rows, CU_TENSOR_MAP_SWIZZLE_128B,
                              CU_TENSOR_MAP_L2_PROMOTION_L2_256B);
        };
        cudaLaunchAttribute dimension{};
        dimension.id = cudaLaunchAttributeClusterDimension;
        dimension.val.clusterDim.x = static_cast<unsigned>(s.cluster), dimension.val.clusterDim.y = 1,
        dimension.val.clusterDim.z = 1;
        cudaLaunchConfig_t config{};
        config.gridDim = static_cast<unsigned>(s.grid), config.blockDim = kThreads, config.dynamicSmemBytes = kShared;
        config.stream = stream, config.attrs = &dimension, config.numAttrs = s.cluster > 1 ? 1 : 0;
        CHECK(cudaLaunchKernelEx(&config, kernel, map(at, kRows),
                                 map(at + set, kRows / static_cast<unsigned>(s.cluster)), scratch() + 7 * kGiB, s,
                                 spans.get() + k * s.grid));
    }
    CHECK(cudaStreamEndCapture(stream, &captured));
    cudaGraphExec_t graph;
    CHECK(cudaGraphInstantiate(&graph, captured, 0));
    Edges all;
    std::vector<Phases> last;
    for (int round = 0; round < 6; ++round) {
        CHECK(cudaGraphLaunch(graph, stream));
        CHECK(cudaStreamSynchronize(stream));
        if (round < 2) { continue; }
        last = spans.read();
        const Edges e = edges(last, s.grid);
        all.gap.insert(all.gap.end(), e.gap.begin(), e.gap.end());
        all.period.insert(all.period.end(), e.period.begin(), e.period.end());
        all.skew.insert(all.skew.end(), e.skew.begin(), e.skew.end());
    }
    CHECK(cudaGraphExecDestroy(graph));
    CHECK(cudaGraphDestroy(captured));
    CHECK(cudaStreamDestroy(stream));
    last.erase(last.begin(), last.begin() + kSettled * s.grid);
    double mean = 0;
    for (const double p : all.period) { mean += p / static_cast<double>(all.period.size()); }
    Item("P.phases")
        .with("cluster", s.cluster)
        .with("grid", s.grid)
        .with("stages", s.stages)
        .with("kblocks", s.kblocks)
        .with("multiply", static_cast<int>(s.multiply))
        .with("stores", s.stores ? 1 : 0)
        .with("hot", s.hot ? 1 : 0)
        .with("period_mean_ns", mean)
        .with("period_ns", stat(all.period))
        .with("gap_ns", stat(all.gap))
        .with("start_skew_ns", stat(all.skew))
        .with("barrier", stat(of(last, &Phases::barrier)))
        .with("issued", stat(of(last, &Phases::issued)))
        .with("first", stat(of(last, &Phases::first)))
        .with("last", stat(of(last, &Phases::last)))
        .with("stored", stat(of(last, &Phases::stored)))
        .with("done", stat(of(last, &Phases::done)))
        .with("end", stat(of(last, &Phases::end)))
        .with("sm_ghz", clock_ghz());
}

}  // namespace

void phases_of_kernels() {
    for (const int cluster : {1, 2, 4, 8}) {
        const int grid = cluster == 4 ? sm_count() - 12 : cluster == 8 ? sm_count() / 16 * 16 - 8 : sm_count();
        const int fits = grid / cluster * cluster;
        for (const bool stores : {false, true}) { measure({cluster, fits, 6, 0, 0, stores, true}); }
        for (const bool hot : {true, false}) {
            for (const int kblocks : {1, 6, 16}) { measure({cluster, fits, 6, kblocks, 600, true, hot}); }
        }
        measure({cluster, fits, 6, 16, 600, false, false});
    }
    for (const int cluster : {1, 2}) { measure({cluster, sm_count() / 2, 6, 16, 600, true, false}); }
}

}  // namespace micro
