// Programs of the microbenchmarks' loops. ModelError for loops that the hardware cannot run.
#pragma once

#include "models/if/program.hpp"
#include "models/sm/probe_loops.hpp"

namespace tessera {

std::unique_ptr<Program> make_probe(const WgmmaLoop& loop, const RunScope& scope, Units& units);
std::unique_ptr<Program> make_probe(const PromotionLoop& loop, const RunScope& scope, Units& units);
std::unique_ptr<Program> make_probe(const TmaLoop& loop, const RunScope& scope, Units& units);
std::unique_ptr<Program> make_probe(const MulticastLoop& loop, const RunScope& scope, Units& units);
std::unique_ptr<Program> make_probe(const CudaLoop& loop, const RunScope& scope, Units& units);
std::unique_ptr<Program> make_probe(const SmemLoop& loop, const RunScope& scope, Units& units);
std::unique_ptr<Program> make_probe(const AtomicLoop& loop, const RunScope& scope, Units& units);
std::unique_ptr<Program> make_probe(const BlockLoop& loop, const RunScope& scope, Units& units);
std::unique_ptr<Program> make_probe(const FenceLoop& loop, const RunScope& scope, Units& units);
std::unique_ptr<Program> make_probe(const LoadedChase& loop, const RunScope& scope, Units& units);

}  // namespace tessera
