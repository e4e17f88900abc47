// Results of workloads that are put together from several simulated graphs.
#pragma once

#include "sim/result/run_result.hpp"

#include "sim/config/system_config.hpp"

#include <map>
#include <string>

namespace tessera {

// tokens_per_s_per_gpu, gpu_hours_per_trillion_tokens, dollars_per_trillion_tokens of a rate of tokens per second and
// GPU.
std::map<std::string, double> token_figures(double tokens_per_s_per_gpu, double dollars_per_gpu_hour);

// Sums parts, each as often as it is run, into one result.
class ComposedResult {
public:
    void add(const RunResult& part, double times);
    // All sums over a wall time of `wall`; what no part fills is waiting at idle power. Id, proposals, figures,
    // timeline and parts are left to the caller. Utilizations and clock are means over time.
    RunResult finish(Time wall, const SystemConfig& system);

private:
    void add(const ClassTotal& c, double times);
    void add(const CommunicationCost& c, double times, double seconds);

    RunResult sum_;
    double busy_ = 0, energy_ = 0, clock_ = 0, sm_ = 0, tensor_ = 0;
    std::map<std::string, double> limiters_, kernels_;
    std::map<std::string, ClassTotal> classes_;
};

}  // namespace tessera
