#include "sim/sweep/sampling.hpp"

#include "sim/base/error.hpp"
#include "sim/base/rng.hpp"

#include <boost/random/sobol.hpp>
#include <cmath>
#include <numeric>

namespace tessera::sweep {
namespace {

std::vector<double> latin_hypercube(std::size_t points, std::size_t axes, std::uint64_t seed) {
    std::vector<double> shares(points * axes);
    std::vector<std::size_t> order(points);
    for (std::size_t a = 0; a < axes; ++a) {
        Rng rng(seed, a);
        std::iota(order.begin(), order.end(), std::size_t{0});
        for (std::size_t i = points; i > 1; --i) { std::swap(order[i - 1], order[rng.below(i)]); }
        for (std::size_t i = 0; i < points; ++i) {
            shares[i * axes + a] = (static_cast<double>(order[i]) + rng.uniform()) / static_cast<double>(points);
        }
    }
    return shares;
}

std::vector<double> sobol(std::size_t points, std::size_t axes) {
    try {
        boost::random::sobol engine(axes);
        std::vector<double> shares(points * axes);
        for (double& s : shares) { s = std::ldexp(static_cast<double>(engine() >> 11), -53); }
        return shares;
    } catch (const std::range_error&) {
        throw ModelError("Sobol's sequence has no directions for " + std::to_string(axes) + " axes");
    } catch (const std::invalid_argument&) {
        throw ModelError("Sobol's sequence has no directions for " + std::to_string(axes) + " axes");
    }
}

std::size_t grid_size(const std::vector<Axis>& axes) {
    std::size_t n = 1;
    for (const Axis& a : axes) { n *= a.levels(); }
    return n;
}

}  // namespace

Sampler::Sampler(const SweepConfig& config) : config_(&config) {
    const std::size_t axes = config.axes.size();
    switch (config.method) {
        case Method::grid: size_ = grid_size(config.axes); break;
        case Method::list: size_ = config.list.size(); break;
        case Method::latin_hypercube:
            size_ = config.sampled;
            shares_ = latin_hypercube(size_, axes, config.seed);
            break;
        case Method::sobol:
            size_ = config.sampled;
            shares_ = sobol(size_, axes);
            break;
    }
}

std::vector<Setting> Sampler::settings(std::size_t point) const {
    invariant(point < size_, "a sweep has no such point");
    if (config_->method == Method::list) { return config_->list[point]; }
    const std::vector<Axis>& axes = config_->axes;
    std::vector<Setting> settings(axes.size());
    std::size_t rest = point;
    for (std::size_t a = axes.size(); a-- > 0;) {
        const std::size_t levels = axes[a].levels();
        settings[a].path = axes[a].path;
        if (config_->method == Method::grid) {
            settings[a].value = axes[a].level(rest % levels);
            rest /= levels;
        } else {
            settings[a].value = axes[a].at(shares_[point * axes.size() + a]);
        }
    }
    return settings;
}

std::vector<std::size_t> scattered(std::size_t n) {
    int bits = 0;
    while ((std::size_t{1} << bits) < n) { ++bits; }
    std::vector<std::size_t> order;
    order.reserve(n);
    for (std::size_t i = 0; i < std::size_t{1} << bits; ++i) {
        std::size_t reversed = 0;
        for (int b = 0; b < bits; ++b) { reversed |= (i >> b & 1) << (bits - 1 - b); }
        if (reversed < n) { order.push_back(reversed); }
    }
    return order;
}

}  // namespace tessera::sweep
