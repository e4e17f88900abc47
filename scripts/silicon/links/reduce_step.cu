// How long a warp takes for a step of a reduction over a number of inputs that is known at run time only: per lane 16
// bytes of each input are loaded, then added in FP32, and the sum is stored, either directly or through shared memory
// and a bulk store. Inputs lie in the own memory, in one that L2 holds or in one that exceeds it.
#include <cuda_bf16.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#define CHECK(x)                                                \
    do {                                                        \
        cudaError_t e = (x);                                    \
        if (e != cudaSuccess) {                                 \
            printf("%s %d\n", cudaGetErrorString(e), __LINE__); \
            exit(1);                                            \
        }                                                       \
    } while (0)
constexpr int kMax = 4, kStages = 8, kRow = 14336, kSteps = kRow / 512;

__device__ int4 load(const int4* p) {
    int4 v;
    asm volatile("ld.global.nc.L1::no_allocate.L2::256B.v4.s32 {%0,%1,%2,%3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(p));
    return v;
}

__global__ void __launch_bounds__(768, 1) reduce(const uint8_t* in, size_t slots, const int* where, int inputs,
                                                 uint8_t* out, int tokens, int bulk, long long* took) {
    extern __shared__ __align__(128) uint8_t smem[];
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, warps = blockDim.x / 32;
    int4* stage = reinterpret_cast<int4*>(smem + warp * kStages * 512);
    long long begin = clock64();
    for (int t = warp; t < tokens; t += warps) {
        int ranks[kMax];
        int slot[kMax];
        int n = 0;
        int mine = lane < inputs ? where[((size_t)blockIdx.x * tokens + t) * kMax + lane] : -1;
        for (int i = 0; i < inputs; ++i) {
            int s = __shfl_sync(~0u, mine, i);
            if (s >= 0) {
                slot[n] = s;
                ranks[n++] = i;
            }
        }
        const int4* base[kMax];
        for (int i = 0; i < kMax; ++i) base[i] = reinterpret_cast<const int4*>(in + slots * kRow * i);
        int4* row = reinterpret_cast<int4*>(out + ((size_t)blockIdx.x * tokens + t) * kRow);
        for (int s = 0; s < kSteps; ++s) {
            const int i = s * 32 + lane;
            int4 v[kMax];
#pragma unroll
            for (int j = 0; j < n; ++j) v[j] = load(base[ranks[j]] + (size_t)slot[j] * (kRow / 16) + i);
            float sum[8];
#pragma unroll
            for (int k = 0; k < 8; ++k) sum[k] = 0;
#pragma unroll
            for (int j = 0; j < n; ++j) {
                const __nv_bfloat16* x = reinterpret_cast<const __nv_bfloat16*>(&v[j]);
#pragma unroll
                for (int k = 0; k < 8; ++k) sum[k] += __bfloat162float(x[k]);
            }
            int4 o;
            __nv_bfloat16* y = reinterpret_cast<__nv_bfloat16*>(&o);
#pragma unroll
            for (int k = 0; k < 8; ++k) y[k] = __float2bfloat16(sum[k]);
            if (bulk) {
                if (lane == 0) asm volatile("cp.async.bulk.wait_group.read 7;" ::: "memory");
                __syncwarp();
                stage[(s % kStages) * 32 + lane] = o;
                asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
                __syncwarp();
                if (lane == 0) {
                    uint32_t a = (uint32_t)__cvta_generic_to_shared(stage + (s % kStages) * 32);
                    asm volatile(
                        "cp.async.bulk.global.shared::cta.bulk_group [%0], [%1], %2;\n cp.async.bulk.commit_group;" ::
                            "l"(row + s * 32),
                        "r"(a), "r"(512)
                        : "memory");
                }
                __syncwarp();
            } else {
                asm volatile("st.global.L1::no_allocate.v4.s32 [%0], {%1,%2,%3,%4};" ::"l"(row + i), "r"(o.x), "r"(o.y),
                             "r"(o.z), "r"(o.w)
                             : "memory");
            }
        }
    }
    if (bulk && lane == 0) asm volatile("cp.async.bulk.wait_group 0;" ::: "memory");
    __syncthreads();
    if (threadIdx.x == 0) took[blockIdx.x] = clock64() - begin;
}

int main() {
    CHECK(cudaFuncSetAttribute(reduce, cudaFuncAttributeMaxDynamicSharedMemorySize, 24 * kStages * 512));
    const size_t top = 16384;
    uint8_t *in, *out;
    int* where;
    long long* took;
    CHECK(cudaMalloc(&in, top * kRow * kMax));
    CHECK(cudaMalloc(&out, (size_t)64 * 2048 * kRow));
    CHECK(cudaMalloc(&where, 64 * 2048 * kMax * 4));
    CHECK(cudaMalloc(&took, 64 * 8));
    CHECK(cudaMemset(in, 0, top * kRow * kMax));
    int* h = (int*)malloc(64 * 2048 * kMax * 4);
    for (int far = 0; far < 2; ++far)
        for (int bulk = 0; bulk < 2; ++bulk)
            for (int blocks : {1, 10})
                for (int warps : {1, 8, 23})
                    for (int inputs = 1; inputs <= 4; ++inputs) {
                        const size_t slots = far ? top : 256;
                        const int tokens = warps == 1 ? 40 : 460;
                        for (int i = 0; i < blocks * tokens * kMax; ++i) h[i] = (int)((i * 2654435761ull >> 7) % slots);
                        CHECK(cudaMemcpy(where, h, blocks * tokens * kMax * 4, cudaMemcpyHostToDevice));
                        long long r[64];
                        double worst = 0;
                        for (int rep = 0; rep < 4; ++rep) {
                            if (far) CHECK(cudaMemset(out, rep, (size_t)64 * 2048 * kRow / 8));
                            reduce<<<blocks, warps * 32, 24 * kStages * 512>>>(in, slots, where, inputs, out, tokens,
                                                                               bulk, took);
                            CHECK(cudaMemcpy(r, took, blocks * 8, cudaMemcpyDeviceToHost));
                            double sum = 0;
                            for (int b = 0; b < blocks; ++b) sum += r[b];
                            worst = sum / blocks;
                        }
                        const double turns = (double)((tokens + warps - 1) / warps);
                        printf(
                            "{\"from\":\"%s\",\"store\":\"%s\",\"blocks\":%d,\"warps\":%d,\"inputs\":%d,\"cycles_per_"
                            "step\":%.1f,\"cycles_per_token\":%.1f}\n",
                            far ? "hbm" : "l2", bulk ? "bulk" : "plain", blocks, warps, inputs, worst / turns / kSteps,
                            worst / tokens);
                    }
    return 0;
}
