#include "models/power/energy.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

namespace {

constexpr double pico = 1e-12;

// Energy per unit in the SM and L2 domain relative to its value at max_clock.
double supply_factor(const PowerConfig& power, Frequency clock) {
    const double ratio = relative_supply(power, clock) / power.volts_at_max;
    return ratio * ratio;
}

Energy per_byte(Bytes moved, double pj_per_byte) { return joules(to_double(moved) * pj_per_byte * pico); }

void check_counts(const EnergyWork& work) {
    const Traffic& t = work.traffic;
    const bool counts =
        work.tensor_fp8.raw() >= 0 && work.tensor_bf16.raw() >= 0 && work.cuda_ops >= 0 && work.engine.raw() >= 0;
    const Bytes smallest =
        bytes(std::min({t.hbm_read.raw(), t.hbm_write.raw(), t.l2_read.raw(), t.l2_write.raw(), t.smem.raw(),
                        t.nvlink_out.raw(), t.nvlink_in.raw(), t.nic_out.raw(), t.nic_in.raw()}));
    if (!counts || smallest < Bytes::zero()) { throw ModelError("energy of work with a negative count"); }
}

}  // namespace

double relative_supply(const PowerConfig& power, Frequency clock) {
    const bool increasing =
        power.min_clock < power.max_clock && power.volts_at_min > 0 && power.volts_at_min <= power.volts_at_max;
    if (!increasing) {
        throw ModelError("power: the supply curve needs min_clock < max_clock and 0 < volts_at_min <= volts_at_max");
    }
    const double share = std::clamp((clock - power.min_clock) / (power.max_clock - power.min_clock), 0.0, 1.0);
    return power.volts_at_min + share * (power.volts_at_max - power.volts_at_min);
}

EnergyUse energy_of(const EnergyWork& work, const PowerConfig& power, Frequency clock) {
    if (!(clock > Frequency::zero())) { throw ModelError("energy of work at a clock that is not positive"); }
    check_counts(work);
    const double scale = supply_factor(power, clock);
    const Traffic& t = work.traffic;
    EnergyUse use;
    use.tensor = joules((work.tensor_fp8.raw() * power.tensor_fp8_pj_per_flop * power.wide_accumulate_energy +
                         work.tensor_bf16.raw() * power.tensor_bf16_pj_per_flop) *
                        pico * scale);
    use.cuda = joules(work.cuda_ops * power.cuda_pj_per_op * pico * scale);
    use.smem = per_byte(t.smem, power.smem_pj_per_byte) * scale;
    use.l2 = per_byte(t.l2(), power.l2_pj_per_byte) * scale;
    const Bytes core = work.hbm_core > Bytes::zero() ? work.hbm_core : t.hbm();
    use.hbm = per_byte(core, power.hbm_pj_per_byte * power.hbm_core_share) +
              per_byte(t.hbm(), power.hbm_pj_per_byte * (1 - power.hbm_core_share));
    use.link = per_byte(t.nvlink_out + t.nvlink_in, power.nvlink_pj_per_byte) +
               per_byte(t.nic_out + t.nic_in, power.nic_pj_per_byte);
    use.engine = work.engine;
    return use;
}

EnergyUse energy_at_clock(const EnergyUse& energy, const PowerConfig& power, Frequency from, Frequency to) {
    const double scale = supply_factor(power, to) / supply_factor(power, from);
    EnergyUse use = energy;
    use.tensor = energy.tensor * scale;
    use.cuda = energy.cuda * scale;
    use.smem = energy.smem * scale;
    use.l2 = energy.l2 * scale;
    return use;
}

}  // namespace tessera
