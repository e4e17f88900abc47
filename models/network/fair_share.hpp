// Max-min fair rates of flows that share links, and how long messages take under them: what congestion control of
// lossless networks converges to. Links and flows may stand for many alike: a class of links with a count, a class of
// flows with a count and how often one of them crosses a link of a class.
#pragma once

#include <utility>
#include <vector>

namespace tessera::network {

struct LinkClass {
    double rate = 0;   // of one link, bytes per second
    double count = 1;  // links
};

struct FlowClass {
    double count = 1;                               // flows
    double bytes = 0;                               // of one flow
    double start = 0;                               // seconds
    std::vector<std::pair<int, double>> crossings;  // link class, times that one flow crosses one of its links
};

// Rates of one flow of each class, bytes per second; flows that cross nothing have the largest double. Progressive
// filling (Bertsekas, Gallager, Data Networks, 6.5.2). ModelError for a link class without bandwidth or links.
std::vector<double> fair_rates(const std::vector<LinkClass>& links, const std::vector<FlowClass>& flows,
                               const std::vector<bool>& active);

struct FlowTimes {
    std::vector<double> finish;   // of each class, seconds, latencies apart
    std::vector<double> carried;  // bytes over all links of each class
    double last = 0;
};

// Runs all flows to their end: rates change whenever one starts or ends. InternalError unless every byte that was sent
// arrived.
FlowTimes run_flows(const std::vector<LinkClass>& links, const std::vector<FlowClass>& flows);

}  // namespace tessera::network
