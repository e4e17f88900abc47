// What a user waits for, from the words of the command line to the printed result. Budgets on two cores:
// `kernel` for one GEMM 0.3 s, `compare` of the training chunk pair 60 s (run with --benchmark_filter=compare).
#include "sim/cli/program.hpp"

#include <benchmark/benchmark.h>
#include <unistd.h>
#include <filesystem>
#include <sstream>

namespace {

using Words = std::vector<std::string>;

void run(benchmark::State& state, const Words& words) {
    for (auto _ : state) {
        std::ostringstream out, err;
        if (tessera::cli::run_program(words, out, err) != 0) { return state.SkipWithError(err.str().c_str()); }
    }
}

const Words gemm = {"kernel", "gemm", "--m", "4096", "--n", "7168", "--k", "2048"};
BENCHMARK_CAPTURE(run, kernel_gemm, gemm)->Unit(benchmark::kMillisecond);

void compare(benchmark::State& state) {
    const auto folder = std::filesystem::temp_directory_path() / ("tessera_bench_" + std::to_string(::getpid()));
    run(state, {"compare", "--out", folder.string(), "--quiet"});
    std::filesystem::remove_all(folder);
}
BENCHMARK(compare)->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
