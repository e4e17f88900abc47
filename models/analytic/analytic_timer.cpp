#include "models/analytic/analytic_timer.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {
namespace {

bool needs_fabric(const KernelDesc& k) {
    return std::holds_alternative<ExchangeDesc>(k) || std::holds_alternative<BarrierDesc>(k);
}

Traffic compulsory_traffic(const KernelDesc& kernel) {
    Traffic t;
    for (const Operand* o : reads(kernel)) {
        t.hbm_read += o->size() * (1.0 - o->l2_resident);
        t.l2_read += o->size();
    }
    for (const Operand* o : writes(kernel)) {
        t.hbm_write += o->size();
        t.l2_write += o->size();
    }
    return t;
}

KernelResult recorded(const RecordedDesc& k) {
    KernelResult r;
    r.time = k.duration;
    r.limiter = Limiter::none;
    r.traffic.hbm_read = k.hbm_bytes;
    r.sms = k.sms;
    r.clock_bound = 0;  // at whatever clock it ran
    r.shares = {{"recorded", r.time}};
    return r;
}

}  // namespace

KernelResult AnalyticTimer::time(const KernelDesc& kernel, const KernelContext& context) {
    validate(kernel);
    if (needs_fabric(kernel)) { throw ModelError("the analytic timer does not time exchanges between ranks"); }
    if (const auto* r = std::get_if<RecordedDesc>(&kernel)) { return recorded(*r); }

    const int sms = context.sms > 0 ? std::min(context.sms, system_.sm.count) : system_.sm.count;
    const Frequency clock = context.sm_clock > hertz(0) ? context.sm_clock : system_.power.sustained_clock;
    const std::vector<Roof> roofs = roofline(kernel, system_, sms, clock);
    const Roof top =
        *std::max_element(roofs.begin(), roofs.end(), [](const Roof& a, const Roof& b) { return a.time < b.time; });
    const Time first_byte = reads(kernel).empty() ? Time::zero() : system_.l2.latency_near / clock;
    const Time body = max(top.time, first_byte);
    const Time launch = system_.launch.kernel_latency + system_.launch.drain;

    KernelResult r;
    r.time = launch + body;
    r.limiter = launch > body ? Limiter::launch : top.time < first_byte ? Limiter::latency : top.limiter;
    r.traffic = compulsory_traffic(kernel);
    r.tensor_flops = flops(kernel);
    r.tensor_busy = roofs[0].time;
    r.cuda_busy = roofs[1].time;
    r.clock_bound = top.limiter == Limiter::hbm ? 0.0 : body / r.time;
    r.sms = sms;
    r.waves = 1;
    r.shares = {{"launch", launch}, {std::string(to_string(r.limiter)), body}};
    if (r.limiter == Limiter::launch) { r.shares[1].label = std::string(to_string(top.limiter)); }
    return r;
}

}  // namespace tessera
