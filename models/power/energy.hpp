// Dynamic energy of work: counts of operations and bytes times energies per unit, the parts in the SM and L2
// supply domain scaled by the supply voltage squared (CMOS switching energy, E = C V^2). HBM, links and
// engines have supplies of their own and keep their energy at every SM clock.
#pragma once

#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_result.hpp"

namespace tessera {

// What one kernel does, counted over its whole run.
struct EnergyWork {
    Flops tensor_fp8{}, tensor_bf16{};  // Tensor Core operations (1 FMA = 2)
    double cuda_ops = 0;                // thread instructions of the CUDA cores: FP32, INT, conversions, SFU
    Traffic traffic;
    Bytes hbm_core{};  // bytes at the DRAM arrays if logic beside the memory casts; 0: as many as at the pins
    Energy engine{};   // of fixed-function engines (copy engine, co-processor, casting logic), as they state it
};

// Supply of the SM and L2 domain relative to that at max_clock: linear from volts_at_min at min_clock to
// volts_at_max at max_clock, constant outside. ModelError if the curve is not increasing.
double relative_supply(const PowerConfig& power, Frequency clock);

// Dynamic energy by component at `clock` and its supply. ModelError on negative counts or a zero clock.
EnergyUse energy_of(const EnergyWork& work, const PowerConfig& power, Frequency clock);

// Dynamic energy given at SM clock `from`, restated at `to`.
EnergyUse energy_at_clock(const EnergyUse& energy, const PowerConfig& power, Frequency from, Frequency to);

}  // namespace tessera
