#include "workloads/serving/requests.hpp"

#include "sim/base/error.hpp"
#include "sim/base/rng.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::serving {

namespace {

double exponential(Rng& rng, double mean) { return -mean * detail::portable_log(1.0 - rng.uniform()); }

// Whole tokens, at least one.
double draw(Rng& rng, const LengthConfig& l) {
    double v = l.mean;
    if (l.shape == LengthShape::exponential) { v = exponential(rng, l.mean); }
    if (l.shape == LengthShape::lognormal) {
        const double variance = detail::portable_log(1 + l.deviation * l.deviation);
        v = l.mean * std::exp(std::sqrt(variance) * rng.normal() - variance / 2);
    }
    return std::max(1.0, std::round(v));
}

}  // namespace

std::size_t warm_up_requests(const ServingConfig& c) {
    return static_cast<std::size_t>(std::llround(c.warm_up * static_cast<double>(c.requests)));
}

std::vector<Request> draw_requests(const ServingConfig& c) {
    if (!(c.arrivals > 0)) { throw ModelError("serving: no requests arrive"); }
    Rng times(c.seed, 0), inputs(c.seed, 1), outputs(c.seed, 2);
    std::vector<Request> list(warm_up_requests(c) + static_cast<std::size_t>(c.requests));
    double now = 0;
    for (Request& r : list) {
        now += exponential(times, 1.0 / c.arrivals);
        r.arrival = now;
        r.prompt = draw(inputs, c.input);
        r.uncached = std::max(1.0, r.prompt * (1 - c.cache_hit));
        r.output = static_cast<std::int64_t>(draw(outputs, c.output));
    }
    return list;
}

}  // namespace tessera::serving
