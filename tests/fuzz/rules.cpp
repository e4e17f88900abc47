// A rule file, and what it makes of a small trace.
#include "sim/traces/import_trace.hpp"
#include "sim/traces/kineto/kineto_reader.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/small_trace.hpp"

using namespace tessera;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const traces::RecordedTrace trace = [] {
        const std::string t = testing::small_trace();
        return traces::read_kineto(fuzz::MemoryFile(reinterpret_cast<const std::uint8_t*>(t.data()), t.size()).path());
    }();
    return fuzz::answer([&] {
        const traces::RuleFile rules = traces::parse_rules(parse_json(fuzz::text(data, size), "rules"), "rules");
        traces::workload_graph(traces::import_trace(trace, {rules}));
    });
}
