// What an architect waits for: the whole factorial over the proposals, and a thousand variants of the training chunk.
// Budgets on two idle cores: factorial 120 s, thousand_points 600 s (run with --benchmark_filter=sweep). Memory must
// not grow with the points: the counter `peak_mib` is the largest resident set of the parent.
#include "sim/cli/program.hpp"

#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

namespace fs = std::filesystem;

double cpu_seconds(int who) {
    rusage use{};
    getrusage(who, &use);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(use.ru_utime) + seconds(use.ru_stime);
}

void sweep(benchmark::State& state, const std::string& file) {
    const fs::path folder = fs::temp_directory_path() / ("tessera_sweep_bench_" + std::to_string(::getpid()));
    const double before = cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN);
    for (auto _ : state) {
        std::ostringstream out, err;
        if (tessera::cli::run_program({"sweep", file, "--out", folder.string(), "-j", "2", "--quiet"}, out, err) != 0) {
            return state.SkipWithError(err.str().c_str());
        }
    }
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    state.counters["peak_mib"] = static_cast<double>(use.ru_maxrss) / 1024;
    state.counters["cpu_s"] = cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN) - before;
    fs::remove_all(folder);
}

void sweep_factorial(benchmark::State& state) { sweep(state, "factorial"); }
BENCHMARK(sweep_factorial)->Unit(benchmark::kSecond)->Iterations(1);

void sweep_thousand_points(benchmark::State& state) { sweep(state, "thousand_variants"); }
BENCHMARK(sweep_thousand_points)->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
