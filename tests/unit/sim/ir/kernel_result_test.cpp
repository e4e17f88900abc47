#include "sim/ir/kernel_result.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("traffic adds field by field") {
    Traffic t;
    t.hbm_read = bytes(1);
    t.hbm_write = bytes(2);
    t.l2_read = bytes(3);
    t.l2_write = bytes(4);
    t.smem = bytes(5);
    t.nvlink_out = bytes(6);
    t.nvlink_in = bytes(7);
    t.nic_out = bytes(8);
    t.nic_in = bytes(9);
    Traffic sum = t;
    sum += t;
    CHECK(sum.hbm().raw() == 6);
    CHECK(sum.l2().raw() == 14);
    CHECK(sum.smem.raw() == 10);
    CHECK(sum.nvlink_out.raw() + sum.nvlink_in.raw() == 26);
    CHECK(sum.nic_out.raw() + sum.nic_in.raw() == 34);
}

TEST_CASE("energy adds component by component and totals") {
    EnergyUse e;
    e.tensor = joules(1);
    e.cuda = joules(2);
    e.smem = joules(4);
    e.l2 = joules(8);
    e.hbm = joules(16);
    e.link = joules(32);
    e.engine = joules(64);
    EnergyUse sum = e;
    sum += e;
    CHECK(sum.total().raw() == 254.0);
}
