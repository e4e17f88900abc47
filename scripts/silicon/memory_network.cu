// Structure of the way from SMs to memory on a Hopper GPU: which SMs share a GPC and a side of the L2, what one SM, one
// TPC, one GPC and one side can read and write, where thread blocks are placed, and what the L2 keeps of lines that live
// on its other side. One JSON object a line on stdout.
//
// nvcc -O3 -std=c++17 -gencode=arch=compute_90a,code=sm_90a -o memory_network memory_network.cu
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

void list(const char* key, const std::vector<int>& v) {
    std::printf(", \"%s\": [", key);
    for (size_t i = 0; i < v.size(); ++i) { std::printf("%s%d", i > 0 ? ", " : "", v[i]); }
    std::printf("]");
}

std::vector<int> placed(Bench& b, int blocks, int cluster, size_t smem) {
    u32* d = b.scratch + 4096;
    cudaLaunchConfig_t c = {};
    c.gridDim = dim3(static_cast<u32>(blocks));
    c.blockDim = dim3(128);
    c.dynamicSmemBytes = smem;
    cudaLaunchAttribute a[1];
    a[0].id = cudaLaunchAttributeClusterDimension;
    a[0].val.clusterDim = {static_cast<u32>(cluster), 1, 1};
    c.attrs = a;
    c.numAttrs = cluster > 1 ? 1 : 0;
    CHECK(cudaLaunchKernelEx(&c, who, d, static_cast<u64>(20000)));
    CHECK(cudaDeviceSynchronize());
    std::vector<u32> h(static_cast<size_t>(blocks));
    CHECK(cudaMemcpy(h.data(), d, h.size() * 4, cudaMemcpyDeviceToHost));
    return {h.begin(), h.end()};
}

// SMs that were ever together in a cluster share a GPC.
std::vector<std::vector<int>> gpcs(Bench& b) {
    std::vector<int> root(static_cast<size_t>(b.sms));
    std::iota(root.begin(), root.end(), 0);
    const auto find = [&](int x) {
        while (root[static_cast<size_t>(x)] != x) { x = root[static_cast<size_t>(x)]; }
        return x;
    };
    CHECK(cudaFuncSetAttribute(who, cudaFuncAttributeNonPortableClusterSizeAllowed, 1));
    for (const int size : {2, 4, 8, 16}) {
        for (int rep = 0; rep < 12; ++rep) {
            const std::vector<int> at = placed(b, b.sms / size * size, size, kOneBlockPerSm);
            for (size_t i = 0; i < at.size(); ++i) { root[static_cast<size_t>(find(at[i]))] = find(at[i / size * size]); }
        }
    }
    std::map<int, std::vector<int>> sets;
    for (int s = 0; s < b.sms; ++s) { sets[find(s)].push_back(s); }
    std::vector<std::vector<int>> out;
    for (auto& [r, v] : sets) { out.push_back(v); }
    return out;
}

// +1 or -1 by which half of the lines is nearer.
std::vector<int> sides(Bench& b) {
    constexpr int kLines = 192;
    constexpr u64 kStride = 8192 + 128 + 32 * 128;
    std::vector<std::vector<double>> z;
    for (int s = 0; s < b.sms; ++s) {
        best_latency<<<b.sms, 32, 0>>>(b.data, kStride, kLines, static_cast<u32>(s), b.scratch);
        CHECK(cudaDeviceSynchronize());
        std::vector<u32> h(kLines);
        CHECK(cudaMemcpy(h.data(), b.scratch, kLines * 4, cudaMemcpyDeviceToHost));
        double mean = 0;
        for (const u32 v : h) { mean += v / static_cast<double>(kLines); }
        std::vector<double> row;
        for (const u32 v : h) { row.push_back(v - mean); }
        z.push_back(row);
    }
    std::vector<int> side;
    for (const auto& row : z) {
        double dot = 0;
        for (size_t i = 0; i < row.size(); ++i) { dot += row[i] * z[0][i]; }
        side.push_back(dot >= 0 ? 1 : -1);
    }
    return side;
}

