#include "models/numerics/gemm_schedule.hpp"

#include "models/numerics/convert.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::numerics {

GemmSchedule::GemmSchedule(const GemmOperand& a, const GemmOperand& b, const GemmNumerics& g)
    : step(g.mma.k),
      group(g.mma.k),
      part_k(a.k / g.split_k),
      interval(g.promotion > 0 ? g.promotion : part_k),
      promoted(g.promotion > 0) {
    const bool outside = !g.scale_inside;
    a_at_promotion = outside && !a.scales.empty() && a.scales.k != a.k;
    b_at_promotion = outside && !b.scales.empty() && b.scales.k != b.k;
    a_at_end = outside && !a.scales.empty() && a.scales.k == a.k;
    b_at_end = outside && !b.scales.empty() && b.scales.k == b.k;
    if (!a.scales.empty()) { group = std::min(group, a.scales.k); }
    if (!b.scales.empty()) { group = std::min(group, b.scales.k); }
}

float finished(float total, const GemmSchedule& s, const GemmOperand& a, const GemmOperand& b, Format output, int row,
               int column) {
    if (s.a_at_end) { total *= a.scales.at(row, 0); }
    if (s.b_at_end) { total *= b.scales.at(column, 0); }
    if (std::isnan(total)) { return canonical_nan(); }
    if (output == Format::fp32) { return total; }
    return static_cast<float>(decode(convert(total, {output, Rounding::nearest_even, false}), output));
}

}  // namespace tessera::numerics
