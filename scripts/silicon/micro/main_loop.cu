#include "main_loop.cuh"

#include <cstdio>

namespace micro {
namespace {

constexpr int kStages = 6;
constexpr unsigned kTile = 128 * 128, kStage = 2 * kTile;

struct Work {
    unsigned tiles_m, tiles_n, kblocks;  // of the GEMM, in 128s
    unsigned count;                      // k-blocks a thread block takes
};

__device__ void feed(const CUtensorMap* left, const CUtensorMap* right, const Work& w, unsigned base, unsigned full,
                     unsigned empty) {
    const unsigned tiles = w.tiles_m * w.tiles_n;
    unsigned tile = blockIdx.x % tiles, row = tile % w.tiles_m, column = tile / w.tiles_m;
    unsigned kblock = 0, stage = 0, phase = 0;
    for (unsigned i = 0; i < w.count; ++i) {
        wait(empty + 8 * stage, phase ^ 1);
        const unsigned to = base + stage * kStage, barrier = full + 8 * stage;
        expect(barrier, kStage);
        tensor_load(to, left, static_cast<int>(kblock * 128), static_cast<int>(row * 128), barrier);
        tensor_load(to + kTile, right, static_cast<int>(kblock * 128), static_cast<int>(column * 128), barrier);
        if (++stage == kStages) { stage = 0, phase ^= 1; }
        if (++kblock == w.kblocks) {
            kblock = 0, tile = (tile + gridDim.x) % tiles;
            row = tile % w.tiles_m, column = tile / w.tiles_m;
        }
    }
}

// One consumer warpgroup: its 64 rows of every stage.
template <bool kPromote>
__device__ void multiply(const Work& w, unsigned base, unsigned full, unsigned empty, int group, float scale,
                         float* sink) {
    float sum[64] = {};
    unsigned stage = 0, phase = 0, before = 0;
#pragma unroll 1
    for (unsigned i = 0; i < w.count; ++i) {
        wait(full + 8 * stage, phase);
        const unsigned at = base + stage * kStage;
        const Descriptor left = descriptor(at + static_cast<unsigned>(group) * 8192), right = descriptor(at + kTile);
        if (kPromote) {
            float part[64];
            mma_fence();
            mma_kblock(part, left, right, false);
            mma_commit();
            mma_wait<0>();
            settle(part);
            if (threadIdx.x % 32 == 0) { arrive(empty + 8 * stage); }
            promote(sum, part, scale, 0.5f * scale);
        } else {
            mma_fence();
            mma_kblock(sum, left, right, true);
            mma_commit();
            mma_wait<1>();  // the k-block before has been read
            if (i > 0 && threadIdx.x % 32 == 0) { arrive(empty + 8 * before); }
            before = stage;
        }
        if (++stage == kStages) { stage = 0, phase ^= 1; }
    }
    mma_wait<0>();
    settle(sum);
    float total = 0;
#pragma unroll
    for (int i = 0; i < 64; ++i) { total += sum[i]; }
    if (total == 1.2345e-33f) { *sink = total; }
}

template <bool kPromote>
__global__ void __launch_bounds__(384, 1)
    main_loop(const __grid_constant__ CUtensorMap left, const __grid_constant__ CUtensorMap right, const Work w,
              float scale, Span* spans, float* sink) {
    extern __shared__ char bytes[];
    __shared__ unsigned long long barriers[2 * kStages];
    const unsigned base = aligned(shared_address(bytes)), full = shared_address(barriers), empty = full + 8 * kStages;
    if (threadIdx.x == 0) {
        for (unsigned s = 0; s < kStages; ++s) { barrier_init(full + 8 * s, 1), barrier_init(empty + 8 * s, 8); }
        fence_barrier_init();
    }
    __syncthreads();
    const Stopwatch watch;
    if (threadIdx.x < 128) {
        if (threadIdx.x == 0) { feed(&left, &right, w, base, full, empty); }
    } else {
        multiply<kPromote>(w, base, full, empty, static_cast<int>(threadIdx.x / 128) - 1, scale, sink);
        if (threadIdx.x == 128) { watch.stop(spans + blockIdx.x, w.count); }
    }
}

struct Shape {
    int m, n, k;
};

template <bool kPromote>
Repeats run(const Shape& s, int sms, unsigned count, int times) {
    static Buffer<float> sink(1);
    const auto extent = [](int e) { return static_cast<std::uint64_t>(e); };
    const CUtensorMap left = tensor_map(scratch(), extent(s.k), extent(s.m), 128, 128, CU_TENSOR_MAP_SWIZZLE_128B);
    const CUtensorMap right =
        tensor_map(scratch() + kGiB, extent(s.k), extent(s.n), 128, 128, CU_TENSOR_MAP_SWIZZLE_128B);
    const Work w{static_cast<unsigned>(s.m / 128), static_cast<unsigned>(s.n / 128), static_cast<unsigned>(s.k / 128),
                 count};
    constexpr std::size_t kShared = kStages * kStage + kKiB;
    more_shared_memory(reinterpret_cast<const void*>(main_loop<kPromote>), kShared);
    return repeat(times, sms, [&](Span* spans) {
        main_loop<kPromote><<<sms, 384, kShared>>>(left, right, w, 0.75f, spans, sink.get());
    });
}

template <bool kPromote>
void measure(const Shape& s, int sms) {
    constexpr unsigned kCount = 2400;
    const Repeats r = run<kPromote>(s, sms, kCount, 3);
    std::vector<double> tflops;
    for (const double ns : r.ns) { tflops.push_back(2.0 * 128 * 128 * 128 * kCount * sms / ns / 1e3); }
    Item("E.mainloop_tma_fp8")
        .with("m", s.m)
        .with("n", s.n)
        .with("k", s.k)
        .with("sms", sms)
        .with("promotion", kPromote ? 1 : 0)
        .with("tile", "128x128x128, 6 stages, 2 consumer warpgroups, no epilogue")
        .with("cycles_per_kblock", r.per(r.cycles, kCount))
        .with("tflops", stat(tflops))
        .with("sm_ghz", stat(r.ghz));
}

// A second of the main loop with promotion in launches of about 50 ms: the clock that the power cap allows.
void sustained() {
    const Repeats r = run<true>({4096, 4096, 7168}, sm_count(), 120000, 20);
    std::vector<std::int64_t> mhz;
    for (const double ghz : r.ghz) { mhz.push_back(static_cast<std::int64_t>(ghz * 1000 + 0.5)); }
    Item("E.sustained")
        .with("what", "e4m3 TMA-fed main loop 128x128x128 with promotion")
        .with("sm_mhz_series", mhz)
        .with("sm_ghz", stat(r.ghz));
}

}  // namespace

void main_loops() {
    for (const Shape& s : {Shape{512, 512, 2048}, Shape{4096, 4096, 7168}}) {
        measure<false>(s, 1);
        measure<true>(s, 1);
        if (s.m > 512) { measure<false>(s, sm_count()), measure<true>(s, sm_count()); }
    }
    sustained();
}

}  // namespace micro
