#include "models/device/device.hpp"
#include "sim/app/timer_pool.hpp"

namespace tessera {
namespace {

// A device and the fabric it sends through, as one timer.
class SimulatedDevice : public KernelTimer {
public:
    explicit SimulatedDevice(const SystemConfig& system) : device_(system, nullptr) {}
    KernelResult time(const KernelDesc& kernel, const KernelContext& context) override {
        return device_.time(kernel, context);
    }

private:
    DeviceTimer device_;
};

}  // namespace

TimerFactory simulated_devices() {
    return [](const SystemConfig& system) { return std::make_unique<SimulatedDevice>(system); };
}

}  // namespace tessera
