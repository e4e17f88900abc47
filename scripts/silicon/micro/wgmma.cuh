// wgmma on operands in shared memory, rows of 128 bytes in the 128-byte swizzle that TMA writes.
#pragma once
#include "device.cuh"

namespace micro {

// Rows of 128 bytes, groups of 8 rows 1,024 bytes apart (PTX ISA, matrix descriptor, 128-byte swizzle).
__device__ inline unsigned long long descriptor(unsigned address) {
    return ((address & 0x3ffffull) >> 4) | (1ull << 16) | (64ull << 32) | (1ull << 62);
}

__device__ inline void mma_fence() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
__device__ inline void mma_commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
template <int kept>
__device__ inline void mma_wait() {
    asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(kept) : "memory");
}
// No use of the accumulators moves above this point.
template <int count>
__device__ inline void settle(float (&d)[count]) {
#pragma unroll
    for (int i = 0; i < count; ++i) { asm volatile("" : "+f"(d[i])::"memory"); }
}

// clang-format off
#define MICRO_R0 "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15"
#define MICRO_R1 "%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31"
#define MICRO_R2 "%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47"
#define MICRO_R3 "%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63"
#define MICRO_R4 "%64,%65,%66,%67,%68,%69,%70,%71,%72,%73,%74,%75,%76,%77,%78,%79"
#define MICRO_R5 "%80,%81,%82,%83,%84,%85,%86,%87,%88,%89,%90,%91,%92,%93,%94,%95"
#define MICRO_R6 "%96,%97,%98,%99,%100,%101,%102,%103,%104,%105,%106,%107,%108,%109,%110,%111"
#define MICRO_R7 "%112,%113,%114,%115,%116,%117,%118,%119,%120,%121,%122,%123,%124,%125,%126,%127"
#define MICRO_D4(i) "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3])
#define MICRO_D16(i) MICRO_D4(i), MICRO_D4(i + 4), MICRO_D4(i + 8), MICRO_D4(i + 12)
#define MICRO_D64(i) MICRO_D16(i), MICRO_D16(i + 16), MICRO_D16(i + 32), MICRO_D16(i + 48)
#define MICRO_MMA(shape, types, registers, a, b, keep, tail, ...)                                                    \
    asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, " keep ", 0;\nwgmma.mma_async.sync.aligned." shape ".f32." types    \
                 " {" registers "}, " a ", " b ", p, 1, 1" tail ";\n}\n"                                             \
                 : __VA_ARGS__ : "l"(left), "l"(right), "r"(accumulate))
#define MICRO_R64 MICRO_R0 "," MICRO_R1 "," MICRO_R2 "," MICRO_R3
#define MICRO_R128 MICRO_R64 "," MICRO_R4 "," MICRO_R5 "," MICRO_R6 "," MICRO_R7
// clang-format on

// d = (accumulate ? d : 0) + left x right for 32 bytes of k. left, right: descriptors.
using Descriptor = unsigned long long;
__device__ inline void mma_e4m3(float (&d)[4], Descriptor left, Descriptor right, int accumulate) {
    MICRO_MMA("m64n8k32", "e4m3.e4m3", "%0,%1,%2,%3", "%4", "%5", "%6", "", MICRO_D4(0));
}
__device__ inline void mma_e4m3(float (&d)[64], Descriptor left, Descriptor right, int accumulate) {
    MICRO_MMA("m64n128k32", "e4m3.e4m3", MICRO_R64, "%64", "%65", "%66", "", MICRO_D64(0));
}
__device__ inline void mma_e4m3(float (&d)[128], Descriptor left, Descriptor right, int accumulate) {
    MICRO_MMA("m64n256k32", "e4m3.e4m3", MICRO_R128, "%128", "%129", "%130", "", MICRO_D64(0), MICRO_D64(64));
}
__device__ inline void mma_bf16(float (&d)[128], Descriptor left, Descriptor right, int accumulate) {
    MICRO_MMA("m64n256k16", "bf16.bf16", MICRO_R128, "%128", "%129", "%130", ", 0, 0", MICRO_D64(0), MICRO_D64(64));
}

// The same with the left operand in registers, 4 of a thread.
struct LeftRegisters {
    unsigned r[4];
};
// clang-format off
#define MICRO_MMA_REGISTERS(shape, registers, a0, a1, a2, a3, b, keep, ...)                                          \
    asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, " keep ", 0;\nwgmma.mma_async.sync.aligned." shape                \
                 ".f32.e4m3.e4m3 {" registers "}, {" a0 ", " a1 ", " a2 ", " a3 "}, " b ", p, 1, 1;\n}\n"            \
                 : __VA_ARGS__ : "r"(left.r[0]), "r"(left.r[1]), "r"(left.r[2]), "r"(left.r[3]), "l"(right), "r"(accumulate))
// clang-format on
__device__ inline void mma_e4m3(float (&d)[8], const LeftRegisters& left, Descriptor right, int accumulate) {
    MICRO_MMA_REGISTERS("m64n16k32", "%0,%1,%2,%3,%4,%5,%6,%7", "%8", "%9", "%10", "%11", "%12", "%13", MICRO_D4(0),
                        MICRO_D4(4));
}
__device__ inline void mma_e4m3(float (&d)[128], const LeftRegisters& left, Descriptor right, int accumulate) {
    MICRO_MMA_REGISTERS("m64n256k32", MICRO_R128, "%128", "%129", "%130", "%131", "%132", "%133", MICRO_D64(0),
                        MICRO_D64(64));
}

// One k-block of 128 bytes: 64 rows by 128 columns.
__device__ inline void mma_kblock(float (&d)[64], Descriptor left, Descriptor right, bool accumulate) {
#pragma unroll
    for (int k = 0; k < 4; ++k) { mma_e4m3(d, left + 2 * k, right + 2 * k, accumulate || k > 0); }
}

// Adds the scaled partial sums of a k-block to FP32 sums on the CUDA cores; a thread holds two rows.
__device__ inline void promote(float (&sum)[64], const float (&part)[64], float scale0, float scale1) {
#pragma unroll
    for (int i = 0; i < 64; ++i) { sum[i] = fmaf(i % 4 < 2 ? scale0 : scale1, part[i], sum[i]); }
}

}  // namespace micro
