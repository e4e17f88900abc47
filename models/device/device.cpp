#include "models/device/device.hpp"

#include "models/device/gpu.hpp"
#include "sim/base/error.hpp"
#include "sim/base/hash.hpp"

namespace tessera {

struct DeviceTimer::Built {
    Built(const SystemConfig& system, std::function<void()> evict) : session(std::move(evict)), gpu("gpu", system) {
        session.elaborate();
    }
    SimSession session;  // destroyed after the modules
    Gpu gpu;
};

DeviceTimer::DeviceTimer(const SystemConfig& system, Fabric* fabric) : system_(system), fabric_(fabric) {}

DeviceTimer::~DeviceTimer() = default;

KernelResult DeviceTimer::time(const KernelDesc& kernel, const KernelContext& context) {
    if (const auto* recorded = std::get_if<RecordedDesc>(&kernel)) {
        KernelResult r;
        r.time = recorded->duration;
        r.limiter = Limiter::none;
        r.traffic.hbm_read = recorded->hbm_bytes;
        r.sms = recorded->sms;
        r.clock_bound = 0;  // at whatever clock it ran
        r.shares.push_back({"recorded", recorded->duration});
        return r;
    }
    const std::uint64_t key =
        Hasher().word(kernel_hash(kernel)).add(context.sms).add(context.sm_clock.raw()).add(context.exact).value();
    const auto known = memo_.find(key);
    if (known != memo_.end()) {
        ++counters_.remembered;
        return known->second;
    }
    validate(kernel);
    KernelResult result = simulate(kernel, context);
    memo_.emplace(key, result);
    return result;
}

KernelResult DeviceTimer::simulate(const KernelDesc& kernel, const KernelContext& context) {
    const auto* exchange = std::get_if<ExchangeDesc>(&kernel);
    const auto* barrier = std::get_if<BarrierDesc>(&kernel);
    if (exchange != nullptr || barrier != nullptr) {
        if (fabric_ == nullptr) { throw ModelError("exchanges and barriers need a fabric"); }
        return exchange != nullptr ? fabric_->exchange(*exchange, context) : fabric_->barrier(*barrier, context);
    }
    if (!built_) {
        built_ = std::make_unique<Built>(system_, [this] { built_.reset(); });
    }
    const std::uint64_t before = built_->gpu.events();
    KernelResult result = built_->gpu.run(built_->session, kernel, context);
    counters_.events += built_->gpu.events() - before;
    ++counters_.simulated;
    invariant(result.time > Time::zero(), "a kernel took no time");
    return result;
}

}  // namespace tessera
