// Records what Hopper's Tensor Core does at the edges of its arithmetic: zeros of both signs, sparse operands,
// infinities, NaN, subnormal and overflowing sums; and conversions beyond E4M3. Companion of the vectors of ordinary
// data: the same layout, listed by the same kind of manifest.
//
// Build and run on a machine with an H100 or H200 and CUDA 12 or later:
//   nvcc -O2 -std=c++17 -gencode=arch=compute_90a,code=sm_90a numerics_edges.cu -o numerics_edges
//   ./numerics_edges FOLDER      writes FOLDER/edge_*.bin and FOLDER/vectors.json
//
// One trial is one wgmma m64n8: A[64][k], B[8][k], C[64][8] float, D[64][8] float. A conversion record is the float
// and two bytes of result.
#include <cuda_runtime.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <vector>

#define CHECK(call)                                                                  \
    do {                                                                             \
        const cudaError_t error = (call);                                            \
        if (error != cudaSuccess) {                                                  \
            std::fprintf(stderr, "%s: %s\n", #call, cudaGetErrorString(error));      \
            std::exit(1);                                                            \
        }                                                                            \
    } while (0)

enum Type { kE4m3, kE5m2, kBf16, kFp16 };
const char* const kNames[] = {"e4m3", "e5m2", "bf16", "fp16"};
constexpr int kM = 64, kN = 8, kRowBytes = 32;  // 32 elements of 8 bits or 16 of 16

__device__ uint64_t descriptor(const void* tile) {
    // No swizzle; 8x16-byte core matrices, 128 B apart along k and 256 B apart along m or n.
    const auto address = static_cast<uint64_t>(__cvta_generic_to_shared(tile));
    return ((address & 0x3FFFF) >> 4) | (uint64_t{128 >> 4} << 16) | (uint64_t{256 >> 4} << 32);
}

#define WGMMA(shape, types, tail)                                                                               \
    asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, 1, 0;\nwgmma.mma_async.sync.aligned." shape ".f32." types    \
                 " {%0,%1,%2,%3}, %4, %5, p, 1, 1" tail ";\n}\n"                                                \
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])                                               \
                 : "l"(a), "l"(b))

__device__ void multiply(int type, float (&d)[4], uint64_t a, uint64_t b) {
    asm volatile("wgmma.fence.sync.aligned;\n" ::: "memory");
    if (type == kE4m3) { WGMMA("m64n8k32", "e4m3.e4m3", ""); }
    if (type == kE5m2) { WGMMA("m64n8k32", "e5m2.e5m2", ""); }
    if (type == kBf16) { WGMMA("m64n8k16", "bf16.bf16", ", 0, 0"); }
    if (type == kFp16) { WGMMA("m64n8k16", "f16.f16", ", 0, 0"); }
    asm volatile("wgmma.commit_group.sync.aligned;\nwgmma.wait_group.sync.aligned 0;\n" ::: "memory");
}

__device__ void stage(uint8_t* tile, const uint8_t* rows, int count) {
    for (int i = threadIdx.x; i < count * kRowBytes; i += blockDim.x) {
        const int r = i / kRowBytes, byte = i % kRowBytes;
        tile[(r / 8) * 256 + (byte / 16) * 128 + (r % 8) * 16 + byte % 16] = rows[i];
    }
}

__global__ void trial(int type, const uint8_t* A, const uint8_t* B, const float* C, float* D) {
    __shared__ alignas(1024) uint8_t a[kM * kRowBytes];
    __shared__ alignas(1024) uint8_t b[kN * kRowBytes];
    stage(a, A + blockIdx.x * kM * kRowBytes, kM);
    stage(b, B + blockIdx.x * kN * kRowBytes, kN);
    float d[4];
    size_t at[4];
    for (int i = 0; i < 4; ++i) {
        const int row = threadIdx.x / 32 * 16 + threadIdx.x % 32 / 4 + i / 2 * 8;
        at[i] = (blockIdx.x * kM + row) * kN + threadIdx.x % 4 * 2 + i % 2;
        d[i] = C[at[i]];
    }
    asm volatile("fence.proxy.async.shared::cta;\n" ::: "memory");
    __syncthreads();
    multiply(type, d, descriptor(a), descriptor(b));
    for (int i = 0; i < 4; ++i) { D[at[i]] = d[i]; }
}

