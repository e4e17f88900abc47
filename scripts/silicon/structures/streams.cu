// What the first loads of a kernel cost, and how fast a stream of two bytes in and one byte out runs against resident
// blocks, narrow scale stores and the shape of a block's share. Prints one line a measurement.
#include <cuda_runtime.h>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

void check(cudaError_t e, int line) {
    if (e == cudaSuccess) { return; }
    std::printf("line %d: %s\n", line, cudaGetErrorString(e));
    std::exit(1);
}
#define CK(x) check((x), __LINE__)

struct Record {
    unsigned long long begin, end;               // ns of the global timer
    unsigned first, second, store_issue, fence;  // cycles
};

__device__ unsigned long long cycles() {
    unsigned long long t;
    asm volatile("mov.u64 %0,%%clock64;" : "=l"(t)::"memory");
    return t;
}
__device__ unsigned long long nanoseconds() {
    unsigned long long t;
    asm volatile("mov.u64 %0,%%globaltimer;" : "=l"(t)::"memory");
    return t;
}
__device__ uint4 load(const uint4* p) {
    uint4 v;
    asm volatile("ld.global.v4.u32 {%0,%1,%2,%3},[%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(p)
                 : "memory");
    return v;
}

// Each block: N loads of 16 bytes a thread, N more `second` vectors further on, then N stores and a fence.
template <int N>
__global__ void first_touch(const uint4* in, uint4* out, Record* records, size_t second) {
    const unsigned long long begin = nanoseconds(), c0 = cycles();
    const uint4* p = in + static_cast<size_t>(blockIdx.x) * N * blockDim.x + threadIdx.x;
    uint4 v[N];
    unsigned sum = 0;
#pragma unroll
    for (int i = 0; i < N; ++i) { v[i] = load(p + static_cast<size_t>(i) * blockDim.x); }
#pragma unroll
    for (int i = 0; i < N; ++i) { sum ^= v[i].x; }
    if (sum == 0x1234567u) { out[1] = v[0]; }
    __syncthreads();
    const unsigned long long c1 = cycles();
#pragma unroll
    for (int i = 0; i < N; ++i) { v[i] = load(p + second + static_cast<size_t>(i) * blockDim.x); }
#pragma unroll
    for (int i = 0; i < N; ++i) { sum ^= v[i].x; }
    if (sum == 0x1234567u) { out[1] = v[0]; }
    __syncthreads();
    const unsigned long long c2 = cycles();
#pragma unroll
    for (int i = 0; i < N; ++i) { out[(static_cast<size_t>(blockIdx.x) * N + i) * blockDim.x + threadIdx.x] = v[i]; }
    const unsigned long long c3 = cycles();
    __threadfence();
    const unsigned long long c4 = cycles();
    if (threadIdx.x == 0) {
        records[blockIdx.x] = {
            begin, nanoseconds(), unsigned(c1 - c0), unsigned(c2 - c1), unsigned(c3 - c2), unsigned(c4 - c3)};
    }
}

__global__ void sweep(uint4* p, size_t n) {
    for (size_t i = blockIdx.x * size_t(blockDim.x) + threadIdx.x; i < n; i += size_t(gridDim.x) * blockDim.x) {
        p[i].x += 1;
    }
}

constexpr size_t kArena = size_t(2) << 30, kSwept = size_t(256) << 20, kPage = size_t(2) << 20;
constexpr int kNodes = 48, kWarmUp = 8;

unsigned at_share(std::vector<unsigned>& v, double share) {
    std::sort(v.begin(), v.end());
    return v[static_cast<size_t>(share * static_cast<double>(v.size() - 1))];
}

