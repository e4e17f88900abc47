// Which settings each point of a sweep has.
#pragma once

#include "sim/sweep/sweep_config.hpp"

#include <vector>

namespace tessera::sweep {

// Points are numbered from 0. A grid counts like a clock, the last axis fastest. A Latin hypercube of n points has one
// in each n-th of every axis, shuffled by the seed; Sobol's sequence (Joe and Kuo's directions, as in Boost) fills
// the space evenly however many points are taken. ModelError for more axes than Sobol's table has.
class Sampler {
public:
    explicit Sampler(const SweepConfig& config);
    std::size_t size() const { return size_; }
    std::vector<Setting> settings(std::size_t point) const;

private:
    const SweepConfig* config_;
    std::size_t size_ = 0;
    std::vector<double> shares_;  // by point, then axis; sampled methods
};

// `n` numbers in an order in which neighbours lie far apart (bits reversed): processes that work side by side then
// seldom simulate the same kernels at the same time.
std::vector<std::size_t> scattered(std::size_t n);

}  // namespace tessera::sweep
