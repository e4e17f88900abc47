#include "models/device/probes.hpp"

#include "models/device/gpu.hpp"
#include "models/sm/probe_programs.hpp"

namespace tessera {
namespace {

// A device for one program: elaborated for it and torn down after it.
struct Bench {
    explicit Bench(const SystemConfig& system) : session([] {}), gpu("gpu", system) { session.elaborate(); }
    SimSession session;  // destroyed after the modules
    Gpu gpu;
};

template <class Loop>
double run(const SystemConfig& system, Frequency sm_clock, const Loop& loop, int sms) {
    Bench bench(system);
    KernelContext context;
    context.sm_clock = sm_clock;
    context.sms = sms;
    const ProgramMaker make = [&](const RunScope& scope, Units& units) { return make_probe(loop, scope, units); };
    return Clock(sm_clock).cycles(bench.gpu.run(bench.session, make, context));
}

}  // namespace

double probe_cycles(const SystemConfig& system, Frequency sm_clock, const WgmmaLoop& loop, int sms) {
    return run(system, sm_clock, loop, sms);
}

double probe_cycles(const SystemConfig& system, Frequency sm_clock, const PromotionLoop& loop, int sms) {
    return run(system, sm_clock, loop, sms);
}

double probe_cycles(const SystemConfig& system, Frequency sm_clock, const TmaLoop& loop, int sms) {
    return run(system, sm_clock, loop, sms);
}

double probe_cycles(const SystemConfig& system, Frequency sm_clock, const MulticastLoop& loop, int sms) {
    return run(system, sm_clock, loop, sms);
}

double probe_cycles(const SystemConfig& system, Frequency sm_clock, const CudaLoop& loop, int sms) {
    return run(system, sm_clock, loop, sms);
}

double probe_cycles(const SystemConfig& system, Frequency sm_clock, const SmemLoop& loop, int sms) {
    return run(system, sm_clock, loop, sms);
}

double probe_cycles(const SystemConfig& system, Frequency sm_clock, const AtomicLoop& loop, int sms) {
    return run(system, sm_clock, loop, sms);
}

double probe_cycles(const SystemConfig& system, Frequency sm_clock, const BlockLoop& loop, int sms) {
    return run(system, sm_clock, loop, sms);
}

double probe_cycles(const SystemConfig& system, Frequency sm_clock, const FenceLoop& loop, int sms) {
    return run(system, sm_clock, loop, sms);
}

double probe_cycles(const SystemConfig& system, Frequency sm_clock, const LoadedChase& loop, int sms) {
    return run(system, sm_clock, loop, sms);
}

}  // namespace tessera
