// The GPU: builds the units, binds them, runs one program after another on them.
#pragma once

#include "models/hbm/hbm.hpp"
#include "models/if/program.hpp"
#include "models/l2/l2.hpp"
#include "models/sm/cuda_cores.hpp"
#include "models/smem/smem.hpp"
#include "models/tensor_core/tensor_core.hpp"
#include "models/tma/tma.hpp"
#include "sim/engine/event_wheel.hpp"
#include "sim/engine/sim_session.hpp"
#include "sim/ir/kernel_timer.hpp"

#include <functional>

namespace tessera {

// Makes a program that is no kernel of sim/ir: what a microbenchmark issues.
using ProgramMaker = std::function<std::unique_ptr<Program>(const RunScope& scope, Units& units)>;

class Gpu : public sc_core::sc_module {
public:
    Gpu(sc_core::sc_module_name name, const SystemConfig& config);

    // Runs the kernel alone on SMs 0..context.sms-1 of an idle device.
    KernelResult run(SimSession& session, const KernelDesc& kernel, const KernelContext& context);
    // Runs such a program on an idle device; returns the time from its first instruction to its last.
    Time run(SimSession& session, const ProgramMaker& make, const KernelContext& context);
    std::uint64_t events() const { return wheel_.wheel().dispatched(); }

protected:
    void end_of_elaboration() override;  // every port is bound to the unit it must reach

private:
    RunScope begin_run(SimSession& session, const KernelContext& context);
    void play(SimSession& session, Program& program);
    void reset_units(Time now, const Clock& clock);
    UnitUse use(const RunScope& scope, Time end) const;
    KernelResult collect(const KernelDesc& kernel, const Program& program, const RunScope& scope) const;

    SystemConfig config_;
    mutable EventWheel wheel_;
    Hbm hbm_;
    L2 l2_;
    Tma tma_;
    Smem smem_;
    TensorCore tensor_;
    CudaCores cuda_;
    Units units_;
};

}  // namespace tessera
