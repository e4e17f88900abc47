#include "models/device/transfer_timer.hpp"

#include "models/device/gpu.hpp"
#include "models/l2/sm_places.hpp"
#include "models/sm/transfer_program.hpp"
#include "sim/base/error.hpp"

#include <numeric>

namespace tessera {

Time time_transfer(const SystemConfig& system, const TransferDesc& loop, const KernelContext& context) {
    validate(loop);
    if (loop.blocks > system.sm.count) { throw ModelError("a transfer loop has more blocks than the device has SMs"); }
    std::vector<int> on(static_cast<std::size_t>(loop.blocks));
    std::iota(on.begin(), on.end(), 0);
    if (loop.place == TransferPlace::balanced) {
        on = balanced_sms(sm_places(system.sm.count, system.sm.gpcs, system.sm.lone_tpcs), loop.blocks);
    }
    // A device for one program: elaborated for it and torn down after it.
    SimSession session([] {});
    Gpu gpu("gpu", system);
    session.elaborate();
    KernelContext all = context;
    all.sms = system.sm.count;
    return gpu.run(
        session,
        [&](const RunScope& scope, Units& units) { return std::make_unique<TransferProgram>(loop, on, scope, units); },
        all);
}

}  // namespace tessera
