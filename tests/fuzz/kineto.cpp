// A profiler trace, from its bytes to the graph that a run would take.
#include "sim/lower/dataflow.hpp"
#include "sim/traces/import_summary.hpp"
#include "sim/traces/import_trace.hpp"
#include "sim/traces/kineto/kineto_reader.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/small_trace.hpp"

using namespace tessera;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const traces::RuleFile rules = traces::parse_rules(parse_json(testing::small_rules(), "rules"), "rules");
    const fuzz::MemoryFile file(data, size);
    return fuzz::answer([&] {
        const traces::ImportedWorkload w = traces::import_trace(traces::read_kineto(file.path()), {rules});
        traces::summarize(w);
        const TaskGraph g =
            traces::workload_graph(traces::workload_from_json(parse_json(traces::to_json(w), "w"), "w"));
        check_dataflow(g);
    });
}
