// E: rate and latency of wgmma, and k-blocks with promotion of their partial sums, operands resident.
#include "main_loop.cuh"

namespace micro {
namespace {

constexpr unsigned kSecondWord = 31;

__device__ void fill_shared(unsigned base, unsigned bytes, bool bf16) {
    for (unsigned i = threadIdx.x; i < bytes / 4; i += blockDim.x) {
        const unsigned seed = i * kSecondWord + blockIdx.x;
        store_shared(base + 4 * i, bf16 ? random_bf16(seed) : random_e4m3(seed));
    }
    fence_async();
    __syncthreads();
}

template <int count>
__device__ void keep(const float (&d)[count], float* sink) {
    float sum = 0;
#pragma unroll
    for (int i = 0; i < count; ++i) { sum += d[i]; }
    if (sum == 1.2345e-33f) { *sink = sum; }
}

// Groups of four m64n256 into one accumulator; every warpgroup has its own 64 rows.
template <bool kBf16>
__global__ void __launch_bounds__(256, 1) rate(int groups, Span* spans, float* sink) {
    extern __shared__ char bytes[];
    const unsigned base = aligned(shared_address(bytes)), own = threadIdx.x / 128;
    fill_shared(base, 2 * 8192 + 32768, kBf16);
    const Descriptor left = descriptor(base + own * 8192), right = descriptor(base + 16384);
    float d[128] = {};
    const Stopwatch watch;
#pragma unroll 1
    for (int g = 0; g < groups; ++g) {
        mma_fence();
#pragma unroll
        for (int k = 0; k < 4; ++k) {
            if (kBf16) {
                mma_bf16(d, left + 2 * k, right + 2 * k, 1);
            } else {
                mma_e4m3(d, left + 2 * k, right + 2 * k, 1);
            }
        }
        mma_commit();
        mma_wait<1>();
    }
    mma_wait<0>();
    settle(d);
    __syncthreads();
    if (threadIdx.x == 0) { watch.stop(spans + blockIdx.x, 0); }
    keep(d, sink);
}

template <bool kBf16>
void rates(int sms, int warpgroups, float* sink) {
    constexpr int kGroups = 2000;
    more_shared_memory(reinterpret_cast<const void*>(rate<kBf16>), 120 * kKiB);
    const Repeats r =
        repeat(3, sms, [&](Span* s) { rate<kBf16><<<sms, 128 * warpgroups, 120 * kKiB>>>(kGroups, s, sink); });
    Item("E.wgmma_throughput")
        .with("type", kBf16 ? "bf16" : "e4m3")
        .with("a_from", "shared")
        .with("m", 64)
        .with("n", 256)
        .with("k", kBf16 ? 16 : 32)
        .with("warpgroups", warpgroups)
        .with("accumulator_sets", 1)
        .with("sms", sms)
        .with("cycles_per_instruction_per_sm", r.per(r.cycles, 4.0 * kGroups * warpgroups))
        .with("sm_ghz", stat(r.ghz));
}

// Groups of dependent wgmmas, each with fence and commit; waited for at once, or one group behind.
template <int kSums, int kGroup, bool kBehind, class Left>
__device__ void groups_of(int count, const Left& left, Descriptor right, Span* spans, float* sink) {
    float d[kSums] = {};
    const Stopwatch watch;
#pragma unroll 1
    for (int i = 0; i < count; ++i) {
        mma_fence();
#pragma unroll
        for (int k = 0; k < kGroup; ++k) { mma_e4m3(d, left, right + 2 * (k % 4), 1); }
        mma_commit();
        mma_wait<kBehind ? 1 : 0>();
    }
    mma_wait<0>();
    settle(d);
    if (threadIdx.x == 0) { watch.stop(spans, 0); }
    keep(d, sink);
}

template <int kColumns, int kGroup, bool kRegisters, bool kBehind>
__global__ void __launch_bounds__(128, 1) groups(int count, Span* spans, float* sink) {
    extern __shared__ char bytes[];
    const unsigned base = aligned(shared_address(bytes));
    fill_shared(base, 8192 + 32768, false);
    const Descriptor right = descriptor(base + 8192);
    if constexpr (kRegisters) {
        const LeftRegisters left = {{random_e4m3(threadIdx.x), random_e4m3(threadIdx.x + 128),
                                     random_e4m3(threadIdx.x + 256), random_e4m3(threadIdx.x + 384)}};
        groups_of<kColumns / 2, kGroup, kBehind>(count, left, right, spans, sink);
    } else {
        groups_of<kColumns / 2, kGroup, kBehind>(count, descriptor(base), right, spans, sink);
    }
}

template <int kColumns, int kGroup, bool kRegisters, bool kBehind>
Repeats run_groups(int count, float* sink) {
    constexpr std::size_t kShared = 64 * kKiB;
    const auto kernel = groups<kColumns, kGroup, kRegisters, kBehind>;
    more_shared_memory(reinterpret_cast<const void*>(kernel), kShared);
    return repeat(3, 1, [&](Span* s) { kernel<<<1, 128, kShared>>>(count, s, sink); });
}

template <int kColumns, int kGroup, bool kRegisters>
void latency(float* sink) {
    constexpr int kCount = 10000;
    const Repeats r = run_groups<kColumns, kGroup, kRegisters, false>(kCount, sink);
    Item("E.wgmma_latency")
        .with("type", "e4m3")
        .with("a_from", kRegisters ? "registers" : "shared")
        .with("n", kColumns)
        .with("k", 32)
        .with("group", kGroup)
        .with("cycles", r.per(r.cycles, kCount))
        .with("ns", r.per(r.ns, kCount))
        .with("sm_ghz", stat(r.ghz));
}

void narrow_interval(float* sink) {
    constexpr int kCount = 5000, kGroup = 16;
    const Repeats r = run_groups<16, kGroup, true, true>(kCount, sink);
    Item("E.wgmma_throughput")
        .with("type", "e4m3")
        .with("a_from", "registers")
        .with("m", 64)
        .with("n", 16)
        .with("k", 32)
        .with("warpgroups", 1)
        .with("accumulator_sets", 1)
        .with("sms", 1)
        .with("cycles_per_instruction_per_sm", r.per(r.cycles, kCount * kGroup))
        .with("sm_ghz", stat(r.ghz));
}

// k-blocks of 64x128 per warpgroup from three resident stages. Ordered: two warpgroups issue in turns.
template <bool kPromote, int kGroups, bool kOrdered>
__global__ void __launch_bounds__(kGroups * 128, 1) kblocks(int count, Span* spans, float* sink) {
    extern __shared__ char bytes[];
    constexpr int kStages = 3;
    constexpr unsigned kLeft = kGroups * 8192, kRight = 16384;
    __shared__ float row_scales[kStages][kGroups * 64], tile_scales[kStages];
    const unsigned base = aligned(shared_address(bytes));
    const int group = static_cast<int>(threadIdx.x / 128);
    const int row = group * 64 + static_cast<int>(threadIdx.x % 128 / 32 * 16 + threadIdx.x % 32 / 4);
    for (unsigned i = threadIdx.x; i < kStages * kGroups * 64; i += blockDim.x) {
        (&row_scales[0][0])[i] = 0.5f + 0.125f * (i % 7);
    }
    if (threadIdx.x < kStages) { tile_scales[threadIdx.x] = 0.75f; }
    fill_shared(base, kStages * (kLeft + kRight), false);
    float sum[64] = {};
    const auto begin_turn = [&] {
        if (kOrdered) { asm volatile("bar.sync %0, 256;" ::"r"(1 + group) : "memory"); }
    };
    const auto end_turn = [&](bool last) {
        if (kOrdered && !(last && group == 1)) { asm volatile("bar.arrive %0, 256;" ::"r"(2 - group) : "memory"); }
    };
    __syncthreads();
    const Stopwatch watch;
    if (kOrdered && group == 1) { end_turn(false); }  // the first turn is that of warpgroup 0
    int stage = 0;
#pragma unroll 1
    for (int i = 0; i < count; ++i) {
        const unsigned at = base + static_cast<unsigned>(stage) * (kLeft + kRight);
        const Descriptor left = descriptor(at + static_cast<unsigned>(group) * 8192), right = descriptor(at + kLeft);
        if (kPromote) {
            float part[64];
            begin_turn();
            mma_fence();
            mma_kblock(part, left, right, false);
            mma_commit();
            end_turn(i + 1 == count);
            const float scale = tile_scales[stage];
            const float scale0 = row_scales[stage][row] * scale, scale1 = row_scales[stage][row + 8] * scale;
            mma_wait<0>();
            settle(part);
            promote(sum, part, scale0, scale1);
        } else {
            begin_turn();
            mma_fence();
            mma_kblock(sum, left, right, true);
            mma_commit();
            end_turn(i + 1 == count);
            mma_wait<1>();
        }
        stage = stage + 1 == kStages ? 0 : stage + 1;
    }
    mma_wait<0>();
    settle(sum);
    __syncthreads();
    if (threadIdx.x == 0) { watch.stop(spans + blockIdx.x, 0); }
    keep(sum, sink);
}

template <bool kPromote, int kGroups, bool kOrdered>
void promotion(int sms, float* sink) {
    constexpr int kCount = 2400;
    const auto kernel = kblocks<kPromote, kGroups, kOrdered>;
    more_shared_memory(reinterpret_cast<const void*>(kernel), 150 * kKiB);
    const Repeats r = repeat(4, sms, [&](Span* s) { kernel<<<sms, kGroups * 128, 150 * kKiB>>>(kCount, s, sink); });
    Item("E.promotion")
        .with("tile", "64x128 per warpgroup, " + std::to_string(64 * kGroups) + "x128 per SM")
        .with("wg_rows", 64)
        .with("n", 128)
        .with("warpgroups", kGroups)
        .with("promotion", kPromote ? "after each k-block" : "none")
        .with("ordered", kOrdered ? 1 : 0)
        .with("sms", sms)
        .with("cycles_per_kblock", r.per(r.cycles, kCount))
        .with("sm_ghz", stat(r.ghz));
}

}  // namespace

void tensor_cores() {
    Buffer<float> sink(1);
    for (const int sms : {1, sm_count()}) {
        for (const int warpgroups : {1, 2}) {
            rates<false>(sms, warpgroups, sink.get());
            rates<true>(sms, warpgroups, sink.get());
        }
        promotion<false, 1, false>(sms, sink.get());
        promotion<true, 1, false>(sms, sink.get());
        promotion<false, 2, false>(sms, sink.get());
        promotion<true, 2, false>(sms, sink.get());
        promotion<false, 2, true>(sms, sink.get());
        promotion<true, 2, true>(sms, sink.get());
    }
    latency<8, 1, false>(sink.get());
    latency<256, 1, false>(sink.get()), latency<256, 4, false>(sink.get());
    latency<256, 1, true>(sink.get()), latency<256, 4, true>(sink.get());
    narrow_interval(sink.get());
    main_loops();
}

}  // namespace micro
