#include "models/numerics/gemm.hpp"
#include "models/numerics/inputs.hpp"
#include "models/numerics/quantize.hpp"

#include <benchmark/benchmark.h>

using namespace tessera::numerics;

namespace {

// Multiply-accumulates per second of whole GEMMs; arguments: accumulator bits, promotion interval, scales inside.
void BM_gemm(benchmark::State& state) {
    constexpr int m = 1024, n = 1024, k = 4096;
    Quantization q;
    const bool blocks = state.range(2) != 0 || state.range(1) != 0;
    q.group = blocks ? GroupShape{1, 128} : GroupShape{m, k};
    const GemmOperand a = quantize(draw(Distribution::normal, m, k, 1), m, k, q);
    q.group = blocks ? GroupShape{128, 128} : GroupShape{n, k};
    const GemmOperand b = quantize(draw(Distribution::normal, n, k, 2), n, k, q);
    GemmNumerics g;
    g.mma = with_accumulator_bits(mma_spec("hopper", Format::e4m3), static_cast<int>(state.range(0)));
    g.promotion = static_cast<int>(state.range(1));
    g.scale_inside = state.range(2) != 0;
    for (auto _ : state) { benchmark::DoNotOptimize(gemm(a, b, g)); }
    state.counters["MAC/s"] =
        benchmark::Counter(static_cast<double>(m) * n * k, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_gemm)
    ->Args({13, 0, 0})
    ->Args({13, 128, 0})
    ->Args({13, 0, 1})
    ->Args({34, 0, 0})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void BM_gemm_oracle(benchmark::State& state) {
    constexpr int m = 64, n = 8, k = 1024;
    const GemmOperand a = cast(draw(Distribution::normal, m, k, 1), m, k, {Format::e4m3});
    const GemmOperand b = cast(draw(Distribution::normal, n, k, 2), n, k, {Format::e4m3});
    GemmNumerics g;
    g.mma = mma_spec("hopper", Format::e4m3);
    for (auto _ : state) { benchmark::DoNotOptimize(gemm_reference(a, b, g)); }
    state.counters["MAC/s"] =
        benchmark::Counter(static_cast<double>(m) * n * k, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_gemm_oracle)->Unit(benchmark::kMillisecond);

}  // namespace
