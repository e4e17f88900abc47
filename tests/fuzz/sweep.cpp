// A sweep's file.
#include "sim/sweep/sweep_config.hpp"
#include "tests/fuzz/target.hpp"

using namespace tessera;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const fuzz::MemoryFile file(data, size);
    return fuzz::answer([&] { sweep::load_sweep(file.path()); });
}
