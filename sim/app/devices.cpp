#include "models/analytic/analytic_timer.hpp"
#include "models/device/device.hpp"
#include "models/device/fabric.hpp"
#include "sim/app/timer_pool.hpp"

namespace tessera {
namespace {

// A device and the fabric it sends through, as one timer.
template <class Device>
class WithFabric : public KernelTimer {
public:
    explicit WithFabric(const SystemConfig& system) : system_(system), device_(system) {}

    KernelResult time(const KernelDesc& kernel, const KernelContext& context) override {
        if (const auto* exchange = std::get_if<ExchangeDesc>(&kernel)) { return fabric().exchange(*exchange, context); }
        if (const auto* barrier = std::get_if<BarrierDesc>(&kernel)) { return fabric().barrier(*barrier, context); }
        return device_.time(kernel, context);
    }

private:
    // Made on first use: a system that only computes needs no links.
    DeviceFabric& fabric() {
        if (!fabric_) { fabric_ = std::make_unique<DeviceFabric>(system_); }
        return *fabric_;
    }

    SystemConfig system_;
    Device device_;
    std::unique_ptr<DeviceFabric> fabric_;
};

}  // namespace

TimerFactory simulated_devices() {
    return [](const SystemConfig& system) { return std::make_unique<WithFabric<DeviceTimer>>(system); };
}

TimerFactory analytic_devices() {
    return [](const SystemConfig& system) { return std::make_unique<WithFabric<AnalyticTimer>>(system); };
}

}  // namespace tessera
