// Cost of the network: an all-to-all of 64 MiB per GPU by number of GPUs, folded; and followed message by message and
// packet by packet on small fabrics.
#include "models/network/folded.hpp"
#include "sim/config/loader.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace tessera;
using namespace tessera::network;

FabricShape shape(std::int64_t gpus) {
    return fabric_shape(load_system(find_config("systems", "h800")), static_cast<int>(gpus), Wiring::planes);
}

void network_all_to_all(benchmark::State& state) {
    const FabricShape s = shape(state.range(0));
    for (auto _ : state) { benchmark::DoNotOptimize(all_to_all_folded(s, mib(64)).last); }
    state.SetComplexityN(state.range(0));
}
BENCHMARK(network_all_to_all)->RangeMultiplier(2)->Range(256, 16384)->Complexity(benchmark::o1);

// With the graph of every GPU, NIC and switch.
void network_build(benchmark::State& state) {
    const FabricShape s = shape(state.range(0));
    for (auto _ : state) { benchmark::DoNotOptimize(build(s).gpus.size()); }
    state.SetComplexityN(state.range(0));
}
BENCHMARK(network_build)
    ->RangeMultiplier(2)
    ->Range(256, 16384)
    ->Unit(benchmark::kMillisecond)
    ->Complexity(benchmark::oNLogN);

void network_messages(benchmark::State& state) {
    const Fabric f = build(shape(state.range(0)));
    const auto messages = all_to_all(f, mib(64));
    for (auto _ : state) { benchmark::DoNotOptimize(send_fluid(f.graph, messages, f.shape.packets).last); }
}
BENCHMARK(network_messages)->Arg(16)->Arg(32)->Arg(64)->Unit(benchmark::kMillisecond);

void network_packets(benchmark::State& state) {
    const Fabric f = build(shape(state.range(0)));
    const auto messages = all_to_all(f, mib(4));
    for (auto _ : state) { benchmark::DoNotOptimize(send_packets(f.graph, messages, f.shape.packets).last); }
}
BENCHMARK(network_packets)->Arg(16)->Unit(benchmark::kMillisecond);

}  // namespace
