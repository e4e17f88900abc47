// The order in which a GEMM's sums are formed along k: shared by the scalar oracle and the fast path.
#pragma once

#include "models/numerics/gemm.hpp"

namespace tessera::numerics {

struct GemmSchedule {
    int step = 0;      // elements of one instruction
    int group = 0;     // elements per scale inside an instruction, at most `step`
    int part_k = 0;    // elements per part of a split k
    int interval = 0;  // elements between promotions; part_k if there are none
    bool promoted = false;
    bool a_at_promotion = false, b_at_promotion = false;  // group scales multiply promoted sums
    bool a_at_end = false, b_at_end = false;              // scales that span k multiply the finished sum

    GemmSchedule(const GemmOperand& a, const GemmOperand& b, const GemmNumerics& g);
    bool scaled_at_promotion() const { return a_at_promotion || b_at_promotion; }
};

// The finished sum of all parts to the result: scales that span k, output format, one NaN.
float finished(float total, const GemmSchedule& s, const GemmOperand& a, const GemmOperand& b, Format output, int row,
               int column);

}  // namespace tessera::numerics
