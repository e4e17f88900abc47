// What the warp-wide Tensor Core instructions of earlier GPUs (mma.sync, ldmatrix) reach on Hopper, alone and together,
// and how fast floating-point additions to global memory (red.global.add.f32) drain: the units behind FlashAttention-2.
//   nvcc -O3 -gencode=arch=compute_90a,code=sm_90a -o mma_sync mma_sync.cu && ./mma_sync > mma_sync.json
// Every figure: median over the blocks' own clock64() of the fastest of five runs; one block per SM.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace {

constexpr int kLoops = 512;

__device__ __forceinline__ void mma(float (&d)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

__device__ __forceinline__ void ldmatrix(uint32_t (&r)[4], uint32_t address) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(address)
                 : "memory");
}

__device__ __forceinline__ long long now() {
    long long t;
    asm volatile("mov.u64 %0, %clock64;" : "=l"(t)::"memory");
    return t;
}

struct Marks {
    long long* cycles;
    float* sink;
};

__device__ void leave(const Marks& m, long long begin, float value) {
    __syncthreads();
    if (threadIdx.x == 0) { m.cycles[blockIdx.x] = now() - begin; }
    if (value == 12345.678f) { m.sink[threadIdx.x] = value; }
}

// kMmas m16n8k16 and kLoads ldmatrix.x4 per iteration and warp; 8 independent accumulators.
template <int kMmas, int kLoads>
__global__ void loop(Marks m) {
    __shared__ __align__(128) unsigned char pool[32768];
    float d[8][4] = {};
    uint32_t a[4] = {threadIdx.x, 1, 2, 3}, b[2][4] = {{1, 2, 3, 4}, {5, 6, 7, 8}};
    const uint32_t base = static_cast<uint32_t>(__cvta_generic_to_shared(pool));
    // Rows of 16 bytes without a bank conflict: each lane's row beside its neighbour's.
    const uint32_t mine = base + threadIdx.x % 32 * 16;
    for (unsigned i = threadIdx.x; i < sizeof(pool) / 4; i += blockDim.x) { reinterpret_cast<uint32_t*>(pool)[i] = 0; }
    constexpr int groups = kLoads > 0 ? kLoads : 1, mmas = kMmas / groups;  // per ldmatrix
    __syncthreads();
    const long long begin = now();
    for (int i = 0; i < kLoops; ++i) {
#pragma unroll
        for (int j = 0; j < groups; ++j) {
            if (kLoads > 0) { ldmatrix(b[(j + 1) % 2], mine + (i * groups + j) % 32 * 512); }
#pragma unroll
            for (int k = 0; k < mmas; ++k) {
                const int at = (j * mmas + k) % 8;
                mma(d[at], a, b[j % 2][at % 2 * 2], b[j % 2][at % 2 * 2 + 1]);
            }
        }
    }
    float sum = static_cast<float>(b[0][0] ^ b[1][3]);
    for (const auto& row : d) { sum += row[0] + row[1] + row[2] + row[3]; }
    leave(m, begin, sum);
}

// Additions of whole 128-byte lines per warp; blocks share `span` floats each with nobody (span in L2) or all.
__global__ void add(Marks m, float* to, int floats_per_block, int rounds) {
    float* mine = to + static_cast<size_t>(blockIdx.x) * floats_per_block;
    __syncthreads();
    const long long begin = now();
    for (int r = 0; r < rounds; ++r) {
        for (int i = static_cast<int>(threadIdx.x); i < floats_per_block; i += static_cast<int>(blockDim.x)) {
            asm volatile("red.global.add.f32 [%0], %1;" ::"l"(mine + i), "f"(1.0f) : "memory");
        }
    }
    __threadfence();
    leave(m, begin, 0.0f);
}

template <class Launch>
double best(const Marks& m, int blocks, Launch launch) {
    std::vector<long long> cycles(static_cast<size_t>(blocks));
    double least = 1e30;
    for (int i = 0; i < 5; ++i) {
        launch();
        if (cudaDeviceSynchronize() != cudaSuccess) { return -1; }
        cudaMemcpy(cycles.data(), m.cycles, cycles.size() * sizeof(long long), cudaMemcpyDeviceToHost);
        std::sort(cycles.begin(), cycles.end());
        least = std::min(least, static_cast<double>(cycles[cycles.size() / 2]));
    }
    return least;
}

template <int kMmas, int kLoads>
void report(const Marks& m, int sms, int warps) {
    const double c = best(m, sms, [&] { loop<kMmas, kLoads><<<sms, warps * 32>>>(m); });
    std::printf(
        "{\"id\": \"mma_sync\", \"warps\": %d, \"mmas\": %d, \"ldmatrix_x4\": %d, \"cycles\": %.2f, \"mac_per_clk\": "
        "%.1f, \"ldmatrix_bytes_per_clk\": %.1f},\n",
        warps, kMmas, kLoads, c / kLoops, 16.0 * 8 * 16 * kMmas * warps * kLoops / c, 512.0 * kLoads * warps * kLoops / c);
}

}  // namespace

int main() {
    cudaDeviceProp p{};
    if (cudaGetDeviceProperties(&p, 0) != cudaSuccess) {
        std::fprintf(stderr, "no GPU\n");
        return 1;
    }
    const int sms = p.multiProcessorCount;
    Marks m{};
    float* to = nullptr;
    const int most = 1 << 16;
    cudaMalloc(&m.cycles, sizeof(long long) * static_cast<size_t>(sms));
    cudaMalloc(&m.sink, 4096 * sizeof(float));
    cudaMalloc(&to, static_cast<size_t>(sms) * most * sizeof(float));
    std::printf("{\"device\": \"%s\", \"items\": [\n", p.name);
    for (const int warps : {4, 8, 16}) {
        report<8, 0>(m, sms, warps);
        report<8, 4>(m, sms, warps);   // a pair of B fragments for two mma: one row block of 16 per warp
        report<16, 4>(m, sms, warps);  // two row blocks per warp
    }
    for (const int floats : {4096, 12288, most}) {
        for (const int blocks : {1, sms}) {
            const int rounds = 8;
            const double c = best(m, blocks, [&] { add<<<blocks, 256>>>(m, to, floats, rounds); });
            std::printf("{\"id\": \"red_f32\", \"blocks\": %d, \"floats_per_block\": %d, \"bytes_per_clk_per_sm\": %.2f},\n",
                        blocks, floats, 4.0 * floats * rounds / c);
        }
    }
    std::printf("{\"id\": \"end\"}]}\n");
    return 0;
}
