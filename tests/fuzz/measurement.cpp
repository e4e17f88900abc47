// A measurement file as cases; none is predicted, as a prediction may take its time.
#include "sim/app/measured/read_cases.hpp"
#include "sim/config/loader.hpp"
#include "tests/fuzz/target.hpp"

using namespace tessera;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const SystemConfig system = load_system(find_config("systems", "h200"));
    return fuzz::answer([&] { measured::read_cases(parse_json(fuzz::text(data, size), "file"), "file", system); });
}
