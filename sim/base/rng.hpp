// Random numbers that are the same bits on every platform: integer mixing and IEEE +, -, *, / and square root
// only, none of the distributions of <random>, whose results differ between standard libraries.
#pragma once

#include <cstdint>

namespace tessera {

// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): the i-th
// value is mix(key + i * odd constant), so a generator is its key and a counter. `stream` gives independent
// sequences under one seed, so that drawing more in one place does not move the draws of another.
class Rng {
public:
    explicit Rng(std::uint64_t seed, std::uint64_t stream = 0);

    std::uint64_t next();                       // 64 uniform bits
    double uniform();                           // [0, 1), multiples of 2^-53
    double uniform(double low, double high);    // [low, high); InternalError unless low <= high, both finite
    std::uint64_t below(std::uint64_t bound);   // 0 .. bound - 1, each equally likely; InternalError if bound is 0
    double normal();                            // mean 0, standard deviation 1 (Marsaglia's polar method)
    double normal(double mean, double stddev);  // InternalError if stddev is negative or either is not finite

private:
    std::uint64_t state_;
    double spare_ = 0;  // the polar method yields two values at a time
    bool has_spare_ = false;
};

namespace detail {
// Natural logarithm of a positive normal number by the series of 2 atanh((m - 1) / (m + 1)), good to about
// 2 ulp; the C library's differs in the last bit between versions.
double portable_log(double x);
}  // namespace detail

}  // namespace tessera
