// F: thread instructions per clock of the CUDA cores, by kind; bytes per clock of shared memory.
#include "device.cuh"

namespace micro {
namespace {

constexpr int kChains = 8, kIterations = 400, kUnroll = 8;

// Each operation depends on its own last result; y and z are loop-invariant registers.
struct Ffma {
    static constexpr const char* name = "ffma";
    static constexpr int values = 1;
    __device__ static void apply(float& x, float y, float z) {
        asm volatile("fma.rn.f32 %0, %0, %1, %2;" : "+f"(x) : "f"(y), "f"(z));
    }
};
struct Fadd {
    static constexpr const char* name = "fadd";
    static constexpr int values = 1;
    __device__ static void apply(float& x, float y, float) {
        asm volatile("add.rn.f32 %0, %0, %1;" : "+f"(x) : "f"(y));
    }
};
struct Fmul {
    static constexpr const char* name = "fmul";
    static constexpr int values = 1;
    __device__ static void apply(float& x, float y, float) {
        asm volatile("mul.rn.f32 %0, %0, %1;" : "+f"(x) : "f"(y));
    }
};
struct AbsoluteMax {
    static constexpr const char* name = "fmax_abs";
    static constexpr int values = 1;
    __device__ static void apply(float& x, float y, float) {
        asm volatile("{.reg .f32 a; abs.f32 a, %1; max.f32 %0, %0, a;}" : "+f"(x) : "f"(y));
    }
};
struct Ex2 {
    static constexpr const char* name = "ex2_approx";
    static constexpr int values = 1;
    __device__ static void apply(float& x, float, float) { asm volatile("ex2.approx.ftz.f32 %0, %0;" : "+f"(x)); }
};
struct ToBf16 {
    static constexpr const char* name = "cvt_f32_to_bf16";
    static constexpr int values = 2;
    __device__ static void apply(float& x, float y, float) {
        asm volatile("{.reg .b32 a; cvt.rn.bf16x2.f32 a, %0, %1; mov.b32 %0, a;}" : "+f"(x) : "f"(y));
    }
};
struct ToE4m3 {
    static constexpr const char* name = "cvt_f32_to_e4m3";
    static constexpr int values = 4;
    __device__ static void apply(float& x, float y, float) {
        asm volatile(
            "{.reg .b16 a, b; cvt.rn.satfinite.e4m3x2.f32 a, %0, %1; cvt.rn.satfinite.e4m3x2.f32 b, %1, %0; "
            "mov.b32 %0, {a, b};}"
            : "+f"(x)
            : "f"(y));
    }
};
struct Iadd3 {
    static constexpr const char* name = "iadd3";
    static constexpr int values = 1;
    __device__ static void apply(float& x, float y, float z) {
        asm volatile(
            "{.reg .b32 a, b, c; mov.b32 a, %0; mov.b32 b, %1; mov.b32 c, %2; add.u32 a, a, b; add.u32 a, a, c; "
            "mov.b32 %0, a;}"
            : "+f"(x)
            : "f"(y), "f"(z));
    }
};

struct Lop3 {
    static constexpr const char* name = "lop3";
    static constexpr int values = 1;
    __device__ static void apply(float& x, float y, float z) {
        asm volatile("lop3.b32 %0, %0, %1, %2, 0x6a;"
                     : "+r"(reinterpret_cast<unsigned&>(x))
                     : "r"(__float_as_uint(y)), "r"(__float_as_uint(z)));
    }
};
struct Imad {
    static constexpr const char* name = "imad";
    static constexpr int values = 1;
    __device__ static void apply(float& x, float y, float z) {
        asm volatile("mad.lo.u32 %0, %0, %1, %2;"
                     : "+r"(reinterpret_cast<unsigned&>(x))
                     : "r"(__float_as_uint(y)), "r"(__float_as_uint(z)));
    }
};
struct Prmt {
    static constexpr const char* name = "prmt";
    static constexpr int values = 1;
    __device__ static void apply(float& x, float y, float) {
        asm volatile("prmt.b32 %0, %0, %1, 0x2705;" : "+r"(reinterpret_cast<unsigned&>(x)) : "r"(__float_as_uint(y)));
    }
};
struct Shuffle {
    static constexpr const char* name = "shfl_bfly";
    static constexpr int values = 1;
    __device__ static void apply(float& x, float, float) {
        asm volatile("shfl.sync.bfly.b32 %0, %0, 5, 0x1f, 0xffffffff;" : "+f"(x));
    }
};
struct ShuffleMax {
    static constexpr const char* name = "shfl_then_fmax";
    static constexpr int values = 1;
    __device__ static void apply(float& x, float, float) {
        asm volatile("{.reg .f32 a; shfl.sync.bfly.b32 a, %0, 5, 0x1f, 0xffffffff; max.f32 %0, %0, a;}" : "+f"(x));
    }
};

template <class Op>
__global__ void __launch_bounds__(1024, 1) many(unsigned seed, Span* spans, float* sink) {
    float x[kChains], y[kChains];
#pragma unroll
    for (int i = 0; i < kChains; ++i) {
        x[i] = __uint_as_float(mix(seed + threadIdx.x * kChains + i) & 0xbfffffffu);
        y[i] = __uint_as_float((mix(seed * 3 + threadIdx.x * kChains + i) & 0x3fffffffu) | 0x01010101u);
    }
    const float z = static_cast<float>(seed);
    __syncthreads();
    const Stopwatch watch;
#pragma unroll 1
    for (int turn = 0; turn < kIterations; ++turn) {
#pragma unroll
        for (int k = 0; k < kUnroll; ++k) {
#pragma unroll
            for (int i = 0; i < kChains; ++i) { Op::apply(x[i], y[(i + k) % kChains], z); }
        }
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        watch.stop(spans + blockIdx.x, std::uint64_t{kIterations} * kUnroll * kChains * blockDim.x * Op::values);
    }
    float sum = 0;
#pragma unroll
    for (int i = 0; i < kChains; ++i) { sum += x[i]; }
    if (sum == 1.2345e-33f) { *sink = sum; }
}

template <class Op>
__global__ void chain(unsigned seed, Span* span, float* sink) {
    float x = __uint_as_float(mix(seed + threadIdx.x) & 0xbfffffffu);
    const float y = static_cast<float>(seed + 1), z = static_cast<float>(seed);
    const Stopwatch watch;
#pragma unroll 32
    for (int turn = 0; turn < 32 * kIterations; ++turn) { Op::apply(x, y, z); }
    if (threadIdx.x == 0) { watch.stop(span, 0); }
    if (x == 1.2345e-33f) { *sink = x; }
}

template <class Op>
void operation() {
    static Buffer<float> sink(1);
    const Repeats r = repeat(4, sm_count(), [&](Span* s) { many<Op><<<sm_count(), 1024>>>(12345, s, sink.get()); });
    const Repeats one = repeat(3, 1, [&](Span* s) { chain<Op><<<1, 32>>>(12345, s, sink.get()); });
    Item("F.alu")
        .with("op", Op::name)
        .with("values_per_op", Op::values)
        .with("values_per_clk_per_sm", r.per_clock(sm_count()))
        .with("dependent_cycles_per_op", one.per(one.cycles, 32.0 * kIterations))
        .with("sm_ghz", stat(r.ghz));
}

enum class Access { kLoad4, kLoad16, kStore4, kStore16 };
struct Instruction {
    Access access;
    const char* name;
};
constexpr Instruction kInstructions[] = {{Access::kLoad4, "ld.shared.b32"},
                                         {Access::kLoad16, "ld.shared.v4.b32"},
                                         {Access::kStore4, "st.shared.b32"},
                                         {Access::kStore16, "st.shared.v4.b32"}};

// 16 accesses a turn, 32 KiB by turns, no two lanes of a warp in one bank.
template <Access access>
__global__ void __launch_bounds__(1024, 1) shared_traffic(Span* spans, unsigned* sink) {
    extern __shared__ char bytes[];
    constexpr unsigned kWidth = access == Access::kLoad4 || access == Access::kStore4 ? 4 : 16;
    const unsigned base = shared_address(bytes) + threadIdx.x / 32 * 2048 + threadIdx.x % 32 * kWidth;
    unsigned a = threadIdx.x, b = a * 3, c = a * 5, d = a * 7, sum = 0;
    __syncthreads();
    const Stopwatch watch;
#pragma unroll 1
    for (int turn = 0; turn < kIterations; ++turn) {
#pragma unroll
        for (unsigned k = 0; k < 16; ++k) {
            const unsigned at = base + static_cast<unsigned>(turn % 2) * 16384 + k * 32 * kWidth;
            if (access == Access::kLoad4) {
                asm volatile("ld.shared.u32 %0, [%1];" : "=r"(a) : "r"(at) : "memory");
            } else if (access == Access::kLoad16) {
                asm volatile("ld.shared.v4.u32 {%0,%1,%2,%3}, [%4];"
                             : "=r"(a), "=r"(b), "=r"(c), "=r"(d)
                             : "r"(at)
                             : "memory");
            } else if (access == Access::kStore4) {
                store_shared(at, a);
            } else {
                asm volatile("st.shared.v4.u32 [%0], {%1,%2,%3,%4};" ::"r"(at), "r"(a), "r"(b), "r"(c), "r"(d)
                             : "memory");
            }
            sum ^= a ^ b ^ c ^ d;
        }
    }
    __syncthreads();
    if (threadIdx.x == 0) { watch.stop(spans + blockIdx.x, std::uint64_t{kIterations} * 16 * kWidth * blockDim.x); }
    if (sum == 0x12345679u) { *sink = sum; }
}

template <Access access>
void shared_bandwidth(const char* name, int threads) {
    static Buffer<unsigned> sink(1);
    more_shared_memory(reinterpret_cast<const void*>(shared_traffic<access>), 100 * kKiB);
    const Repeats r = repeat(
        3, sm_count(), [&](Span* s) { shared_traffic<access><<<sm_count(), threads, 100 * kKiB>>>(s, sink.get()); });
    Item("F.shared_bandwidth")
        .with("instruction", name)
        .with("threads", threads)
        .with("bytes_per_clk_per_sm", r.per_clock(sm_count()))
        .with("sm_ghz", stat(r.ghz));
}

}  // namespace

void cuda_cores() {
    operation<Ffma>();
    operation<Fadd>();
    operation<Fmul>();
    operation<AbsoluteMax>();
    operation<Iadd3>();
    operation<Lop3>();
    operation<Imad>();
    operation<Prmt>();
    operation<Shuffle>();
    operation<ShuffleMax>();
    operation<Ex2>();
    operation<ToBf16>();
    operation<ToE4m3>();
    for (const int threads : {256, 512, 1024}) {
        shared_bandwidth<Access::kLoad4>(kInstructions[0].name, threads);
        shared_bandwidth<Access::kLoad16>(kInstructions[1].name, threads);
        shared_bandwidth<Access::kStore4>(kInstructions[2].name, threads);
        shared_bandwidth<Access::kStore16>(kInstructions[3].name, threads);
    }
}

}  // namespace micro