// After `primers` have read `region` over and over: what a reader on side 0 finds, hop by hop.
void residency(Bench& b, const char* who_primed, const std::vector<int>& primers, int reader, size_t region, int lead) {
    const size_t n = std::min<size_t>(region / 128, 24576), slot_bytes = region / n / 128 * 128;
    std::vector<u64> at(n);
    std::mt19937 g(7);
    for (size_t i = 0; i < n; ++i) { at[i] = i * slot_bytes + g() % (slot_bytes / 128) * 128; }
    std::shuffle(at.begin(), at.end(), g);
    std::vector<u64> chain(region / 8, 0);
    for (size_t i = 0; i < n; ++i) {
        chain[at[i] / 8] = reinterpret_cast<u64>(b.data) + at[(i + 1) % n];
    }
    CHECK(cudaMemcpy(b.data, chain.data(), region, cudaMemcpyHostToDevice));
    b.run(primers, false, 512 * kMiB, 400000, 1ULL << 30);  // something else
    const double pass_ns = static_cast<double>(region) / (static_cast<double>(primers.size()) * 33.0 * 1.9);
    b.run(primers, false, region, static_cast<u64>(pass_ns * 4 + 50000));
    if (lead > 0) { b.run({reader}, false, region, static_cast<u64>(static_cast<double>(region) / 100.0 * lead)); }
    CHECK(cudaMemset(b.scratch, 0, kBins * 4 + 64));
    auto* sum = reinterpret_cast<u64*>(b.scratch + kBins + 8);
    chase<<<b.sms, 32, 0>>>(reinterpret_cast<u64*>(b.data + at[0]), static_cast<int>(n), static_cast<u32>(reader), b.scratch,
                            sum);
    CHECK(cudaDeviceSynchronize());
    std::vector<u32> h(kBins + 16);
    CHECK(cudaMemcpy(h.data(), b.scratch, h.size() * 4, cudaMemcpyDeviceToHost));
    u64 total;
    CHECK(cudaMemcpy(&total, sum, 8, cudaMemcpyDeviceToHost));
    std::printf("{\"id\": \"residency\", \"primed_by\": \"%s\", \"own_passes\": %d, \"region_mib\": %zu, \"hops\": %zu, "
                "\"mean_cycles\": %.1f, \"bin_cycles\": %d, \"bins\": {",
                who_primed, lead, region / kMiB, n, static_cast<double>(total) / static_cast<double>(n), kBinCycles);
    bool first = true;
    for (int i = 0; i < kBins; ++i) {
        if (h[static_cast<size_t>(i)] * 1000 > n) {
            std::printf("%s\"%d\": %.3f", first ? "" : ", ", i * kBinCycles, h[static_cast<size_t>(i)] / static_cast<double>(n));
            first = false;
        }
    }
    std::printf("}}\n");
    std::fflush(stdout);
}

std::string quoted(const char* key, const std::string& v) { return std::string("\"") + key + "\": \"" + v + "\""; }

