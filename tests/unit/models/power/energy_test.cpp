#include "models/power/energy.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

PowerConfig small_board() {
    PowerConfig p;
    p.cap = watts(300);
    p.idle = watts(100);
    p.min_clock = megahertz(1000);
    p.max_clock = megahertz(2000);
    p.tensor_max_clock = megahertz(1800);
    p.volts_at_min = 0.5;
    p.volts_at_max = 1.0;
    p.tensor_fp8_pj_per_flop = 0.5;
    p.tensor_bf16_pj_per_flop = 1.0;
    p.cuda_pj_per_op = 8;
    p.smem_pj_per_byte = 2;
    p.l2_pj_per_byte = 40;
    p.hbm_pj_per_byte = 60;
    p.nvlink_pj_per_byte = 25;
    p.nic_pj_per_byte = 20;
    return p;
}

EnergyWork some_work() {
    EnergyWork w;
    w.tensor_fp8 = flops(2e12);
    w.tensor_bf16 = flops(1e12);
    w.cuda_ops = 1e9;
    w.traffic.smem = bytes(1'000'000);
    w.traffic.l2_read = bytes(3'000'000);
    w.traffic.l2_write = bytes(1'000'000);
    w.traffic.hbm_read = bytes(2'000'000);
    w.traffic.nvlink_out = bytes(500'000);
    w.traffic.nvlink_in = bytes(500'000);
    w.traffic.nic_in = bytes(1'000'000);
    w.engine = joules(1e-6);
    return w;
}

}  // namespace

TEST_CASE("casting beside the memory saves the pins' share of the energy, not the arrays'") {
    PowerConfig power = small_board();
    power.hbm_pj_per_byte = 60;
    power.hbm_core_share = 0.9;
    EnergyWork work;
    work.traffic.hbm_read = bytes(1'000'000);
    const double plain = energy_of(work, power, power.max_clock).hbm.raw();
    work.traffic.hbm_read = bytes(500'000);
    work.hbm_core = bytes(1'000'000);
    const double casting = energy_of(work, power, power.max_clock).hbm.raw();
    CHECK(casting == Approx(plain * (1 - 0.5 * (1 - power.hbm_core_share))));
}

TEST_CASE("energy is counts times energies per unit at the highest clock") {
    const EnergyUse e = energy_of(some_work(), small_board(), megahertz(2000));
    CHECK(e.tensor.raw() == Approx(2.0));   // 2e12 x 0.5 pJ + 1e12 x 1 pJ
    CHECK(e.cuda.raw() == Approx(8e-3));    // 1e9 x 8 pJ
    CHECK(e.smem.raw() == Approx(2e-6));    // 1e6 x 2 pJ
    CHECK(e.l2.raw() == Approx(1.6e-4));    // 4e6 x 40 pJ
    CHECK(e.hbm.raw() == Approx(1.2e-4));   // 2e6 x 60 pJ
    CHECK(e.link.raw() == Approx(4.5e-5));  // 1e6 x 25 pJ + 1e6 x 20 pJ
    CHECK(e.engine.raw() == Approx(1e-6));
}

TEST_CASE("the SM and L2 part follows the supply squared, the rest does not follow the clock") {
    const EnergyUse top = energy_of(some_work(), small_board(), megahertz(2000));
    const EnergyUse half = energy_of(some_work(), small_board(), megahertz(1500));  // supply 0.75
    CHECK(half.tensor / top.tensor == Approx(0.5625));
    CHECK(half.cuda / top.cuda == Approx(0.5625));
    CHECK(half.smem / top.smem == Approx(0.5625));
    CHECK(half.l2 / top.l2 == Approx(0.5625));
    CHECK(half.hbm == top.hbm);
    CHECK(half.link == top.link);
    CHECK(half.engine == top.engine);
    const EnergyUse restated = energy_at_clock(half, small_board(), megahertz(1500), megahertz(2000));
    CHECK(restated.total().raw() == Approx(top.total().raw()));
}

TEST_CASE("the supply is linear between its ends and constant outside") {
    CHECK(relative_supply(small_board(), megahertz(500)) == 0.5);
    CHECK(relative_supply(small_board(), megahertz(1000)) == 0.5);
    CHECK(relative_supply(small_board(), megahertz(1250)) == Approx(0.625));
    CHECK(relative_supply(small_board(), megahertz(2500)) == 1.0);
}

TEST_CASE("a wide accumulator costs energy in FP8 operations only") {
    PowerConfig wide = small_board();
    wide.wide_accumulate_energy = 1.5;
    EnergyWork fp8, bf16;
    fp8.tensor_fp8 = flops(1e12);
    bf16.tensor_bf16 = flops(1e12);
    CHECK(energy_of(fp8, wide, megahertz(2000)).tensor.raw() == Approx(0.75));
    CHECK(energy_of(bf16, wide, megahertz(2000)).tensor.raw() == Approx(1.0));
}

TEST_CASE("impossible counts, clocks and curves are refused") {
    EnergyWork negative;
    negative.traffic.nic_out = bytes(-1);
    CHECK_THROWS_AS(energy_of(negative, small_board(), megahertz(2000)), ModelError);
    CHECK_THROWS_AS(energy_of(some_work(), small_board(), Frequency::zero()), ModelError);
    PowerConfig falling = small_board();
    falling.volts_at_min = 1.1;
    CHECK_THROWS_AS(energy_of(some_work(), falling, megahertz(2000)), ModelError);
}
