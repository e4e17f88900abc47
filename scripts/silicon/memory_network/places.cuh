// Where thread blocks are placed, and which SMs share a GPC and a side of the L2.
#pragma once

#include "bench.cuh"

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
