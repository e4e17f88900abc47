// Requests of a service: when they come and how long they are.
#pragma once

#include "sim/config/workload_config.hpp"

#include <cstdint>
#include <vector>

namespace tessera::serving {

struct Request {
    double arrival = 0;       // seconds
    double uncached = 0;      // tokens of the prompt that prefill computes
    double prompt = 0;        // all of them
    std::int64_t output = 1;  // tokens of the answer, at least 1
};

// Arrivals by a Poisson process, lengths drawn independently of each other; the warm-up first. Deterministic by the
// seed; a higher rate draws the same lengths closer together.
std::vector<Request> draw_requests(const ServingConfig& config);

// Requests of the warm-up at the front of draw_requests().
std::size_t warm_up_requests(const ServingConfig& config);

}  // namespace tessera::serving
