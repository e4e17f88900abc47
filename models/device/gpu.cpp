#include "models/device/gpu.hpp"

#include "models/power/energy.hpp"
#include "models/sm/program_registry.hpp"
#include "sim/base/error.hpp"

namespace tessera {

namespace {

const SystemConfig& checked(const SystemConfig& c) {
    if (c.sm.count <= 0) { throw ModelError("the device has no SMs (/sm/count)"); }
    return c;
}

Frequency run_clock(const KernelContext& context, const SystemConfig& c) {
    const Frequency f = context.sm_clock.raw() > 0 ? context.sm_clock : c.power.sustained_clock;
    if (f.raw() <= 0) { throw ModelError("no SM clock is given and the system has no sustained clock"); }
    return f;
}

}  // namespace

Gpu::Gpu(sc_core::sc_module_name name, const SystemConfig& config)
    : sc_module(name),
      config_(checked(config)),
      wheel_("wheel", microseconds(20)),
      hbm_("hbm", config.hbm),
      l2_("l2", config.l2, config.sm, config.hbm.peak * config.hbm.read_efficiency, config.power.max_clock),
      tma_("tma", config.tma, config.sm.count),
      smem_("smem", config.sm.smem, config.sm.count),
      tensor_("tensor_core", config.sm),
      cuda_("cuda_cores", config.sm),
      units_{wheel_.wheel(), l2_, tma_, smem_, tensor_, cuda_, config_} {
    l2_.hbm.bind(hbm_.socket);
    tma_.memory.bind(l2_.port);
}

void Gpu::end_of_elaboration() {
    invariant(tma_.memory.get_interface() == static_cast<MemoryIf*>(&l2_), "the TMA is not bound to L2");
    invariant(l2_.hbm.size() == 1, "L2 must be bound to one HBM model");
}

void Gpu::reset_units(Time now, const Clock& clock) {
    wheel_.wheel().reset(now);
    hbm_.reset(now);
    l2_.reset(now, clock);
    tma_.reset(now, clock);
    smem_.reset(now, clock);
    tensor_.reset(now, clock);
    cuda_.reset(now, clock);
}

RunScope Gpu::begin_run(SimSession& session, const KernelContext& context) {
    RunScope scope;
    scope.sms = context.sms > 0 ? context.sms : config_.sm.count;
    if (scope.sms > config_.sm.count) {
        throw ModelError("the kernel asks for " + std::to_string(scope.sms) + " SMs, the device has " +
                         std::to_string(config_.sm.count));
    }
    scope.clock = Clock(run_clock(context, config_));
    scope.exact = context.exact;
    scope.begin = max(session.now(), wheel_.wheel().now());
    reset_units(scope.begin, scope.clock);
    return scope;
}

void Gpu::play(SimSession& session, Program& program) {
    wheel_.wheel().watchdog().watch([&program] { return program.waiting(); });
    program.start();
    wheel_.kick();
    session.run();
    wheel_.rethrow();
    if (!program.done()) { wheel_.wheel().watchdog().starved(); }
}

KernelResult Gpu::run(SimSession& session, const KernelDesc& kernel, const KernelContext& context) {
    const RunScope scope = begin_run(session, context);
    const std::unique_ptr<Program> program = make_program(kernel, scope, units_);
    play(session, *program);
    KernelResult result = collect(kernel, *program, scope);
    wheel_.wheel().watchdog().watch(nullptr);
    return result;
}

Time Gpu::run(SimSession& session, const ProgramMaker& make, const KernelContext& context) {
    const RunScope scope = begin_run(session, context);
    const std::unique_ptr<Program> program = make(scope, units_);
    play(session, *program);
    wheel_.wheel().watchdog().watch(nullptr);
    return program->finish() - scope.begin + program->skipped();
}

UnitUse Gpu::use(const RunScope& scope, Time end) const {
    UnitUse u;
    const double elapsed = static_cast<double>((end - scope.begin).raw());
    if (elapsed <= 0) { return u; }
    const double over_sms = elapsed * scope.sms;
    const auto share = [](Time busy, double of) { return static_cast<double>(busy.raw()) / of; };
    const L2Stats l2 = l2_.stats();
    u.hbm = hbm_.utilization(end);
    u.l2_slices = share(l2.slice_busy, elapsed);
    u.l2_link = share(l2.link_busy, elapsed);
    u.sm_port = share(l2.port_busy, over_sms);
    u.smem = share(smem_.stats().busy, over_sms);
    u.tensor = share(tensor_.stats().busy, over_sms);
    u.cuda = share(cuda_.stats().busy, over_sms);
    u.tma = share(max(tma_.stats().busy, tma_.stats().cast_busy), over_sms);
    return u;
}

KernelResult Gpu::collect(const KernelDesc& kernel, const Program& program, const RunScope& scope) const {
    const Time end = program.finish();
    invariant(end >= scope.begin, "a program ended before it began");
    const ProgramReport report = program.report(use(scope, end));
    const HbmStats hbm = hbm_.stats();
    const L2Stats l2 = l2_.stats();
    KernelResult r;
    r.time = config_.launch.kernel_latency + (end - scope.begin) + program.skipped() + config_.launch.drain;
    r.limiter = report.limiter;
    r.traffic.hbm_read = hbm.read_pins;
    r.traffic.hbm_write = hbm.write_pins;
    r.traffic.l2_read = l2.read;
    r.traffic.l2_write = l2.write;
    r.traffic.smem = smem_.stats().bytes + report.smem;
    r.tensor_flops = report.tensor_flops;
    const double sms = report.sms > 0 ? report.sms : scope.sms;
    r.tensor_busy = tensor_.stats().busy / sms + report.tensor_busy;
    r.cuda_busy = cuda_.stats().busy / sms + report.cuda_busy;
    r.sms = report.sms > 0 ? report.sms : scope.sms;
    r.waves = report.waves;
    const double work_share = (r.time - config_.launch.kernel_latency - config_.launch.drain) / r.time;
    r.clock_bound = report.clock_bound * work_share;
    r.shares.push_back({"launch", config_.launch.kernel_latency + config_.launch.drain});
    r.shares.insert(r.shares.end(), report.shares.begin(), report.shares.end());
    EnergyWork work;
    const GemmDesc* gemm = std::get_if<GemmDesc>(&kernel);
    const AttentionDesc* attention = std::get_if<AttentionDesc>(&kernel);
    const bool fp8 = gemm != nullptr ? is_fp8(gemm->a.dtype) || gemm->fused_cast_a
                                     : attention != nullptr && is_fp8(attention->dtype);
    (fp8 ? work.tensor_fp8 : work.tensor_bf16) = r.tensor_flops;
    work.cuda_ops = cuda_.stats().instructions + report.cuda_ops;
    work.traffic = r.traffic;
    work.hbm_core = hbm.core;
    r.energy = energy_of(work, config_.power, scope.clock.frequency());
    return r;
}

}  // namespace tessera
