// Loops on chosen SMs that read, write and chase through memory, and what they reach.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

using u32 = unsigned int;
using u64 = unsigned long long;

#define CHECK(call)                                                                               \
    do {                                                                                          \
        const cudaError_t error = (call);                                                         \
        if (error != cudaSuccess) {                                                               \
            std::fprintf(stderr, "%s: %s (line %d)\n", #call, cudaGetErrorString(error), __LINE__); \
            std::exit(1);                                                                         \
        }                                                                                         \
    } while (0)

constexpr int kMaxSms = 160, kThreads = 1024, kBins = 96, kBinCycles = 16;
constexpr size_t kOneBlockPerSm = 120 * 1024, kMiB = 1 << 20;

__device__ u32 sm_id() {
    u32 v;
    asm volatile("mov.u32 %0, %%smid;" : "=r"(v));
    return v;
}
__device__ u64 timer() {
    u64 v;
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(v));
    return v;
}
__device__ uint4 load_l2(const uint4* p) {
    uint4 v;
    asm volatile("ld.global.cg.v4.u32 {%0,%1,%2,%3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(p)
                 : "memory");
    return v;
}

struct Record {
    u64 bytes, cycles, ns;
    u32 sm;
};

// SMs with slot[sm] >= 0 stream 512-byte pieces of a region for `ns`: warps take turns (piece g, g + all, ...), four
// pieces in flight each.
template <bool kWrite>
__global__ void __launch_bounds__(kThreads, 1) stream(uint4* data, u32 pieces, const int* slot, int slots, u64 ns,
                                                      Record* out, u32* sink) {
    const int mine = slot[sm_id()];
    if (mine < 0) { return; }
    const u32 lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const u32 all = static_cast<u32>(slots) * (blockDim.x / 32);
    u32 piece = (static_cast<u32>(mine) * (blockDim.x / 32) + warp) % pieces;
    const u32 step = all % pieces;
    __shared__ unsigned long long total;
    if (threadIdx.x == 0) { total = 0; }
    __syncthreads();
    const u64 begin = timer(), first = clock64();
    u64 done = 0;
    u32 sum = 0;
    while (true) {
        u32 at[4];
#pragma unroll
        for (int i = 0; i < 4; ++i) {
            at[i] = piece;
            piece += step;
            if (piece >= pieces) { piece -= pieces; }
        }
        if (kWrite) {
#pragma unroll
            for (int i = 0; i < 4; ++i) { data[static_cast<u64>(at[i]) * 32 + lane] = make_uint4(sum, lane, i, piece); }
        } else {
            uint4 v[4];
#pragma unroll
            for (int i = 0; i < 4; ++i) { v[i] = load_l2(data + static_cast<u64>(at[i]) * 32 + lane); }
#pragma unroll
            for (int i = 0; i < 4; ++i) { sum ^= v[i].x ^ v[i].y ^ v[i].z ^ v[i].w; }
        }
        done += 4 * 512;
        if ((done & 0x3fff) == 0 && timer() - begin > ns) { break; }
    }
    const u64 last = clock64(), end = timer();
    if (sum == 0x12345679U) { *sink = sum; }
    if (lane == 0) { atomicAdd(&total, static_cast<unsigned long long>(done)); }
    __syncthreads();
    if (threadIdx.x == 0) { out[mine] = {total, last - first, end - begin, sm_id()}; }
}

__global__ void who(u32* sm, u64 ns) {
    const u64 begin = timer();
    if (threadIdx.x == 0) { sm[blockIdx.x] = sm_id(); }
    while (timer() - begin < ns) {}
}

// SM `target` follows a chain of lines and counts its hops by latency.
__global__ void chase(u64* start, int hops, u32 target, u32* bins, u64* sum) {
    if (sm_id() != target || threadIdx.x != 0) { return; }
    __shared__ u64 landed;
    const u32 at = static_cast<u32>(__cvta_generic_to_shared(&landed));
    u64 p = reinterpret_cast<u64>(start), total = 0;
    for (int h = 0; h < hops; ++h) {
        u32 a, b;
        asm volatile("mov.u32 %0, %%clock;" : "=r"(a)::"memory");
        asm volatile("ld.global.cg.u64 %0, [%0];" : "+l"(p)::"memory");
        asm volatile("st.shared.u64 [%0], %1;" ::"r"(at), "l"(p) : "memory");
        asm volatile("mov.u32 %0, %%clock;" : "=r"(b)::"memory");
        const u32 d = b - a;
        total += d;
        const u32 bin = d / kBinCycles;
        ++bins[bin < kBins ? bin : kBins - 1];
    }
    *sum = total;
}

