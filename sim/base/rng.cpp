#include "sim/base/rng.hpp"

#include "sim/base/error.hpp"

#include <cmath>

namespace tessera {

namespace {

constexpr std::uint64_t golden_gamma = 0x9e3779b97f4a7c15ULL;  // 2^64 / golden ratio, odd

std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
}

}  // namespace

namespace detail {

double portable_log(double x) {
    int exponent = 0;
    double m = std::frexp(x, &exponent);  // [0.5, 1)
    if (m < 0.70710678118654752) {
        m *= 2;
        --exponent;
    }
    const double s = (m - 1) / (m + 1);  // at most 0.1716: 12 terms leave less than 2^-60
    const double square = s * s;
    double sum = 0;
    for (int k = 23; k >= 1; k -= 2) { sum = sum * square + 1.0 / k; }
    return exponent * 0.69314718055994531 + 2 * s * sum;
}

}  // namespace detail

Rng::Rng(std::uint64_t seed, std::uint64_t stream) : state_(mix(mix(seed) + mix(stream + golden_gamma))) {}

std::uint64_t Rng::next() {
    state_ += golden_gamma;
    return mix(state_);
}

double Rng::uniform() { return static_cast<double>(next() >> 11U) * 0x1p-53; }

double Rng::uniform(double low, double high) {
    invariant(std::isfinite(low) && std::isfinite(high) && low <= high, "uniform needs low <= high, both finite");
    const double x = low + (high - low) * uniform();
    return x < high ? x : low;  // rounding may reach the excluded end
}

std::uint64_t Rng::below(std::uint64_t bound) {
    invariant(bound > 0, "a draw below zero has no value");
    const std::uint64_t biased = (0 - bound) % bound;  // 2^64 mod bound: values refused so that all are as likely
    std::uint64_t x = next();
    while (x < biased) { x = next(); }
    return x % bound;
}

double Rng::normal() {
    if (has_spare_) {
        has_spare_ = false;
        return spare_;
    }
    double u = 0, v = 0, square = 0;
    do {
        u = 2 * uniform() - 1;
        v = 2 * uniform() - 1;
        square = u * u + v * v;
    } while (square >= 1 || square == 0);
    const double factor = std::sqrt(-2 * detail::portable_log(square) / square);
    spare_ = v * factor;
    has_spare_ = true;
    return u * factor;
}

double Rng::normal(double mean, double stddev) {
    invariant(std::isfinite(mean) && std::isfinite(stddev) && stddev >= 0, "normal needs a finite mean and spread");
    return mean + stddev * normal();
}

}  // namespace tessera
