// A configuration file as a run, a system and a model.
#include "sim/config/loader.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

using namespace tessera;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const fuzz::MemoryFile file(data, size);
    fuzz::answer([&] { load_run_config(file.path()); });
    fuzz::answer([&] {
        load_run_config(file.path(), {"system.sm.count=" + fuzz::text(data, std::min<std::size_t>(size, 16))});
    });
    fuzz::answer([&] { load_system(file.path()); });
    return fuzz::answer([&] { load_model(file.path()); });
}