__global__ void best_latency(const char* data, u64 stride, int lines, u32 target, u32* best) {
    if (sm_id() != target || threadIdx.x != 0) { return; }
    __shared__ u32 landed;
    const u32 at = static_cast<u32>(__cvta_generic_to_shared(&landed));
    for (int rep = 0; rep < 5; ++rep) {
        for (int i = 0; i < lines; ++i) {
            u32 v, a, b;
            asm volatile("mov.u32 %0, %%clock;" : "=r"(a)::"memory");
            asm volatile("ld.global.cg.u32 %0, [%1];" : "=r"(v) : "l"(data + i * stride) : "memory");
            asm volatile("st.shared.u32 [%0], %1;" ::"r"(at), "r"(v) : "memory");
            asm volatile("mov.u32 %0, %%clock;" : "=r"(b)::"memory");
            if (rep == 0 || b - a < best[i]) { best[i] = b - a; }
        }
    }
}

struct Bench {
    int sms = 0;
    char* data = nullptr;
    size_t bytes = 0;
    int* slot = nullptr;
    Record* records = nullptr;
    u32* scratch = nullptr;

    Bench() {
        cudaDeviceProp p;
        CHECK(cudaGetDeviceProperties(&p, 0));
        sms = p.multiProcessorCount;
        bytes = 8ULL << 30;
        CHECK(cudaMalloc(&data, bytes));
        CHECK(cudaMemset(data, 1, bytes));
        CHECK(cudaMalloc(&slot, kMaxSms * sizeof(int)));
        CHECK(cudaMalloc(&records, kMaxSms * sizeof(Record)));
        CHECK(cudaMalloc(&scratch, 1 << 20));
        CHECK(cudaFuncSetAttribute(stream<false>, cudaFuncAttributeMaxDynamicSharedMemorySize, kOneBlockPerSm));
        CHECK(cudaFuncSetAttribute(stream<true>, cudaFuncAttributeMaxDynamicSharedMemorySize, kOneBlockPerSm));
        CHECK(cudaFuncSetAttribute(who, cudaFuncAttributeMaxDynamicSharedMemorySize, kOneBlockPerSm));
    }

    std::vector<Record> run(const std::vector<int>& on, bool write, size_t region, u64 ns, size_t offset = 0) {
        std::vector<int> table(kMaxSms, -1);
        for (size_t i = 0; i < on.size(); ++i) { table[static_cast<size_t>(on[i])] = static_cast<int>(i); }
        CHECK(cudaMemcpy(slot, table.data(), table.size() * sizeof(int), cudaMemcpyHostToDevice));
        auto* p = reinterpret_cast<uint4*>(data + offset);
        const auto pieces = static_cast<u32>(region / 512);
        const int n = static_cast<int>(on.size());
        if (write) {
            stream<true><<<sms, kThreads, kOneBlockPerSm>>>(p, pieces, slot, n, ns, records, scratch);
        } else {
            stream<false><<<sms, kThreads, kOneBlockPerSm>>>(p, pieces, slot, n, ns, records, scratch);
        }
        CHECK(cudaGetLastError());
        CHECK(cudaDeviceSynchronize());
        std::vector<Record> r(on.size());
        CHECK(cudaMemcpy(r.data(), records, r.size() * sizeof(Record), cudaMemcpyDeviceToHost));
        return r;
    }

    void report(const char* id, const std::string& what, const std::vector<int>& on, bool write, size_t region, u64 ns,
                bool each = false) {
        run(on, write, region, ns / 2);
        const std::vector<Record> r = run(on, write, region, ns);
        double rate = 0, ghz = 0, low = 1e9, high = 0;
        for (const Record& x : r) {
            const double mine = static_cast<double>(x.bytes) / static_cast<double>(x.cycles);
            rate += mine;
            low = std::min(low, mine);
            high = std::max(high, mine);
            ghz += static_cast<double>(x.cycles) / static_cast<double>(x.ns) / static_cast<double>(r.size());
        }
        std::printf("{\"id\": \"%s\", %s, \"op\": \"%s\", \"sms\": %zu, \"region_mib\": %zu, \"ghz\": %.4f, "
                    "\"bytes_per_clk\": %.1f, \"per_sm\": %.2f, \"low\": %.2f, \"high\": %.2f",
                    id, what.c_str(), write ? "write" : "read", on.size(), region / kMiB, ghz, rate,
                    rate / static_cast<double>(on.size()), low, high);
        if (each) {
            std::printf(", \"each\": [");
            for (size_t i = 0; i < r.size(); ++i) {
                std::printf("%s[%u, %.2f]", i > 0 ? ", " : "", r[i].sm,
                            static_cast<double>(r[i].bytes) / static_cast<double>(r[i].cycles));
            }
            std::printf("]");
        }
        std::printf("}\n");
        std::fflush(stdout);
    }
};
