// A sweep small enough for tests: one layer of the training chunk on one rank at a fixed clock.
#pragma once

#include "tests/support/temporary_folder.hpp"

#include <string>

namespace tessera::testing {

inline constexpr char small_set[] =
    R"("set": {"workload.layers": 1, "workload.tokens": 512, "workload.sequence": 512,
        "workload.router.load": "balanced", "simulation.simulated_ranks": 1, "simulation.clock": "sustained"})";

// The path of a sweep file with that base and the given members ("\"axes\": [...]").
inline std::string small_sweep(const TemporaryFolder& folder, const std::string& members,
                               const std::string& name = "small.json") {
    return folder.write(name, R"({"name": "small", "base": "deepseek_v3_train_chunk", )" + std::string(small_set) +
                                  ", " + members + "}");
}

inline constexpr char two_axes[] =
    R"("axes": [{"path": "system.hbm.peak", "from": "3 TB/s", "to": "6 TB/s", "count": 3},
                {"path": "proposals.warp-cast", "values": [false, true]}])";

}  // namespace tessera::testing
