// An imported workload's file, and the graph it makes.
#include "sim/traces/workload.hpp"
#include "sim/lower/dataflow.hpp"
#include "tests/fuzz/target.hpp"

using namespace tessera;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz::answer([&] {
        const auto w = traces::workload_from_json(parse_json(fuzz::text(data, size), "w"), "w");
        const TaskGraph g = traces::workload_graph(w);
        unordered_reads(g);
        traces::workload_from_json(parse_json(traces::to_json(w), "again"), "again");
    });
}
