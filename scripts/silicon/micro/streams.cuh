// Kernels that move bytes: 16-byte vectors by all threads of a block, or rings of bulk copies by one of them.
#pragma once
#include "device.cuh"

namespace micro {

enum class Mode { kRead, kWrite, kCopy };
inline const char* name(Mode m) { return m == Mode::kRead ? "read" : m == Mode::kWrite ? "write" : "copy"; }

__device__ inline uint4 pattern(unsigned seed) { return make_uint4(seed, mix(seed), ~seed, seed * 0x9e3779b9u); }

// Blocks take chunks of blockDim x kUnroll x 16 bytes in turn.
template <Mode mode, int kUnroll>
__global__ void __launch_bounds__(1024, 1)
    vectors(const uint4* from, uint4* to, std::size_t chunks, Span* spans, unsigned* sink) {
    const unsigned per = blockDim.x * kUnroll;
    unsigned sum = 0;
    std::size_t done = 0;
    __syncthreads();
    const Stopwatch watch;
    for (std::size_t c = blockIdx.x; c < chunks; c += gridDim.x, ++done) {
        const std::size_t at = c * per + threadIdx.x;
        uint4 v[kUnroll];
#pragma unroll
        for (int u = 0; u < kUnroll; ++u) {
            const std::size_t i = at + static_cast<std::size_t>(u) * blockDim.x;
            if (mode == Mode::kWrite) {
                v[u] = pattern(static_cast<unsigned>(i));
            } else {
                v[u] = load_stream(from + i);
            }
        }
#pragma unroll
        for (int u = 0; u < kUnroll; ++u) {
            if (mode == Mode::kRead) {
                sum ^= v[u].x ^ v[u].y ^ v[u].z ^ v[u].w;
            } else {
                store(to + at + static_cast<std::size_t>(u) * blockDim.x, v[u]);
            }
        }
    }
    if (sum == 0x12345679u) { *sink = sum; }
    __syncthreads();
    if (threadIdx.x == 0) { watch.stop(spans + blockIdx.x, done * per * 16 * (mode == Mode::kCopy ? 2 : 1)); }
}

// Warps take pieces of 512 bytes of a working set in turn, pass after pass; a line meets another SM each pass, or, with
// fixed slices, the same one.
template <bool kWrite, bool kFixed = false>
__global__ void __launch_bounds__(1024, 1)
    rotating(uint4* data, unsigned pieces, unsigned long long total, Span* spans, unsigned* sink) {
    constexpr int kUnroll = 4;
    const unsigned lane = threadIdx.x % 32, warps = blockDim.x / 32 * gridDim.x;
    const unsigned first = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32, step = kFixed ? warps : warps % pieces;
    unsigned at = first % pieces, sum = 0, done = 0;
    __syncthreads();
    const Stopwatch watch;
    for (unsigned long long i = first; i < total; i += std::uint64_t{kUnroll} * warps, done += kUnroll) {
        uint4* place[kUnroll];
#pragma unroll
        for (int u = 0; u < kUnroll; ++u) {
            place[u] = data + static_cast<std::size_t>(at) * 32 + lane;
            at += step;
            if (at >= pieces) { at = kFixed ? first : at - pieces; }
        }
        uint4 v[kUnroll];
#pragma unroll
        for (int u = 0; u < kUnroll; ++u) {
            if (kWrite) {
                store(place[u], pattern(done + lane));
            } else {
                v[u] = load_cached(place[u]);
            }
        }
#pragma unroll
        for (int u = 0; u < kUnroll; ++u) { sum ^= kWrite ? 0 : v[u].x ^ v[u].y ^ v[u].z ^ v[u].w; }
    }
    if (sum == 0x12345679u) { *sink = sum; }
    __shared__ unsigned long long bytes;
    if (threadIdx.x == 0) { bytes = 0; }
    __syncthreads();
    if (lane == 0) { atomicAdd(&bytes, std::uint64_t{done} * 512); }
    __syncthreads();
    if (threadIdx.x == 0) { watch.stop(spans + blockIdx.x, bytes); }
}

struct Ring {
    char* from;
    char* to;
    unsigned stage_bytes, stages;
    unsigned chunks;  // stages in all of a pass over the set
    unsigned total;   // stages to move, over all blocks
    int row_bits =
        -1;  // of a tensor map: 2^row_bits boxes in a row (a division takes longer than a box); -1: plain copies
    int box_columns = 0, box_rows = 0;
};
constexpr int kMaxStages = 16, kStoresBehind = 4;

// One thread of each warp keeps its share of the stages under way: one thread alone spends longer on a stage than the
// copy takes. Copies are one warp's.
template <Mode mode>
__global__ void __launch_bounds__(128, 1) ring(const __grid_constant__ CUtensorMap map, const Ring r, Span* spans) {
    extern __shared__ char bytes[];
    __shared__ unsigned long long full[kMaxStages];
    const unsigned warps = blockDim.x / 32, warp = threadIdx.x / 32, stages = r.stages / warps;
    const unsigned base = aligned(shared_address(bytes)) + warp * stages * r.stage_bytes;
    const unsigned barrier = shared_address(full) + 8 * warp * stages;
    const unsigned first = blockIdx.x * warps + warp, takers = gridDim.x * warps;
    const unsigned mine = first < r.total ? (r.total - first + takers - 1) / takers : 0;
    __shared__ unsigned moved, finished;
    if (threadIdx.x == 0) { moved = finished = 0; }
    __syncthreads();
    // Lanes that waited for this one at a barrier would slow its polling to half.
    if (threadIdx.x % 32 != 0) { return; }
    const Stopwatch watch;
    for (unsigned s = 0; s < stages; ++s) { barrier_init(barrier + 8 * s, 1); }
    fence_barrier_init();
    unsigned load = first % r.chunks, write = load;
    const unsigned step = takers % r.chunks;
    const auto next = [&](unsigned& at) { at += step, at -= at >= r.chunks ? r.chunks : 0; };
    const auto start = [&](unsigned stage) {
        const unsigned to = base + stage * r.stage_bytes, bar = barrier + 8 * stage;
        expect(bar, r.stage_bytes);
        if (r.row_bits >= 0) {
            const unsigned column = load & ((1u << r.row_bits) - 1), row = load >> r.row_bits;
            tensor_load(to, &map, static_cast<int>(column) * r.box_columns, static_cast<int>(row) * r.box_rows, bar);
        } else {
            bulk_load(to, r.from + static_cast<std::size_t>(load) * r.stage_bytes, r.stage_bytes, bar);
        }
        next(load);
    };
    const auto finish = [&](unsigned stage) {
        bulk_store(r.to + static_cast<std::size_t>(write) * r.stage_bytes, base + stage * r.stage_bytes, r.stage_bytes);
        next(write);
    };
    if (mode != Mode::kWrite) {
        for (unsigned s = 0; s < stages && s < mine; ++s) { start(s); }
    }
    // Stores may still read the stages of the last few chunks: only the one before those is filled again.
    constexpr unsigned kBehind = mode == Mode::kCopy ? kStoresBehind : 0;
    unsigned stage = 0, phase = 0, refill = 0;
    for (unsigned i = 0; i < mine; ++i) {
        if (mode != Mode::kWrite) { wait(barrier + 8 * stage, phase); }
        if (mode != Mode::kRead) {
            finish(stage);
            stores_have_read<kStoresBehind>();
        }
        if (mode != Mode::kWrite && i + 1 > kBehind) {
            if (i - kBehind + stages < mine) { start(refill); }
            refill = refill + 1 == stages ? 0 : refill + 1;
        }
        if (++stage == stages) { stage = 0, phase ^= 1; }
    }
    stores_done();
    atomicAdd(&moved, mine);
    if (atomicAdd(&finished, 1) + 1 == warps) {
        watch.stop(spans + blockIdx.x, std::uint64_t{moved} * r.stage_bytes * (mode == Mode::kCopy ? 2 : 1));
    }
}

// Threads for a ring: as many warps as share its stages evenly, four at most.
template <Mode mode>
int ring_threads(const Ring& r) {
    if (mode != Mode::kRead) { return 32; }
    return 32 * (r.stages % 4 == 0 ? 4 : r.stages % 3 == 0 ? 3 : r.stages % 2 == 0 ? 2 : 1);
}

inline std::size_t ring_memory(const Ring& r) {
    return std::max<std::size_t>(std::size_t{r.stages} * r.stage_bytes + kKiB, 120 * kKiB);  // one block an SM
}

template <Mode mode>
Repeats run_ring(const Ring& r, const CUtensorMap& map, int sms, int times) {
    more_shared_memory(reinterpret_cast<const void*>(ring<mode>), ring_memory(r));
    return repeat(times, sms, [&](Span* s) { ring<mode><<<sms, ring_threads<mode>(r), ring_memory(r)>>>(map, r, s); });
}

}  // namespace micro
