#include "workloads/serving/requests.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace tessera;
using namespace tessera::serving;

namespace {

ServingConfig config(LengthShape shape, double deviation = 0) {
    ServingConfig c;
    c.arrivals = 20;
    c.requests = 100000;
    c.warm_up = 0;
    c.input = {shape, 3000, deviation};
    c.cache_hit = 0.25;
    return c;
}

struct Moments {
    double mean = 0, deviation = 0;
};

Moments prompts(const ServingConfig& c) {
    double sum = 0, squares = 0;
    const std::vector<Request> list = draw_requests(c);
    for (const Request& r : list) {
        sum += r.prompt;
        squares += r.prompt * r.prompt;
    }
    const double n = static_cast<double>(list.size()), mean = sum / n;
    return {mean, std::sqrt(squares / n - mean * mean) / mean};
}

}  // namespace

TEST_CASE("requests: Poisson arrivals at the rate, lengths of the mean and spread that were asked for") {
    const std::vector<Request> list = draw_requests(config(LengthShape::fixed));
    CHECK(list.back().arrival == Approx(100000.0 / 20).epsilon(0.02));
    CHECK(list.front().prompt == 3000);
    CHECK(list.front().uncached == Approx(2250));
    CHECK(prompts(config(LengthShape::exponential)).mean == Approx(3000).epsilon(0.02));
    CHECK(prompts(config(LengthShape::exponential)).deviation == Approx(1).epsilon(0.02));
    CHECK(prompts(config(LengthShape::lognormal, 0.5)).mean == Approx(3000).epsilon(0.02));
    CHECK(prompts(config(LengthShape::lognormal, 0.5)).deviation == Approx(0.5).epsilon(0.03));
}

TEST_CASE("requests: the same seed, the same requests; another rate, the same lengths") {
    const ServingConfig c = config(LengthShape::exponential);
    ServingConfig faster = c, other = c;
    faster.arrivals = 40;
    other.seed = 2;
    const auto a = draw_requests(c), b = draw_requests(c), f = draw_requests(faster), o = draw_requests(other);
    for (std::size_t i = 0; i < 1000; ++i) {
        REQUIRE(a[i].arrival == b[i].arrival);
        REQUIRE(a[i].prompt == f[i].prompt);
        REQUIRE(f[i].arrival == Approx(a[i].arrival / 2));
    }
    CHECK(o[0].arrival != a[0].arrival);
}

TEST_CASE("requests: none arrive without a rate; a warm-up comes on top") {
    ServingConfig c = config(LengthShape::fixed);
    c.warm_up = 0.5;
    CHECK(warm_up_requests(c) == 50000);
    CHECK(draw_requests(c).size() == 150000);
    c.arrivals = 0;
    CHECK_THROWS_AS(draw_requests(c), ModelError);
}
