#include "sim/base/estimate.hpp"

#include "sim/base/error.hpp"

namespace tessera {

Estimate& Estimate::operator+=(const Estimate& o) {
    low += o.low;
    nominal += o.nominal;
    high += o.high;
    return *this;
}

Estimate operator*(const Estimate& e, double factor) {
    invariant(factor >= 0, "an estimate times a negative number has its ends the wrong way round");
    return {e.low * factor, e.nominal * factor, e.high * factor};
}

Estimate operator*(const Estimate& a, const Estimate& b) {
    return {a.low * b.low, a.nominal * b.nominal, a.high * b.high};
}

}  // namespace tessera
