// A system of round numbers for exact cases: 1 GHz SMs (1 cycle = 1 ns), 4 SMs, 1 B/ns HBM channels. Not a product.
#pragma once

#include "sim/config/system_config.hpp"

namespace tessera::testing {

namespace detail {

inline void round_sm(SystemConfig& c) {
    c.sm.count = 4;
    c.sm.cta_launch = cycles(0);
    c.sm.tile_turnover = cycles(50);
    c.sm.tensor.fp8_mac_per_clk = 4096;
    c.sm.tensor.bf16_mac_per_clk = 2048;
    c.sm.tensor.wgmma_latency = cycles(10);
    c.sm.tensor.wgmma_issue = cycles(0);
    c.sm.cuda.fp32_lanes = 128;
    c.sm.cuda.sfu_lanes = 16;
    c.sm.cuda.convert_lanes = 64;
    c.sm.cuda.promotion_alone = cycles(138);  // 10 of drain + 64 accumulators x 2
    c.sm.cuda.kblock_sync = cycles(100);
    c.sm.smem.capacity = kib(227);
    c.sm.smem.bandwidth = bytes_per_cycle(128);
    c.sm.smem.latency = cycles(20);
    c.tma.issue_interval = cycles(10);
    c.tma.latency_overhead = cycles(100);
    c.tma.bandwidth = bytes_per_cycle(128);
    c.tma.max_multicast = 2;
    c.tma.descriptor_fetch = cycles(57);
    c.tma.ring_turn = cycles(250);
    c.sm.sync.block_barrier = cycles(23);
    c.sm.sync.block_barrier_warp = cycles(2);
    c.sm.sync.cluster_barrier = cycles(376);
}

inline void round_memory(SystemConfig& c) {
    c.l2.capacity = mib(4);
    c.l2.partitions = 1;
    c.l2.slices = 8;
    c.l2.line = bytes(128);
    c.l2.sector = bytes(32);
    c.l2.latency_near = cycles(200);
    c.l2.latency_far = cycles(300);
    c.l2.bandwidth = bytes_per_cycle(256);
    c.l2.write_bandwidth = bytes_per_cycle(128);
    c.l2.cross_partition = bytes_per_cycle(128);
    c.l2.sm_port_read = bytes_per_cycle(64);
    c.l2.sm_port_write = bytes_per_cycle(32);
    c.l2.slice_lookup = bytes_per_cycle(60);
    c.l2.fetch_queue = nanoseconds(200);
    c.l2.outside_row = bytes(400);
    c.l2.drift_window = microseconds(2);
    c.l2.apart = 0.5;
    c.l2.reduce_cost = 1.25;
    c.l2.reduce_width = bytes(8);
    c.l2.write_queue = 1.0 / 16;
    c.l2.eviction_queue = 1.0 / 128;
    c.hbm.capacity = mib(1024);
    c.hbm.stacks = 1;
    c.hbm.channels_per_stack = 4;
    c.hbm.banks_per_channel = 16;
    c.hbm.peak = gb_per_second(40);  // 10 B/ns per channel, less what uneven channels cost
    c.hbm.read_efficiency = 0.98;
    c.hbm.row = bytes(1024);
    c.hbm.burst = bytes(64);
    c.hbm.interleave = bytes(256);
    c.hbm.row_cycle = nanoseconds(40);
    c.hbm.activate_to_read = nanoseconds(15);
    c.hbm.precharge = nanoseconds(15);
    c.hbm.turnaround = nanoseconds(10);
    c.hbm.refresh_interval = microseconds(4);
    c.hbm.refresh_time = nanoseconds(0);
    c.hbm.write_batch = bytes(1024);
    c.hbm.latency = nanoseconds(200);
    c.power.cap = watts(700);
    c.power.idle = watts(70);
    c.power.min_clock = megahertz(500);
    c.power.max_clock = megahertz(2000);
    c.power.tensor_max_clock = megahertz(2000);
    c.power.base_clock = megahertz(1000);
    c.power.sustained_clock = megahertz(1000);
    c.power.tensor_fp8_pj_per_flop = 0.3;
    c.power.tensor_bf16_pj_per_flop = 0.6;
    c.power.cuda_pj_per_op = 2;
    c.power.smem_pj_per_byte = 1;
    c.power.l2_pj_per_byte = 4;
    c.power.hbm_pj_per_byte = 30;
    c.launch.kernel_gap = nanoseconds(1000);
    c.launch.kernel_latency = nanoseconds(1000);
    c.launch.drain = nanoseconds(500);
    c.launch.flush_one = nanoseconds(500);
    c.launch.flush_all = nanoseconds(900);
}

}  // namespace detail

inline SystemConfig round_system() {
    SystemConfig c;
    c.name = "round";
    detail::round_sm(c);
    detail::round_memory(c);
    return c;
}

}  // namespace tessera::testing
