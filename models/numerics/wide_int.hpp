// Integers of 128 bits as fixed-point numbers, and the ways out of them into FP32 and double.
#pragma once

#include <cstdint>

namespace tessera::numerics {

__extension__ using WideInt = __int128;

std::uint32_t float_bits(float x);
float float_of(std::uint32_t bits);
float canonical_nan();          // 0x7FFFFFFF, as Tensor Cores produce it
float infinite(bool negative);  // of FP32

// v * 2^shift, what falls below the unit being cut off toward zero. InternalError if it needs more than 127 bits.
WideInt scaled_toward_zero(WideInt v, int shift);
int leading_bit(WideInt v);  // of the magnitude, 0 for 1; -1 for zero

// v * 2^lsb in FP32: zero is +0, beyond the range is infinite, subnormals have the unit 2^-149.
// truncated_float() keeps `fraction_bits` (at most 23) after the leading one and cuts off the rest.
float truncated_float(WideInt v, int lsb, int fraction_bits);
float nearest_float(WideInt v, int lsb);    // to nearest even
double nearest_double(WideInt v, int lsb);  // to nearest even; values stay within the range of normal doubles

}  // namespace tessera::numerics
