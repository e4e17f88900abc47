// One thread block copies rows from its own memory to targets in its own memory and in a peer's: what sharing an SM's
// port between both costs, alone and with a barrier and a fence after every few rows; and slices as a collective's
// kernel moves them: one or two sources, local and remote targets, a fence after each.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#define CHECK(x)                                                \
    do {                                                        \
        cudaError_t e = (x);                                    \
        if (e != cudaSuccess) {                                 \
            printf("%s %d\n", cudaGetErrorString(e), __LINE__); \
            exit(1);                                            \
        }                                                       \
    } while (0)

__device__ int4 load(const int4* p) {
    int4 v;
    asm volatile("ld.global.nc.L1::no_allocate.L2::256B.v4.s32 {%0,%1,%2,%3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(p));
    return v;
}
__device__ void store(int4* p, int4 v) {
    asm volatile("st.global.L1::no_allocate.v4.s32 [%0], {%1,%2,%3,%4};" ::"l"(p), "r"(v.x), "r"(v.y), "r"(v.z),
                 "r"(v.w)
                 : "memory");
}

// groups of warps; group g writes to out[g]; rows of a group: `rows`, ring of `ring` rows, the source has `source` rows
template <int kUnroll>
__device__ void copy_row(const int4* from, int4* to, int pieces, int lane) {
    int i = lane;
    for (; i + 32 * (kUnroll - 1) < pieces; i += 32 * kUnroll) {
        int4 v[kUnroll];
#pragma unroll
        for (int u = 0; u < kUnroll; ++u) v[u] = load(from + i + u * 32);
#pragma unroll
        for (int u = 0; u < kUnroll; ++u) store(to + i + u * 32, v[u]);
    }
    for (; i < pieces; i += 32) store(to + i, load(from + i));
}
template <int kUnroll>
__global__ void __launch_bounds__(768, 1)
    rows(const int4* in, size_t source, int4* o0, int4* o1, int4* o2, int4* o3, int groups, int pieces, int rows,
         int ring, int chunk, int shared, int* flags, long long* took) {
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, per = blockDim.x / 32 / groups;
    const int g = warp / per, w = warp % per;
    int4* out = (g == 0 ? o0 : g == 1 ? o1 : g == 2 ? o2 : o3) + (size_t)blockIdx.x * ring * pieces;
    const long long begin = clock64();
    if (g < groups)
        for (int c = 0; c < rows; c += chunk) {
            for (int r = c + w; r < c + chunk && r < rows; r += per) {
                const size_t row = ((size_t)(shared ? 0 : g * 977) + (size_t)blockIdx.x * rows + r) % source;
                copy_row<kUnroll>(in + row * pieces, out + (size_t)(r % ring) * pieces, pieces, lane);
            }
            if (chunk < rows) {
                asm volatile("bar.sync %0, %1;" ::"r"(g + 1), "r"(per * 32) : "memory");
                if (w == 0 && lane == 0)
                    asm volatile("st.release.sys.global.s32 [%0], %1;" ::"l"(
                                     (int*)(out + (size_t)ring * pieces * gridDim.x) + blockIdx.x * 32 + g),
                                 "r"(c)
                                 : "memory");
            }
        }
    __syncthreads();
    if (threadIdx.x == 0) took[blockIdx.x] = clock64() - begin;
}

// 512 threads, slices: read n sources, write local and/or remote
__global__ void __launch_bounds__(512, 1) slices(const int4* a, const int4* b, int4* local, int4* remote, size_t pieces,
                                                 int count, int fence, long long* took) {
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const size_t base = (size_t)blockIdx.x * pieces * 8;
    const long long begin = clock64();
    for (int s = 0; s < count; ++s) {
        const size_t at = base + (size_t)(s % 8) * pieces;
        for (size_t i = at + warp * 128 + lane; i < at + pieces; i += 16 * 128) {
            int4 v[4], u[4];
#pragma unroll
            for (int k = 0; k < 4; ++k) v[k] = load(a + i + k * 32);
            if (b) {
#pragma unroll
                for (int k = 0; k < 4; ++k) u[k] = load(b + i + k * 32);
#pragma unroll
                for (int k = 0; k < 4; ++k) v[k].x += u[k].x, v[k].y ^= u[k].y, v[k].z += u[k].z, v[k].w ^= u[k].w;
            }
            if (local) {
#pragma unroll
                for (int k = 0; k < 4; ++k) store(local + i + k * 32, v[k]);
            }
            if (remote) {
#pragma unroll
                for (int k = 0; k < 4; ++k) store(remote + i + k * 32, v[k]);
            }
        }
        __syncthreads();
        if (fence && threadIdx.x == 0) asm volatile("fence.acq_rel.sys;" ::: "memory");
        __syncthreads();
    }
    if (threadIdx.x == 0) took[blockIdx.x] = clock64() - begin;
}

int main() {
    int4 *in, *own, *peer;
    long long* took;
    const size_t big = (size_t)1 << 30;
    CHECK(cudaSetDevice(1));
    CHECK(cudaMalloc(&peer, big));
    CHECK(cudaMemset(peer, 0, big));
    CHECK(cudaSetDevice(0));
    CHECK(cudaDeviceEnablePeerAccess(1, 0));
    CHECK(cudaMalloc(&in, big));
    CHECK(cudaMalloc(&own, big));
    CHECK(cudaMalloc(&took, 1024));
    CHECK(cudaMemset(in, 0, big));
    CHECK(cudaMemset(own, 0, big));
    long long t[128];
    auto mean = [&](int blocks) {
        CHECK(cudaMemcpy(t, took, blocks * 8, cudaMemcpyDeviceToHost));
        double s = 0;
        for (int i = 0; i < blocks; ++i) s += t[i];
        return s / blocks;
    };
    for (int warm = 0; warm < 200; ++warm)
        slices<<<132, 512>>>(in, nullptr, own, nullptr, 4096, 100, 0, took);  // clock up
    CHECK(cudaDeviceSynchronize());
    const size_t far = 48 << 20;  // bytes between targets' rings
    for (int blocks : {1, 2, 10, 16})
        for (int row : {7168, 14336})
            for (int shared = 0; shared < 2; ++shared)
                for (int chunk : {4, 12, 24, 100000})
                    for (int targets = 0; targets < 7; ++targets) {
                        // 0: one remote group; 1: one local; 2: two remote; 3: two local; 4: one each; 5: three remote,
                        // one local; 6: four remote
                        const int groups = targets < 2 ? 1 : targets < 5 ? 2 : 4, pieces = row / 16, ring = 128;
                        if (groups == 1 && shared) continue;
                        int4* o[4];
                        for (int g = 0; g < 4; ++g) {
                            bool local =
                                targets == 1 || targets == 3 || (targets == 4 && g == 0) || (targets == 5 && g == 0);
                            o[g] = (local ? own : peer) + far / 16 * g;
                        }
                        const int n = chunk == 4 ? 384 : 768;
                        double c = 0;
                        for (int rep = 0; rep < 2; ++rep) {
                            rows<5><<<blocks, 768>>>(in, 50000, o[0], o[1], o[2], o[3], groups, pieces, n, ring,
                                                     chunk > n ? n : chunk, shared, nullptr, took);
                            CHECK(cudaGetLastError());
                            c = mean(blocks);
                        }
                        printf(
                            "{\"rows\":%d,\"blocks\":%d,\"shared\":%d,\"chunk\":%d,\"targets\":%d,\"groups\":%d,"
                            "\"cycles\":%.0f,\"bytes_per_clock\":%.2f,\"cycles_per_chunk\":%.0f}\n",
                            row, blocks, shared, chunk, targets, groups, c, (double)n * groups * row / c,
                            c / n * (chunk > n ? n : chunk));
                    }
    for (int blocks : {1, 8, 24})
        for (int two = 0; two < 2; ++two)
            for (int to = 1; to < 4; ++to)
                for (int fence = 0; fence < 2; ++fence)
                    for (size_t slice : {(size_t)32768, (size_t)262144, (size_t)1048576}) {
                        double c = 0;
                        const int n = 64;
                        for (int rep = 0; rep < 2; ++rep) {
                            slices<<<blocks, 512>>>(in, two ? in + (big >> 5) : nullptr, to & 1 ? own : nullptr,
                                                    to & 2 ? peer : nullptr, slice / 16, n, fence, took);
                            CHECK(cudaGetLastError());
                            c = mean(blocks);
                        }
                        printf(
                            "{\"slice\":%zu,\"blocks\":%d,\"sources\":%d,\"local\":%d,\"remote\":%d,\"fence\":%d,"
                            "\"cycles_per_slice\":%.0f}\n",
                            slice, blocks, two + 1, to & 1, to >> 1, fence, c / n);
                    }
    return 0;
}