int main(int argc, char**) {
    Bench b;
    const std::vector<std::vector<int>> gpc = gpcs(b);
    const std::vector<int> side = sides(b);
    for (const auto& g : gpc) {
        std::printf("{\"id\": \"gpc\", \"side\": %d", side[static_cast<size_t>(g[0])]);
        list("sms", g);
        std::printf("}\n");
    }
    std::printf("{\"id\": \"sides\"");
    list("side_by_sm", side);
    std::printf("}\n");
    for (const int n : {8, 16, 48, 96, b.sms, 2 * b.sms}) {
        std::printf("{\"id\": \"placement\", \"blocks\": %d, \"smem\": \"%s\"", n, n > b.sms ? "60 KiB" : "120 KiB");
        list("sms", placed(b, n, 1, n > b.sms ? kOneBlockPerSm / 2 : kOneBlockPerSm));
        std::printf("}\n");
    }
    const std::vector<int> order = placed(b, b.sms, 1, kOneBlockPerSm);
    const u64 ns = 250000;
    const bool network = argc < 2;
    const auto all_ops = [&](const char* id, const std::string& what, const std::vector<int>& on) {
        for (const bool write : {false, true}) {
            b.report(id, what, on, write, 16 * kMiB, ns);
            b.report(id, what, on, write, 6144 * kMiB, ns);
        }
    };
    for (size_t g = 0; network && g < gpc.size(); ++g) {
        for (size_t n = 1; n <= gpc[g].size(); n += (g == 1 && n < 6) || n >= 18 ? 1 : 2) {
            if (g > 1 && n != gpc[g].size() && n != 9) { continue; }
            all_ops("one gpc", "\"gpc\": " + std::to_string(g), {gpc[g].begin(), gpc[g].begin() + static_cast<long>(n)});
        }
        if (g > 1) { all_ops("one gpc", "\"gpc\": " + std::to_string(g), gpc[g]); }
    }
    // One SM of each TPC of a GPC: no pair shares a TPC.
    for (const size_t g : {size_t{1}, size_t{2}}) {
        std::vector<int> apart;
        for (size_t i = 0; i < gpc[g].size(); i += 2) {
            apart.push_back(gpc[g][i]);
            b.report("one sm a tpc", "\"gpc\": " + std::to_string(g), apart, false, 16 * kMiB, ns);
        }
    }
    for (size_t n = 1; n <= gpc.size(); ++n) {
        std::vector<int> on;
        for (size_t g = 0; g < n; ++g) { on.insert(on.end(), gpc[g].begin(), gpc[g].end()); }
        all_ops("whole gpcs", "\"gpcs\": " + std::to_string(n), on);
    }
    for (const size_t k : {1, 2, 3, 4, 6, 8, 10, 12, 14}) {
        std::vector<int> on;
        for (const auto& g : gpc) {
            for (size_t i = 0; i < std::min(k, g.size()); ++i) { on.push_back(g[i]); }
        }
        all_ops("of every gpc", "\"of_each\": " + std::to_string(k), on);
    }
    for (const int n : {1, 2, 4, 8, 16, 20, 32, 48, 64, 96, 112, 132}) {
        const std::vector<int> on(order.begin(), order.begin() + std::min(n, b.sms));
        for (const bool write : {false, true}) {
            for (const size_t region : {16 * kMiB, 6144 * kMiB}) {
                b.report("hardware order", "\"first\": " + std::to_string(n), on, write, region, ns, true);
            }
        }
    }
    std::vector<int> plus, minus, every;
    for (int s = 0; s < b.sms; ++s) {
        (side[static_cast<size_t>(s)] > 0 ? plus : minus).push_back(s);
        every.push_back(s);
    }
    for (const size_t region : {16 * kMiB, 6144 * kMiB}) {
        for (const bool write : {false, true}) {
            for (const size_t n : {8, 16, 24, 32, 48, 66}) {
                std::vector<int> on(plus.begin(), plus.begin() + static_cast<long>(std::min(n, plus.size())));
                b.report("of one side", quoted("side", "plus"), on, write, region, ns);
                on.insert(on.end(), minus.begin(), minus.begin() + static_cast<long>(std::min(n, minus.size())));
                b.report("of each side", quoted("side", "both"), on, write, region, ns);
            }
        }
    }
    for (const size_t mib : {8, 16, 20, 24, 26, 28, 30, 32, 36, 40, 44, 48, 52, 56, 60, 64, 80}) {
        b.report("one side", quoted("side", "plus"), plus, false, mib * kMiB, ns * 2);
        b.report("one side", quoted("side", "both"), every, false, mib * kMiB, ns * 2);
        if (mib % 8 == 0) { b.report("one side", quoted("side", "one SM"), {plus[0]}, false, mib * kMiB, 2000000); }
    }
    for (const size_t mib : {8, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64}) {
        residency(b, "own side", plus, plus[0], mib * kMiB, 0);
        residency(b, "other side", minus, plus[0], mib * kMiB, 0);
        residency(b, "other side", minus, plus[0], mib * kMiB, 3);
        residency(b, "both sides", every, plus[0], mib * kMiB, 0);
    }
    return 0;
}