// kNodes kernels in a graph over `sets` operand sets, `swept`: another kernel rewrites the L2 before each.
template <int N>
void touch(int blocks, int threads, int sets, bool swept, const char* what, char* arena, uint4* other) {
    const size_t bytes = static_cast<size_t>(blocks) * threads * N * 16 * 2;
    const size_t stride = std::max(kPage, (bytes + kPage - 1) / kPage * kPage) * 2;
    sets = static_cast<int>(std::min<size_t>(sets, kArena / stride));
    Record* records;
    CK(cudaMalloc(&records, sizeof(Record) * blocks * kNodes));
    cudaStream_t stream;
    CK(cudaStreamCreate(&stream));
    cudaGraph_t graph;
    cudaGraphExec_t replay;
    CK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
    for (int r = 0; r < kNodes; ++r) {
        if (swept) { sweep<<<264, 1024, 0, stream>>>(other, kSwept / 16); }
        char* set = arena + static_cast<size_t>(r % sets) * stride;
        first_touch<N><<<blocks, threads, 0, stream>>>(
            reinterpret_cast<uint4*>(set), reinterpret_cast<uint4*>(set + stride / 2),
            records + static_cast<size_t>(r) * blocks, static_cast<size_t>(blocks) * threads * N);
    }
    CK(cudaStreamEndCapture(stream, &graph));
    CK(cudaGraphInstantiate(&replay, graph, 0));
    cudaEvent_t a, b;
    CK(cudaEventCreate(&a));
    CK(cudaEventCreate(&b));
    CK(cudaGraphLaunch(replay, stream));
    CK(cudaEventRecord(a, stream));
    CK(cudaGraphLaunch(replay, stream));
    CK(cudaEventRecord(b, stream));
    CK(cudaStreamSynchronize(stream));
    float ms;
    CK(cudaEventElapsedTime(&ms, a, b));
    std::vector<Record> h(static_cast<size_t>(blocks) * kNodes);
    CK(cudaMemcpy(h.data(), records, sizeof(Record) * h.size(), cudaMemcpyDeviceToHost));
    std::vector<unsigned> first, second, issue, fence;
    std::vector<double> gaps, spans;
    for (int r = kWarmUp; r < kNodes; ++r) {
        const Record* row = h.data() + static_cast<size_t>(r) * blocks;
        unsigned long long begin = ~0ull, end = 0, before = 0;
        for (int i = 0; i < blocks; ++i) {
            first.push_back(row[i].first), second.push_back(row[i].second);
            issue.push_back(row[i].store_issue), fence.push_back(row[i].fence);
            begin = std::min(begin, row[i].begin), end = std::max(end, row[i].end);
            before = std::max(before, (row - blocks)[i].end);
        }
        spans.push_back(double(end - begin)), gaps.push_back(double(begin) - double(before));
    }
    std::sort(gaps.begin(), gaps.end()), std::sort(spans.begin(), spans.end());
    std::printf(
        "touch %-9s N%d blocks %5d thr %4d sets %2d: period %.3f us; first load med %u min %u max %u; second %u "
        "(%u..%u); "
        "store issue %u; fence %u (max %u); span %.0f gap %.0f\n",
        what, N, blocks, threads, sets, ms * 1e3 / kNodes, at_share(first, .5), at_share(first, 0), at_share(first, 1),
        at_share(second, .5), at_share(second, 0), at_share(second, 1), at_share(issue, .5), at_share(fence, .5),
        at_share(fence, 1), spans[spans.size() / 2], gaps[gaps.size() / 2]);
    CK(cudaGraphExecDestroy(replay));
    CK(cudaGraphDestroy(graph));
    CK(cudaFree(records));
    CK(cudaStreamDestroy(stream));
}

// U vectors of 16 bytes a thread in, 8 bytes out for each; 256 threads. tile 0: consecutive input, 1: 128 columns wide.
// scales: one of 16 lanes stores 4 bytes more for each vector.
template <int U>
__global__ void stream21(const uint4* in, uint2* out, float* scales, int cols, int tile, int with_scales) {
    uint4 v[U];
    size_t at, step;
    if (tile == 0) {
        at = static_cast<size_t>(blockIdx.x) * U * 256 + threadIdx.x, step = 256;
    } else {
        const int across = cols / 128, bx = blockIdx.x % across, by = blockIdx.x / across;
        const size_t pitch = cols / 8;
        at = (static_cast<size_t>(by) * (U * 16) + (threadIdx.x >> 4)) * pitch + bx * 16 + (threadIdx.x & 15),
        step = 16 * pitch;
    }
#pragma unroll
    for (int i = 0; i < U; ++i) {
        asm volatile("ld.global.nc.L1::no_allocate.v4.u32 {%0,%1,%2,%3},[%4];"
                     : "=r"(v[i].x), "=r"(v[i].y), "=r"(v[i].z), "=r"(v[i].w)
                     : "l"(in + at + i * step));
    }
#pragma unroll
    for (int i = 0; i < U; ++i) {
        out[at + i * step] = make_uint2(v[i].x ^ v[i].y, v[i].z ^ v[i].w);
        if (with_scales && (threadIdx.x & 15) == 0) { scales[(at + i * step) >> 4] = static_cast<float>(v[i].x); }
    }
}

