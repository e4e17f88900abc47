// Memory-bound kernels in the structure that the launch geometry of a public training trace implies: grid, block,
// registers and shared memory say how many rows a block takes and whether its warps meet; the code inside is ours.
// Launched from measure.py through the C functions at the end; every launcher takes a stream.
#include <cuda_bf16.h>
#include <cuda_fp8.h>
#include <cuda_runtime.h>

#include <cstdint>

namespace {

using bf16 = __nv_bfloat16;
constexpr float kMaxE4m3 = 448.0f;

__device__ float bf_lo(uint32_t v) { return __uint_as_float(v << 16); }
__device__ float bf_hi(uint32_t v) { return __uint_as_float(v & 0xffff0000u); }
__device__ float warp_max(float m, int lanes) {
    for (int o = lanes / 2; o > 0; o >>= 1) { m = fmaxf(m, __shfl_xor_sync(0xffffffffu, m, o)); }
    return m;
}
__device__ float warp_sum(float s) {
    for (int o = 16; o > 0; o >>= 1) { s += __shfl_xor_sync(0xffffffffu, s, o); }
    return s;
}

template <int V> struct Vec { uint32_t w[V / 2]; };

__global__ void nop_kernel() {}

// Holds every SM whose number is `free_sms` or more until *flag is set: two blocks of 1,024 threads fill an SM.
__global__ void __launch_bounds__(1024, 2) hold_kernel(int free_sms, volatile int* flag) {
    uint32_t sm;
    asm volatile("mov.u32 %0, %%smid;" : "=r"(sm));
    if (static_cast<int>(sm) < free_sms) { return; }
    if (threadIdx.x == 0) { while (*flag == 0) { __nanosleep(10000); } }
    __syncthreads();
}

// 1x128 cast, one block of 128 threads a row. V elements of a lane are one access; 128 / V lanes share a group.
template <int V, bool DIVIDE> __global__ void __launch_bounds__(128) cast_vec(const bf16* x, uint8_t* q, float* s, int cols) {
    constexpr int L = 128 / V;
    const int64_t row = blockIdx.x;
    const int groups = cols / 128, lane = threadIdx.x % L;
#pragma unroll 1
    for (int g = threadIdx.x / L; g < groups; g += V) {
        const int64_t at = row * cols + g * 128 + lane * V;
        Vec<V> v = *reinterpret_cast<const Vec<V>*>(x + at);
        float f[V], m = 0;
        for (int i = 0; i < V / 2; ++i) { f[2 * i] = bf_lo(v.w[i]), f[2 * i + 1] = bf_hi(v.w[i]); }
        for (int i = 0; i < V; ++i) { m = fmaxf(m, fabsf(f[i])); }
        m = fmaxf(warp_max(m, L), 1e-4f);
        const float scale = m / kMaxE4m3, inverse = kMaxE4m3 / m;
        uint32_t out[(V + 3) / 4] = {};
        for (int i = 0; i < V; i += 2) {
            const float2 p = DIVIDE ? make_float2(f[i] / scale, f[i + 1] / scale) : make_float2(f[i] * inverse, f[i + 1] * inverse);
            out[i / 4] |= static_cast<uint32_t>(__nv_cvt_float2_to_fp8x2(p, __NV_SATFINITE, __NV_E4M3)) << (8 * (i % 4));
        }
        for (int i = 0; i < V / 4; ++i) { reinterpret_cast<uint32_t*>(q + at)[i] = out[i]; }
        if (lane == 0) { s[row * groups + g] = scale; }
    }
}

// The same with 2-byte loads and 1-byte stores: a lane owns four columns 32 apart.
template <bool DIVIDE> __global__ void __launch_bounds__(128) cast_scalar(const bf16* x, uint8_t* q, float* s, int cols) {
    const int64_t row = blockIdx.x;
    const int groups = cols / 128, lane = threadIdx.x % 32;
#pragma unroll 1
    for (int g = threadIdx.x / 32; g < groups; g += 4) {
        const int64_t at = row * cols + g * 128 + lane;
        float f[4], m = 0;
        for (int i = 0; i < 4; ++i) { f[i] = __bfloat162float(x[at + 32 * i]), m = fmaxf(m, fabsf(f[i])); }
        m = fmaxf(warp_max(m, 32), 1e-4f);
        const float scale = m / kMaxE4m3, inverse = kMaxE4m3 / m;
        for (int i = 0; i < 4; ++i) {
            q[at + 32 * i] = __nv_cvt_float_to_fp8(DIVIDE ? f[i] / scale : f[i] * inverse, __NV_SATFINITE, __NV_E4M3);
        }
        if (lane == 0) { s[row * groups + g] = scale; }
    }
}

// E5M6 (sign, 5, 6): round to nearest even, subnormals by the sum with a power of two, largest finite value kept.
__device__ uint32_t to_e5m6(float v) {
    const uint32_t u = __float_as_uint(v), sign = (u >> 20) & 0x800u;
    const float a = fminf(fabsf(v), 65024.0f);
    const uint32_t b = __float_as_uint(a);
    const uint32_t normal = (b + 0xffffu + ((b >> 17) & 1u)) >> 17;
    const uint32_t tiny = __float_as_uint(a + 8.0f) - __float_as_uint(8.0f);  // unit 2^-20: one mantissa step of 8
    const uint32_t body = a < 6.103515625e-5f ? tiny : normal - (112u << 6);
    return sign | (body & 0x7ffu);
}
__device__ float from_e5m6(uint32_t v) {
    const uint32_t sign = (v & 0x800u) << 20, e = (v >> 6) & 31u, m = v & 63u;
    const float normal = __uint_as_float(((e + 112u) << 23) | (m << 17));
    const float value = e == 0 ? static_cast<float>(m) * 9.5367431640625e-7f : normal;
    return __uint_as_float(__float_as_uint(value) | sign);
}

// BF16 -> E5M6, a warp a group of 128, power-of-two scales; four values leave as 6 bytes.
__global__ void __launch_bounds__(128) e5m6_warp(const bf16* x, uint8_t* q, float* s, int cols) {
    const int64_t row = blockIdx.x;
    const int groups = cols / 128, lane = threadIdx.x % 32;
#pragma unroll 1
    for (int g = threadIdx.x / 32; g < groups; g += 4) {
        const int64_t at = row * cols + g * 128 + lane * 4;
        const Vec<4> v = *reinterpret_cast<const Vec<4>*>(x + at);
        const float f[4] = {bf_lo(v.w[0]), bf_hi(v.w[0]), bf_lo(v.w[1]), bf_hi(v.w[1])};
        float m = fmaxf(fmaxf(fabsf(f[0]), fabsf(f[1])), fmaxf(fabsf(f[2]), fabsf(f[3])));
        m = fmaxf(warp_max(m, 32), 1e-4f);
        const float scale = exp2f(ceilf(log2f(m / 65024.0f)));
        uint64_t packed = 0;
        for (int i = 0; i < 4; ++i) { packed |= static_cast<uint64_t>(to_e5m6(f[i] / scale)) << (12 * i); }
        uint16_t* out = reinterpret_cast<uint16_t*>(q + at / 2 * 3);
        for (int i = 0; i < 3; ++i) { out[i] = static_cast<uint16_t>(packed >> (16 * i)); }
        if (lane == 0) { s[row * groups + g] = scale; }
    }
}

// BF16 -> E5M6, the block a group at a time: one value a thread, maxima meet in shared memory, a pair of threads
// leaves 3 bytes.
__global__ void __launch_bounds__(128) e5m6_block(const bf16* x, uint8_t* q, float* s, int cols) {
    __shared__ float meet[2][4];
    const int64_t row = blockIdx.x;
    const int groups = cols / 128, warp = threadIdx.x / 32;
#pragma unroll 1
    for (int g = 0; g < groups; ++g) {
        const int64_t at = row * cols + g * 128 + threadIdx.x;
        const float f = __bfloat162float(x[at]);
        const float w = warp_max(fabsf(f), 32);
        if (threadIdx.x % 32 == 0) { meet[g & 1][warp] = w; }
        __syncthreads();
        const float* t = meet[g & 1];
        const float m = fmaxf(fmaxf(fmaxf(t[0], t[1]), fmaxf(t[2], t[3])), 1e-4f);
        const float scale = exp2f(ceilf(log2f(m / 65024.0f)));
        const uint32_t mine = to_e5m6(f / scale), other = __shfl_down_sync(0xffffffffu, mine, 1);
        if (threadIdx.x % 2 == 0) {
            const uint32_t pair = mine | other << 12;
            uint8_t* out = q + at / 2 * 3;
            out[0] = pair & 255u, out[1] = (pair >> 8) & 255u, out[2] = pair >> 16;
        }
        if (threadIdx.x == 0) { s[row * groups + g] = scale; }
    }
}

// E5M6 -> BF16: eight values (12 bytes) a thread and step of a persistent grid.
__global__ void __launch_bounds__(128) e5m6_back(const uint32_t* q, bf16* x, const float* s, int64_t rows, int64_t cols) {
    const int64_t n = rows * cols / 8, groups = cols / 128;
#pragma unroll 1
    for (int64_t i = blockIdx.x * 128LL + threadIdx.x; i < n; i += gridDim.x * 128LL) {
        const uint32_t a = q[3 * i], b = q[3 * i + 1], c = q[3 * i + 2];
        const int64_t row = i * 8 / cols, col = i * 8 % cols;
        const float scale = s[row * groups + col / 128];
        const uint32_t v[8] = {a & 0xfff, (a >> 12) & 0xfff, (a >> 24) | (b & 15) << 8, (b >> 4) & 0xfff,
                               (b >> 16) & 0xfff, (b >> 28) | (c & 255) << 4, (c >> 8) & 0xfff, c >> 20};
        __nv_bfloat162 out[4];
        for (int k = 0; k < 4; ++k) { out[k] = __floats2bfloat162_rn(from_e5m6(v[2 * k]) * scale, from_e5m6(v[2 * k + 1]) * scale); }
        *reinterpret_cast<uint4*>(x + i * 8) = *reinterpret_cast<uint4*>(out);
    }
}

// RMSNorm, W warps share a row of COLS and hold it in registers (16-byte accesses); mean and centred sum of squares
// are reduced one after the other. 64 bytes of shared memory when W > 1.
template <int COLS, int W, bool RESIDUAL>
__global__ void __launch_bounds__(128) norm(const bf16* x, const bf16* res, const bf16* w, bf16* y, bf16* sum, float* rs, int rows) {
    constexpr int N = COLS / (8 * 32 * W);  // accesses of a lane
    __shared__ float meet[2][8];
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, part = warp % W;
    uint4 wv[N];
    for (int i = 0; i < N; ++i) { wv[i] = reinterpret_cast<const uint4*>(w)[(i * W + part) * 32 + lane]; }
    const auto reduce = [&](float v, int which) {
        v = warp_sum(v);
        if (W == 1) { return v; }
        if (lane == 0) { meet[which][warp] = v; }
        __syncthreads();
        float t = 0;
        for (int i = 0; i < W; ++i) { t += meet[which][i]; }
        return t;
    };
    for (int row = (blockIdx.x * 4 + warp) / W; row < rows; row += gridDim.x * 4 / W) {
        const int64_t base = static_cast<int64_t>(row) * COLS / 8 + part * 32 + lane;
        float f[N * 8];
        uint4 v[N], r[N];
        for (int i = 0; i < N; ++i) { v[i] = reinterpret_cast<const uint4*>(x)[base + i * W * 32]; }
        if (RESIDUAL) { for (int i = 0; i < N; ++i) { r[i] = reinterpret_cast<const uint4*>(res)[base + i * W * 32]; } }
        for (int i = 0; i < N; ++i) {
            const uint32_t u[4] = {v[i].x, v[i].y, v[i].z, v[i].w}, t[4] = {r[i].x, r[i].y, r[i].z, r[i].w};
            for (int k = 0; k < 4; ++k) {
                f[i * 8 + 2 * k] = bf_lo(u[k]) + (RESIDUAL ? bf_lo(t[k]) : 0.0f);
                f[i * 8 + 2 * k + 1] = bf_hi(u[k]) + (RESIDUAL ? bf_hi(t[k]) : 0.0f);
            }
            if (RESIDUAL) {
                __nv_bfloat162 o[4];
                for (int k = 0; k < 4; ++k) { o[k] = __floats2bfloat162_rn(f[i * 8 + 2 * k], f[i * 8 + 2 * k + 1]); }
                reinterpret_cast<uint4*>(sum)[base + i * W * 32] = *reinterpret_cast<uint4*>(o);
            }
        }
        float m = 0, q = 0;
        for (int i = 0; i < N * 8; ++i) { m += f[i]; }
        m = reduce(m, 0) / COLS;
        for (int i = 0; i < N * 8; ++i) { q += (f[i] - m) * (f[i] - m); }
        q = rsqrtf(reduce(q, 1) / COLS + m * m + 1e-6f);
        if (lane == 0 && part == 0) { rs[row] = q; }
        for (int i = 0; i < N; ++i) {
            const uint32_t g[4] = {wv[i].x, wv[i].y, wv[i].z, wv[i].w};
            __nv_bfloat162 o[4];
            for (int k = 0; k < 4; ++k) { o[k] = __floats2bfloat162_rn(f[i * 8 + 2 * k] * q * bf_lo(g[k]), f[i * 8 + 2 * k + 1] * q * bf_hi(g[k])); }
            reinterpret_cast<uint4*>(y)[base + i * W * 32] = *reinterpret_cast<uint4*>(o);
        }
    }
}

// FP32 [rows, cols] -> [cols, rows]: a block of 512 threads turns 128 x 128 values through padded shared memory,
// four values a thread and access on either side.
__global__ void __launch_bounds__(512) turn4(const float* x, float* y, int rows, int cols) {
    extern __shared__ float tile[];
    constexpr int P = 132;
    const int r0 = blockIdx.x * 128, c0 = blockIdx.y * 128, wide = min(128, cols - c0);
    for (int i = threadIdx.x; i < 128 * (wide / 4); i += 512) {
        const int r = i / (wide / 4), c = i % (wide / 4) * 4;
        *reinterpret_cast<float4*>(tile + r * P + c) = *reinterpret_cast<const float4*>(x + static_cast<int64_t>(r0 + r) * cols + c0 + c);
    }
    __syncthreads();
    for (int i = threadIdx.x; i < wide * 32; i += 512) {
        const int c = i / 32, r = i % 32 * 4;
        *reinterpret_cast<float4*>(y + static_cast<int64_t>(c0 + c) * rows + r0 + r) =
            make_float4(tile[r * P + c], tile[(r + 1) * P + c], tile[(r + 2) * P + c], tile[(r + 3) * P + c]);
    }
}

}  // namespace

