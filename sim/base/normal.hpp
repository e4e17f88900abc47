// The normal distribution, where an expected maximum is estimated from it.
#pragma once

namespace tessera {

// The value below which a standard normal variable lies with probability `share`, to 1e-12, within +-8. With share
// (n - 0.375) / (n + 0.25) it is Blom's estimate of the expected maximum of n such variables. InternalError outside
// (0, 1).
double normal_quantile(double share);

}  // namespace tessera
