#include "models/numerics/gemm_lanes.hpp"

#include <algorithm>
#include <cstring>

namespace tessera::numerics {
namespace {

#define TESSERA_INLINE inline __attribute__((always_inline))

// Vectors of GCC's language extension: the compiler splits them into what the processor has.
constexpr int kFloats = 16, kDoubles = 8;
using Floats = float __attribute__((vector_size(kFloats * 4)));
using Ints = std::int32_t __attribute__((vector_size(kFloats * 4)));
using Shorts = std::int16_t __attribute__((vector_size(kLanes * 2)));
using Doubles = double __attribute__((vector_size(kDoubles * 8)));
using HalfInts = std::int32_t __attribute__((vector_size(kDoubles * 4)));

template <class V, class T>
TESSERA_INLINE void load(V& v, const T* from) {
    std::memcpy(&v, from, sizeof v);
}
template <class V, class T>
TESSERA_INLINE void store(T* to, const V& v) {
    std::memcpy(to, &v, sizeof v);
}

TESSERA_INLINE std::uint32_t bits_of(float x) {
    std::uint32_t b;
    std::memcpy(&b, &x, sizeof b);
    return b;
}
TESSERA_INLINE double power_of_two(int exponent) {  // of a normal double
    const std::int64_t bits = static_cast<std::int64_t>(exponent + 1023) << 52;
    double d;
    std::memcpy(&d, &bits, sizeof d);
    return d;
}

// Exponent of an FP32 number as alignment sees it; kNoExponent for zero.
TESSERA_INLINE int exponent_of(float x) {
    const std::uint32_t magnitude = bits_of(x) & 0x7FFFFFFFU;
    const int field = std::max(static_cast<int>(magnitude >> 23U), 1);
    return magnitude == 0 ? kNoExponent : field - 127;
}
// Exponent of a double's leading bit (normal or zero).
TESSERA_INLINE int exponent_of(double x) {
    std::uint64_t b;
    std::memcpy(&b, &x, sizeof b);
    const auto magnitude = static_cast<std::uint64_t>(b & ~(std::uint64_t{1} << 63U));
    return magnitude == 0 ? kNoExponent : static_cast<int>(magnitude >> 52U) - 1023;
}

TESSERA_INLINE void largest_exponents(const LaneStep& s, int* largest) {
    Shorts top;
    for (int l = 0; l < kLanes; ++l) { top[l] = 2 * kNoExponent; }
    for (int k = 0; k < s.k; ++k) {
        Shorts e;
        load(e, s.b_exponents + k * kLanes);
        e += s.a_exponents[k];
        top = e > top ? e : top;
    }
    for (int l = 0; l < kLanes; ++l) { largest[l] = top[l] < kNoExponent / 2 ? kNoExponent : int{top[l]}; }
}

// FP32 with `result_bits` fraction bits, as truncated_float(), or the nearest; true if it is out of range.
TESSERA_INLINE bool rounded(double value, const LaneRule& rule, float& result) {
    std::uint64_t b;
    std::memcpy(&b, &value, sizeof b);
    const int exponent = static_cast<int>((b >> 52U) & 0x7FFU) - 1023;
    const int below = exponent < -126 ? std::min(-126 - exponent, 60) : 0;  // FP32 subnormals keep 2^-149
    const int drop = std::min(std::max(52 - rule.result_bits, 52 - 23 + below), 62);
    b = drop > 52 ? b & (std::uint64_t{1} << 63U) : b & (~std::uint64_t{0} << unsigned(drop));
    double kept;
    std::memcpy(&kept, &b, sizeof kept);
    kept = rule.nearest ? value : kept;
    const auto narrow = static_cast<float>(kept);
    result = narrow == 0.0F ? 0.0F : narrow;
    return exponent > 127 || (bits_of(narrow) & 0x7F800000U) == 0x7F800000U;
}

// sum * scale as head + tail, head being the nearest double: the sum has at most 41 bits, each half of the scale 12, so
// both products are exact, and so is what their addition loses (Knuth's two-sum).
TESSERA_INLINE void exact_product(double sum, float scale, double& head, double& tail) {
    const std::uint32_t upper_bits = bits_of(scale) & 0xFFFFF000U;
    float upper;
    std::memcpy(&upper, &upper_bits, sizeof upper);
    const double high = sum * upper, low = sum * (scale - upper);
    head = high + low;
    const double virtual_low = head - high;
    tail = (high - (head - virtual_low)) + (low - virtual_low);
}

// The last step of a scaled instruction: sum * scale and the accumulator, aligned by their leading bits.
TESSERA_INLINE bool add_scaled(double sum, float scale, const LaneRule& rule, float& accumulator) {
    if ((bits_of(scale) & 0x7F800000U) == 0x7F800000U) { return true; }  // infinite or NaN
    double head, tail;
    exact_product(sum, scale, head, tail);
    const bool less = (tail < 0 && head > 0) || (tail > 0 && head < 0);  // the product is smaller than its head
    std::uint64_t head_bits;
    std::memcpy(&head_bits, &head, sizeof head_bits);
    const bool power = (head_bits << 12U) == 0;
    const int leading = exponent_of(head) - (power && less ? 1 : 0);
    const int top = std::max(leading, exponent_of(accumulator));
    if (head == 0 && accumulator == 0) {
        accumulator = 0;
        return false;
    }
    const double up = power_of_two(rule.align_bits - top), down = power_of_two(top - rule.align_bits);
    const double scaled = head * up;
    double whole = __builtin_trunc(scaled);
    if (whole == scaled && less) { whole -= scaled > 0 ? 1.0 : -1.0; }
    return rounded((whole + __builtin_trunc(accumulator * up)) * down, rule, accumulator);
}

struct FloatLanes {
    // Sums of truncated terms in units of 2^(largest - align_bits).
    TESSERA_INLINE static void sum(const LaneStep& s, const LaneRule& rule, const int* largest, const float* start,
                                   double* sums) {
        for (int first = 0; first < kLanes; first += kFloats) {
            Floats up, c;
            for (int l = 0; l < kFloats; ++l) {
                const int e = largest[first + l] == kNoExponent ? 0 : rule.align_bits - largest[first + l];
                const std::uint32_t b = static_cast<std::uint32_t>(e + 127) << 23U;
                float p;
                std::memcpy(&p, &b, sizeof p);
                up[l] = p;
            }
            load(c, start + first);
            Ints total = __builtin_convertvector(c * up, Ints);
            for (int k = 0; k < s.k; ++k) {
                Floats b;
                load(b, s.b + k * kLanes + first);
                total += __builtin_convertvector(b * s.a[k] * up, Ints);
            }
            for (int l = 0; l < kFloats; ++l) { sums[first + l] = total[l]; }
        }
    }
};

struct DoubleLanes {
    // total += x without its fraction. In two halves, since conversion gives 32 bits: x is below 2^46.
    TESSERA_INLINE static void add_whole(Doubles& total, const Doubles& x) {
        const Doubles high = __builtin_convertvector(__builtin_convertvector(x * 0x1p-16, HalfInts), Doubles) * 0x1p16;
        total += high + __builtin_convertvector(__builtin_convertvector(x - high, HalfInts), Doubles);
    }
    TESSERA_INLINE static void sum(const LaneStep& s, const LaneRule& rule, const int* largest, const float* start,
                                   double* sums) {
        for (int first = 0; first < kLanes; first += kDoubles) {
            Doubles up, c;
            for (int l = 0; l < kDoubles; ++l) {
                up[l] = power_of_two(largest[first + l] == kNoExponent ? 0 : rule.align_bits - largest[first + l]);
                c[l] = start[first + l];
            }
            Doubles total = {};
            add_whole(total, c * up);
            for (int k = 0; k < s.k; ++k) {
                Doubles b{};  // set lane by lane below; GCC 12 does not see it
                for (int l = 0; l < kDoubles; ++l) { b[l] = s.b[k * kLanes + first + l]; }
                add_whole(total, b * static_cast<double>(s.a[k]) * up);
            }
            store(sums + first, total);
        }
    }
};

template <class Lanes>
TESSERA_INLINE void step(const LaneStep& s, const LaneRule& rule, const float* scales, float* accumulators,
                         std::uint8_t* overflow) {
    alignas(64) int largest[kLanes];
    alignas(64) float start[kLanes];
    alignas(64) double sums[kLanes];
    largest_exponents(s, largest);
    for (int l = 0; l < kLanes; ++l) {
        start[l] = rule.scaled ? 0.0F : accumulators[l];
        largest[l] = rule.scaled ? largest[l] : std::max(largest[l], exponent_of(accumulators[l]));
    }
    Lanes::sum(s, rule, largest, start, sums);
    for (int l = 0; l < kLanes; ++l) {
        const double value = largest[l] == kNoExponent ? 0.0 : sums[l] * power_of_two(largest[l] - rule.align_bits);
        const bool out =
            rule.scaled ? add_scaled(value, scales[l], rule, accumulators[l]) : rounded(value, rule, accumulators[l]);
        overflow[l] = static_cast<std::uint8_t>(overflow[l] | (out ? 1U : 0U));
    }
}

// One copy of the loops per instruction set; the processor is asked once, so that a program built anywhere runs
// everywhere.
#define TESSERA_LANES(suffix, attribute)                                                                   \
    attribute void float_##suffix(const LaneStep& s, const LaneRule& r, const float* scales, float* sums,  \
                                  std::uint8_t* overflow) {                                                \
        step<FloatLanes>(s, r, scales, sums, overflow);                                                    \
    }                                                                                                      \
    attribute void double_##suffix(const LaneStep& s, const LaneRule& r, const float* scales, float* sums, \
                                   std::uint8_t* overflow) {                                               \
        step<DoubleLanes>(s, r, scales, sums, overflow);                                                   \
    }
TESSERA_LANES(base, )
#if defined(__x86_64__)
TESSERA_LANES(avx2, __attribute__((target("avx2"))))
TESSERA_LANES(avx512, __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq"))))
#endif
#undef TESSERA_LANES

}  // namespace

LaneArithmetic lane_arithmetic(const MmaSpec& m, Format f) {
    // Floats: a product needs at most 24 bits, a sum of 33 terms below 2^(bits + 2) at most 24, and no intermediate
    // leaves their range.
    const FormatSpec& s = spec(f);
    return m.align_bits <= 16 && s.exponent_bits <= 5 && s.fraction_bits <= 10 ? LaneArithmetic::in_float
                                                                               : LaneArithmetic::in_double;
}

LaneFn lane_function(LaneArithmetic arithmetic, bool portable) {
    const bool floats = arithmetic == LaneArithmetic::in_float;
#if defined(__x86_64__)
    if (!portable) {
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
            return floats ? float_avx512 : double_avx512;
        }
        if (__builtin_cpu_supports("avx2")) { return floats ? float_avx2 : double_avx2; }
    }
#endif
    return floats ? float_base : double_base;
}

}  // namespace tessera::numerics
