#include "sim/report/not_modelled.hpp"

namespace tessera::report {

std::vector<std::string> not_modelled() {
    // NOLINTBEGIN(bugprone-suspicious-missing-comma): sentences longer than a line
    return {
        "Pipeline, data-parallel and optimizer traffic: the workload is the forward and backward chunk pair between "
        "two pipeline hand-overs, as in DeepSeek's published trace.",
        "The host: kernels follow each other at a fixed gap; CPU-bound launches, host synchronisation and the Python "
        "front end cost nothing.",
        "Time below a tile: warp scheduling, register banks, instruction fetch and bank conflicts within one load "
        "enter "
        "as measured rates, not as events.",
        "The clock within a run: it is the one mean clock at which the average power meets the cap. Temperature, "
        "leakage and the spread between chips are left out.",
        "The network beyond fair shares on its links: no other jobs, no lost packets, no queues at single ports.",
        "What silicon costs beyond an estimate of its area: design effort, yield of a new block, what the area takes "
        "away from other units. Energy is dynamic energy per operation and byte plus idle power.",
        "Training quality: a change of numerics shows here as time, energy and the error of one GEMM."};
    // NOLINTEND(bugprone-suspicious-missing-comma)
}

}  // namespace tessera::report