__global__ void convert(int type, const float* in, uint16_t* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) { return; }
    uint16_t r = 0;
    if (type == kE5m2) { asm("cvt.rn.satfinite.e5m2x2.f32 %0, %1, %2;" : "=h"(r) : "f"(0.F), "f"(in[i])); }
    if (type == kBf16) { asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(r) : "f"(in[i])); }
    if (type == kFp16) { asm("cvt.rn.f16.f32 %0, %1;" : "=h"(r) : "f"(in[i])); }
    out[i] = r;
}

using Random = std::mt19937;
using CodeFn = std::function<uint32_t(Random&)>;
using AddendFn = std::function<uint32_t(Random&)>;

std::string manifest;

void list(const std::string& entry) { manifest += (manifest.empty() ? "" : ",\n") + entry; }

void record(const std::string& folder, Type type, const std::string& what, int trials, const CodeFn& code,
            const AddendFn& addend) {
    const int size = type == kBf16 || type == kFp16 ? 2 : 1;
    std::vector<uint8_t> A(trials * kM * kRowBytes), B(trials * kN * kRowBytes);
    std::vector<float> C(trials * kM * kN), D(C.size());
    Random random(2026);
    const auto fill = [&](std::vector<uint8_t>& v) {
        for (size_t i = 0; i < v.size(); i += size) {
            const uint32_t c = code(random);
            std::memcpy(&v[i], &c, size);
        }
    };
    fill(A);
    fill(B);
    for (float& c : C) {
        const uint32_t bits = addend(random);
        std::memcpy(&c, &bits, 4);
    }
    uint8_t *a, *b;
    float *c, *d;
    CHECK(cudaMalloc(&a, A.size()));
    CHECK(cudaMalloc(&b, B.size()));
    CHECK(cudaMalloc(&c, C.size() * 4));
    CHECK(cudaMalloc(&d, D.size() * 4));
    CHECK(cudaMemcpy(a, A.data(), A.size(), cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy(b, B.data(), B.size(), cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy(c, C.data(), C.size() * 4, cudaMemcpyHostToDevice));
    trial<<<trials, 128>>>(type, a, b, c, d);
    CHECK(cudaGetLastError());
    CHECK(cudaMemcpy(D.data(), d, D.size() * 4, cudaMemcpyDeviceToHost));
    const std::string file = std::string("edge_") + kNames[type] + "_" + what + ".bin";
    FILE* f = std::fopen((folder + "/" + file).c_str(), "wb");
    for (int t = 0; t < trials; ++t) {
        std::fwrite(&A[t * kM * kRowBytes], 1, kM * kRowBytes, f);
        std::fwrite(&B[t * kN * kRowBytes], 1, kN * kRowBytes, f);
        std::fwrite(&C[t * kM * kN], 4, kM * kN, f);
        std::fwrite(&D[t * kM * kN], 4, kM * kN, f);
    }
    std::fclose(f);
    const std::string k = std::to_string(kRowBytes / size);
    list("  {\"file\": \"" + file + "\", \"kind\": \"wgmma\", \"type\": \"" + kNames[type] +
         "\", \"m\": 64, \"n\": 8, \"k\": " + k + ", \"k_per_instruction\": " + k +
         ", \"trials\": " + std::to_string(trials) + ", \"trial_bytes\": 6400}");
    cudaFree(a), cudaFree(b), cudaFree(c), cudaFree(d);
}

void record_conversions(const std::string& folder, Type type, int n) {
    std::vector<float> in(n);
    std::vector<uint16_t> out(n);
    Random random(7);
    for (float& x : in) {
        uint32_t bits = random();
        if (random() % 2) { bits = (bits & 0x807FFFFFU) | ((127U - 24 + random() % 44) << 23); }  // near the range
        if (random() % 8 == 0) { bits &= 0xFFF80000U; }                                            // ties and exact values
        std::memcpy(&x, &bits, 4);
    }
    float* i;
    uint16_t* o;
    CHECK(cudaMalloc(&i, n * 4));
    CHECK(cudaMalloc(&o, n * 2));
    CHECK(cudaMemcpy(i, in.data(), n * 4, cudaMemcpyHostToDevice));
    convert<<<(n + 255) / 256, 256>>>(type, i, o, n);
    CHECK(cudaGetLastError());
    CHECK(cudaMemcpy(out.data(), o, n * 2, cudaMemcpyDeviceToHost));
    const std::string file = std::string("edge_cvt_") + kNames[type] + ".bin";
    FILE* f = std::fopen((folder + "/" + file).c_str(), "wb");
    for (int r = 0; r < n; ++r) {
        std::fwrite(&in[r], 4, 1, f);
        std::fwrite(&out[r], 2, 1, f);
    }
    std::fclose(f);
    list("  {\"file\": \"" + file + "\", \"kind\": \"cvt.rn" + (type == kE5m2 ? ".satfinite" : "") + "." + kNames[type] +
         "\", \"record\": \"float32 in, uint16 out\", \"records\": " + std::to_string(n) + "}");
}

int main(int argc, char** argv) {
    const std::string folder = argc > 1 ? argv[1] : ".";
    const auto sign = [](Random& r, int bits) { return (r() & 1U) << (bits - 1); };
    const auto wide = [](Random& r) { return (r() & 0x807FFFFFU) | ((97U + r() % 60) << 23); };       // 2^-30 .. 2^29
    const auto tiny = [](Random& r) { return (r() & 0x807FFFFFU) | ((r() % 12) << 23); };             // near 2^-126
    const auto huge = [](Random& r) { return (r() & 0x807FFFFFU) | ((254U - r() % 4) << 23); };       // near 2^128
    const auto odd = [](Random& r) {  // zeros, infinities, NaN, the smallest and the largest
        const uint32_t some[] = {0U, 0x7F800000U, 0x7FC00001U, 1U, 0x7F7FFFFFU, 0x3F800000U, 0x00800000U, 0x7F800001U};
        return some[r() % 8] | (r() & 0x80000000U);
    };
    const auto zero = [](Random& r) { return r() & 0x80000000U; };
    for (const Type t : {kE4m3, kE5m2, kBf16, kFp16}) {
        const int bits = t == kE4m3 || t == kE5m2 ? 8 : 16;
        const uint32_t all = (1U << bits) - 1, inf = t == kE4m3 ? 0x7EU : t == kE5m2 ? 0x7CU : t == kBf16 ? 0x7F80U : 0x7C00U;
        const CodeFn any = [all](Random& r) { return r() & all; };
        const CodeFn sparse = [=](Random& r) { return r() % 8 == 0 ? sign(r, bits) | (r() % inf) : sign(r, bits); };
        const CodeFn zeros = [=](Random& r) { return sign(r, bits); };
        const CodeFn seldom = [=](Random& r) {  // finite, one in 48 infinite (E4M3: its largest) or NaN
            const uint32_t pick = r() % 96;
            return sign(r, bits) | (pick == 0 ? inf : pick == 1 ? all >> 1 : r() % inf);
        };
        record(folder, t, "any", 4, any, wide);
        record(folder, t, "sparse", 16, sparse, wide);
        record(folder, t, "zeros", 1, zeros, zero);
        record(folder, t, "seldom", 8, seldom, wide);
        record(folder, t, "odd_addend", 4, sparse, odd);
    }
    // Sums below 2^-126 and beyond 2^128, which only BF16 reaches; FP8 with such addends.
    record(folder, kBf16, "tiny", 8, [&](Random& r) { return sign(r, 16) | ((64U - 4 + r() % 8) << 7) | (r() & 0x7F); }, tiny);
    record(folder, kBf16, "huge", 8, [&](Random& r) { return sign(r, 16) | ((190U - 3 + r() % 4) << 7) | (r() & 0x7F); }, huge);
    record(folder, kBf16, "subnormal", 4, [&](Random& r) { return sign(r, 16) | (r() % 2 ? r() & 0x7FU : 0x3F80U); }, tiny);
    record(folder, kE4m3, "zeros_tiny", 2, [&](Random& r) { return sign(r, 8); }, tiny);
    record(folder, kE4m3, "sparse_huge", 4, [&](Random& r) { return sign(r, 8) | (r() % 8 == 0 ? r() % 0x7F : 0); }, huge);
    record(folder, kFp16, "zeros_tiny", 2, [&](Random& r) { return sign(r, 16); }, tiny);
    for (const Type t : {kE5m2, kBf16, kFp16}) { record_conversions(folder, t, 16384); }
    FILE* f = std::fopen((folder + "/vectors.json").c_str(), "w");
    cudaDeviceProp p;
    CHECK(cudaGetDeviceProperties(&p, 0));
    std::fprintf(f, "{\"meta\": {\"what\": \"one wgmma on an %s: D = A*B^T + C, at the edges of its arithmetic\"},\n"
                    "\"vectors\": [\n%s\n]}\n", p.name, manifest.c_str());
    std::fclose(f);
}
