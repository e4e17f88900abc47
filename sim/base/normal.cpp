#include "sim/base/normal.hpp"

#include "sim/base/error.hpp"

#include <cmath>

namespace tessera {

double normal_quantile(double share) {
    invariant(share > 0 && share < 1, "a quantile of nothing or of everything");
    double low = -8, high = 8;
    for (int i = 0; i < 60; ++i) {
        const double x = 0.5 * (low + high);
        (0.5 * std::erfc(-x / std::sqrt(2.0)) < share ? low : high) = x;
    }
    return low;
}

}  // namespace tessera