template <int U>
void time_stream(char* arena, int tile, int with_scales, int resident) {
    const int rows = 32768, cols = 7168, calls = 3;
    const size_t n = static_cast<size_t>(rows) * cols;
    const int smem = (227 * 1024 / resident - 1024) / 1024 * 1024;
    CK(cudaFuncSetAttribute(stream21<U>, cudaFuncAttributeMaxDynamicSharedMemorySize, 227 * 1024));
    int blocks;
    CK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, stream21<U>, 256, smem));
    cudaEvent_t a, b;
    CK(cudaEventCreate(&a));
    CK(cudaEventCreate(&b));
    float best = 1e9F;
    for (int r = 0; r < 4; ++r) {
        CK(cudaEventRecord(a));
        for (int k = 0; k < calls; ++k) {
            stream21<U><<<unsigned(n / 8 / (U * 256)), 256, smem>>>(
                reinterpret_cast<uint4*>(arena), reinterpret_cast<uint2*>(arena + n * 2),
                reinterpret_cast<float*>(arena + n * 3), cols, tile, with_scales);
        }
        CK(cudaEventRecord(b));
        CK(cudaEventSynchronize(b));
        float ms;
        CK(cudaEventElapsedTime(&ms, a, b));
        best = std::min(best, ms / calls);
    }
    CK(cudaGetLastError());
    const double bytes = 3.0 * double(n) + (with_scales ? double(n / 32) : 0.0);
    std::printf("stream21 U%d mode %d scales %d resident %d in flight %d KiB/SM: %.1f us %.0f GB/s\n", U, tile,
                with_scales, blocks, blocks * U * 4, best * 1e3, bytes / (best * 1e6));
}

}  // namespace

int main() {
    char* arena;
    uint4* other;
    CK(cudaMalloc(&arena, kArena));
    CK(cudaMemset(arena, 1, kArena));
    CK(cudaMalloc(&other, kSwept));
    for (int i = 0; i < 200; ++i) { sweep<<<264, 1024>>>(other, kSwept / 16); }
    CK(cudaDeviceSynchronize());
    const struct { int blocks, threads; } grids[] = {{1, 128}, {16, 128}, {132, 128}, {132, 512}, {528, 256}};
    for (const auto& g : grids) {
        touch<1>(g.blocks, g.threads, 1, false, "hot", arena, other);
        touch<1>(g.blocks, g.threads, kNodes, false, "rotate", arena, other);
        touch<1>(g.blocks, g.threads, 1, true, "swept", arena, other);
        touch<1>(g.blocks, g.threads, kNodes, true, "rot+swept", arena, other);
    }
    for (const auto& g : grids) {
        touch<4>(g.blocks, g.threads, 1, false, "hot", arena, other);
        touch<4>(g.blocks, g.threads, kNodes, false, "rotate", arena, other);
        touch<4>(g.blocks, g.threads, kNodes, true, "rot+swept", arena, other);
    }
    for (int tile = 0; tile < 2; ++tile) {
        for (int scales = 0; scales < 2; ++scales) {
            for (const int resident : {1, 2, 3, 4, 6, 8}) { time_stream<4>(arena, tile, scales, resident); }
        }
    }
    for (int tile = 0; tile < 2; ++tile) {
        for (const int resident : {1, 2, 3, 4}) { time_stream<8>(arena, tile, 0, resident); }
    }
}