extern "C" {
void run_nop(int blocks, void* st) { nop_kernel<<<blocks, 128, 0, (cudaStream_t)st>>>(); }
void run_hold(int free_sms, void* flag, void* st) { hold_kernel<<<264, 1024, 0, (cudaStream_t)st>>>(free_sms, (int*)flag); }
void run_cast(int which, const void* x, void* q, void* s, int rows, int cols, void* st) {
    auto* b = (const bf16*)x;
    auto* o = (uint8_t*)q;
    auto* f = (float*)s;
    auto t = (cudaStream_t)st;
    if (which == 0) { cast_vec<8, false><<<rows, 128, 0, t>>>(b, o, f, cols); }
    if (which == 1) { cast_vec<4, false><<<rows, 128, 0, t>>>(b, o, f, cols); }
    if (which == 2) { cast_vec<4, true><<<rows, 128, 0, t>>>(b, o, f, cols); }
    if (which == 3) { cast_scalar<false><<<rows, 128, 0, t>>>(b, o, f, cols); }
    if (which == 4) { cast_scalar<true><<<rows, 128, 0, t>>>(b, o, f, cols); }
    if (which == 5) { e5m6_warp<<<rows, 128, 0, t>>>(b, o, f, cols); }
    if (which == 6) { e5m6_block<<<rows, 128, 0, t>>>(b, o, f, cols); }
}
void run_back(const void* q, void* x, const void* s, int rows, int cols, int blocks, void* st) {
    e5m6_back<<<blocks, 128, 0, (cudaStream_t)st>>>((const uint32_t*)q, (bf16*)x, (const float*)s, rows, cols);
}
void run_norm(int cols, int residual, const void* x, const void* r, const void* w, void* y, void* z, void* rs, int rows, int blocks, void* st) {
    auto* a = (const bf16*)x;
    auto* b = (const bf16*)r;
    auto* g = (const bf16*)w;
    auto t = (cudaStream_t)st;
    if (cols == 7168 && residual) { norm<7168, 4, true><<<blocks, 128, 0, t>>>(a, b, g, (bf16*)y, (bf16*)z, (float*)rs, rows); }
    if (cols == 7168 && !residual) { norm<7168, 4, false><<<blocks, 128, 0, t>>>(a, b, g, (bf16*)y, (bf16*)z, (float*)rs, rows); }
    if (cols == 1536) { norm<1536, 1, false><<<blocks, 128, 0, t>>>(a, b, g, (bf16*)y, (bf16*)z, (float*)rs, rows); }
    if (cols == 512) { norm<512, 1, false><<<blocks, 128, 0, t>>>(a, b, g, (bf16*)y, (bf16*)z, (float*)rs, rows); }
}
void run_turn(const void* x, void* y, int rows, int cols, void* st) {
    cudaFuncSetAttribute(turn4, cudaFuncAttributeMaxDynamicSharedMemorySize, 67584);
    turn4<<<dim3(rows / 128, (cols + 127) / 128), 512, 67584, (cudaStream_t)st>>>((const float*)x, (float*)y, rows, cols);
}
int last_error() { return (int)cudaGetLastError(); }
}
