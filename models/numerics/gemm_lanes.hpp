// The fast path's inner loops: one row of A against a panel of B's columns, lane by lane.
//
// An instruction's terms are scaled by 2^(align_bits - largest exponent), so that truncation toward zero is the
// conversion to an integer that every processor has. All of it is exact: products fit the significand, scaling is by
// powers of two, sums stay below 2^24 (float) or 2^53 (double).
#pragma once

#include "models/numerics/mma.hpp"

#include <cstdint>
#include <vector>

namespace tessera::numerics {

constexpr int kLanes = 32;                   // columns of one panel
constexpr std::int16_t kNoExponent = -8192;  // of a zero: never the largest, also when two are added

// Values and alignment exponents of an operand's elements. A: [row][k]; B: [panel][k][lane].
struct LaneOperand {
    std::vector<float> values;
    std::vector<std::int16_t> exponents;
};

struct LaneStep {
    const float* a;
    const std::int16_t* a_exponents;
    const float* b;
    const std::int16_t* b_exponents;
    int k;
};

struct LaneRule {
    int align_bits, result_bits;
    bool nearest;  // the sum is rounded to nearest even in FP32 instead of cut to result_bits
    bool scaled;   // scales inside: products are aligned among themselves, then scaled
};

enum class LaneArithmetic : std::uint8_t { in_float, in_double };

// Whether float lanes hold every intermediate of this instruction.
LaneArithmetic lane_arithmetic(const MmaSpec& m, Format f);
// The widest alignment that the lanes can do; wider ones are left to the scalar routine.
constexpr int kMostLaneBits = 42;
constexpr int kMostScaledLaneBits = 34;  // with scales inside: a sum of 34 + 7 bits

// One instruction: sums[lane] becomes the accumulator after it. `scales[lane]` is read if rule.scaled. Sets
// `overflow[lane]` where the result leaves the FP32 range (the scalar routine then redoes that output).
using LaneFn = void (*)(const LaneStep& step, const LaneRule& rule, const float* scales, float* sums,
                        std::uint8_t* overflow);
// The best version that this processor runs. `portable` forces the one that every x86-64 runs.
LaneFn lane_function(LaneArithmetic arithmetic, bool portable = false);

}  // namespace tessera::numerics
