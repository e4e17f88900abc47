// An execution trace, from its bytes to a workload and back.
#include "sim/config/loader.hpp"
#include "sim/traces/chakra/chakra_workload.hpp"
#include "tests/fuzz/target.hpp"

using namespace tessera;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const SystemConfig system = load_system(find_config("systems", "h800"));
    return fuzz::answer([&] {
        const traces::EtTrace trace = traces::parse_et(fuzz::text(data, size), "et");
        const traces::ImportedWorkload w = traces::import_et(trace, {{"0", {0, 1, 2, 3}}}, system);
        const auto back = traces::workload_from_json(parse_json(traces::to_json(w), "w"), "w");
        traces::workload_graph(back);
        traces::parse_et(traces::et_bytes(traces::export_et(back)), "et");
    });
}
