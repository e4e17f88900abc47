// A value that is not known exactly, with the range it lies in.
#pragma once

namespace tessera {

struct Estimate {  // low <= nominal <= high
    double low = 0, nominal = 0, high = 0;
    Estimate& operator+=(const Estimate& o);
};
Estimate operator*(const Estimate& e, double factor);      // InternalError if the factor is negative
Estimate operator*(const Estimate& a, const Estimate& b);  // of values that are not negative: end by end

}  // namespace tessera
