// Cost of simulating GEMMs, the bulk of a training chunk's kernels. A fresh timer each time: nothing is remembered.
#include "models/device/device.hpp"
#include "sim/config/loader.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace tessera;

void gemm(benchmark::State& state) {
    DeviceTimer timer(load_system(find_config("systems", "h800")));
    GemmDesc g;
    g.m = state.range(0);
    g.n = state.range(1);
    g.k = state.range(2);
    g.scale = ScaleMode::block_1x128_128x128;
    g.promotion_interval = 128;
    g.a = {"a", DType::fp8_e4m3, g.m, g.k};
    g.b = {"b", DType::fp8_e4m3, g.n, g.k};
    g.d = {"d", DType::bf16, g.m, g.n};
    KernelContext context;
    context.exact = state.range(3) != 0;
    double clock = 1.5e9;
    for (auto _ : state) {
        context.sm_clock = hertz(clock += 1);  // another key for the memo
        benchmark::DoNotOptimize(timer.time(g, context));
    }
    state.counters["events/s"] =
        benchmark::Counter(static_cast<double>(timer.counters().events), benchmark::Counter::kIsRate);
}
BENCHMARK(gemm)
    ->ArgNames({"m", "n", "k", "exact"})
    ->Args({4096, 7168, 2048, 0})
    ->Args({4096, 7168, 2048, 1})
    ->Args({4096, 24576, 1536, 0})
    ->Args({4096, 24576, 1536, 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
