#include "sim/config/describe.hpp"

namespace tessera {

void describe(FieldVisitor& v, TensorCoreConfig& c) {
    v.field(required("fp8_mac_per_clk", "dense FP8 multiply-accumulates per clock of one SM").positive(),
            c.fp8_mac_per_clk);
    v.field(required("bf16_mac_per_clk", "dense BF16 multiply-accumulates per clock of one SM").positive(),
            c.bf16_mac_per_clk);
    v.field(required("wgmma_latency", "last multiplication of a busy unit to accumulators that can be read"),
            c.wgmma_latency);
    v.field(optional("wgmma_alone", "issue to accumulators of a wgmma that finds the unit idle, less its own N/2"),
            c.wgmma_alone);
    v.field(optional("wgmma_register_a", "how much shorter both latencies are if A comes from registers"),
            c.wgmma_register_a);
    v.field(optional("wgmma_interval", "least distance of two wgmmas, whatever their size"), c.wgmma_interval);
    v.field(required("wgmma_issue", "gap between back-to-back wgmma groups of one warpgroup"), c.wgmma_issue);
    v.field(required("accumulator_fraction_bits", "fraction bits kept when FP8 products are aligned").between(1, 64),
            c.accumulator_fraction_bits);
    v.field(optional("group_scaling", "capability: group scales inside the Tensor Core"), c.group_scaling);
    v.field(optional("group_size", "elements of k per scale").between(1, 65536), c.group_size);
    v.field(optional("group_scaling_rate", "MMA rate with group scales / without").share(), c.group_scaling_rate);
    v.field(optional("scale_bits", "bits of one scale operand").between(1, 32), c.scale_bits);
    v.field(optional("fp8_transposed", "capability: FP8 operands may be MN-major in shared memory"), c.fp8_transposed);
    v.field(optional("wide_accumulate_rate", "MMA rate with the wide accumulator / without").share(),
            c.wide_accumulate_rate);
}

void describe(FieldVisitor& v, CudaCoreConfig& c) {
    v.field(required("fp32_lanes", "FP32 and INT thread instructions per clock of one SM").positive(), c.fp32_lanes);
    v.field(required("sfu_lanes", "exp2, rsqrt and rcp thread instructions per clock").positive(), c.sfu_lanes);
    v.field(
        required("convert_lanes", "conversions between float, BF16 and FP8 per clock (thread instructions)").positive(),
        c.convert_lanes);
    v.field(optional("half_lanes", "integer, logic, minimum, maximum and packing per clock; 0: as fp32_lanes"),
            c.half_lanes);
    v.field(optional("shuffle_lanes", "values exchanged in warps per clock; 0: free"), c.shuffle_lanes);
    v.field(optional("fused_slots", "issue slots of an FFMA of three different registers").between(1, 4),
            c.fused_slots);
    v.field(optional("dependent_issue", "from an instruction to one of its warp that needs its result"),
            c.dependent_issue);
    v.field(optional("shuffle_latency", "the same of a shuffle with the maximum that follows"), c.shuffle_latency);
    v.field(required("issue_slots", "warp instructions per clock of one SM").positive(), c.issue_slots);
    v.field(required("promotion_alone", "promotion of one 64x128 block of D by its warpgroup, not overlapped"),
            c.promotion_alone);
    v.field(optional("promotion_start", "of it, from readable accumulators to the first FFMA"), c.promotion_start);
    v.field(
        required("kblock_sync", "hand-over between two warpgroups that take turns on the Tensor Cores, per k-block"),
        c.kblock_sync);
    v.field(optional("warp_cast", "capability: warp-level cast instruction"), c.warp_cast);
    v.field(optional("warp_cast_elements_per_clk", "elements one SM casts per clock with that instruction"),
            c.warp_cast_elements_per_clk);
}

void describe(FieldVisitor& v, SharedMemoryConfig& c) {
    v.field(required("capacity", "shared memory of one SM that thread blocks may use").positive(), c.capacity);
    v.field(required("reserved_per_cta", "kept by the system for each thread block"), c.reserved_per_cta);
    v.field(required("bandwidth", "one SM, reads and writes together").positive(), c.bandwidth);
    v.field(required("latency", "load to use"), c.latency);
    v.field(optional("fill_bandwidth", "bulk copies into it while wgmmas fetch operands; 0: beside them"),
            c.fill_bandwidth);
    v.field(optional("cluster_latency", "load to use of another block's shared memory in the cluster"),
            c.cluster_latency);
    v.field(optional("l1_latency", "load to use of a hit in L1, the rest of the same array"), c.l1_latency);
    v.field(optional("l1_capacity", "of L1 beside a kernel without shared memory"), c.l1_capacity);
    v.field(optional("l1_ways", "lines of a set of L1").between(1, 1024), c.l1_ways);
    v.field(optional("transposed_read_rate", "rate of fetching FP8 operands MN-major / K-major").share(),
            c.transposed_read_rate);
}

void describe(FieldVisitor& v, SyncConfig& c) {
    v.field(optional("block_barrier", "__syncthreads beyond its warps"), c.block_barrier);
    v.field(optional("block_barrier_warp", "__syncthreads, more per warp"), c.block_barrier_warp);
    v.field(optional("block_barrier_least", "__syncthreads, at least"), c.block_barrier_least);
    v.field(optional("cluster_barrier", "barrier of a cluster of two blocks of four warps"), c.cluster_barrier);
    v.field(optional("cluster_barrier_block", "more for each doubling of its blocks"), c.cluster_barrier_block);
    v.field(optional("mbarrier", "arrival to the waiting thread of the same block"), c.mbarrier);
    v.field(optional("cluster_mbarrier", "arrival to the waiting thread of another block"), c.cluster_mbarrier);
    v.field(optional("cluster_arrive", "an arrival at another block's mbarrier keeps its thread"), c.cluster_arrive);
    v.field(optional("cluster_release", "the first of a row while bulk copies are under way, more"), c.cluster_release);
    v.field(optional("proxy_fence", "fence.proxy.async.shared::cta"), c.proxy_fence);
    v.field(optional("fence_block", "fence of block scope with nothing to wait for"), c.fence_block);
    v.field(optional("fence_gpu", "fence of device scope with nothing to wait for"), c.fence_gpu);
    v.field(optional("fence_system", "fence of system scope with nothing to wait for"), c.fence_system);
    v.field(optional("fence_gpu_store", "release of device scope after a store of the same thread"), c.fence_gpu_store);
    v.field(optional("acquire", "an acquiring load beyond a plain one"), c.acquire);
    v.field(optional("far_side", "a flag's round trip more between SMs of different L2 partitions"), c.far_side);
    v.field(optional("cta_turn", "end of a block without stores to the end of the next empty one in its place"),
            c.cta_turn);
    v.field(optional("cta_turn_warp", "more per warp of the block"), c.cta_turn_warp);
    v.field(optional("same_address", "between two atomics of any SMs on one word"), c.same_address);
}

void describe(FieldVisitor& v, SmConfig& c) {
    v.field(required("count", "streaming multiprocessors of the device").between(1, 4096), c.count);
    v.field(optional("gpcs", "graphics processing clusters, each with one way to the L2").between(1, 64), c.gpcs);
    v.field(optional("lone_tpcs", "pairs of SMs of the first GPC that a grid fills before all others").between(0, 64),
            c.lone_tpcs);
    v.field(required("max_threads", "resident threads of one SM").between(32, 65536), c.max_threads);
    v.field(required("max_ctas", "resident thread blocks of one SM").between(1, 1024), c.max_ctas);
    v.field(required("registers", "32-bit registers of one SM").between(1024, 1 << 24), c.registers);
    v.field(required("cta_launch", "block scheduler's decision to the first instruction of a thread block"),
            c.cta_launch);
    v.field(required("cta_launch_interval", "between two thread blocks started on one SM"), c.cta_launch_interval);
    v.field(required("tile_turnover", "persistent GEMM, from one tile to the next: fences, barriers, tile scheduler"),
            c.tile_turnover);
    v.field(optional("code_line_fetch", "per 128-byte line of straight-line code not in the instruction caches"),
            c.code_line_fetch);
    v.field(optional("parameter_miss", "a block's first access to a part of its kernel's parameters"),
            c.parameter_miss);
    v.section(Section{"tensor", "the four Tensor Cores of one SM together"}, c.tensor);
    v.section(Section{"cuda", "the CUDA cores of one SM"}, c.cuda);
    v.section(Section{"smem", "shared memory of one SM"}, c.smem);
    v.section(Section{"sync", "barriers, fences and the start of thread blocks"}, c.sync);
}

void describe(FieldVisitor& v, TmaConfig& c) {
    v.field(required("issue_interval", "between two bulk copies of one SM"), c.issue_interval);
    v.field(optional("request_interval", "between two requests of one copy to L2: rows of a box, lines of a row"),
            c.request_interval);
    v.field(optional("store_overhead", "issue of a store to source free, beyond its bytes"), c.store_overhead);
    v.field(optional("reduce_overhead", "issue of a reducing store to source free, beyond its bytes"),
            c.reduce_overhead);
    v.field(optional("producer_issue", "one thread: arm the mbarrier and issue the first copy of a stage"),
            c.producer_issue);
    v.field(optional("producer_wait", "one thread: wait for an mbarrier whose phase is complete"), c.producer_wait);
    v.field(optional("consumer_wait", "the same wait by all threads of two warpgroups"), c.consumer_wait);
    v.field(optional("producer_wake", "one thread: from the phase it waited for to its next instruction"),
            c.producer_wake);
    v.field(required("latency_overhead", "added to the latency of a plain load"), c.latency_overhead);
    v.field(optional("descriptor_fetch", "first use of a tensor map, beyond later ones"), c.descriptor_fetch);
    v.field(optional("ring_turn", "one thread: wait for a stage's mbarrier, announce its bytes, issue its only copy"),
            c.ring_turn);
    v.field(required("bandwidth", "one SM, into shared memory").positive(), c.bandwidth);
    v.field(required("max_multicast", "thread blocks of a cluster that one load can feed").between(1, 64),
            c.max_multicast);
    v.field(optional("cast", "capability: cast BF16 to FP8 with 1x128 scales on the way"), c.cast);
    v.field(optional("cast_throughput", "BF16 bytes in, per SM"), c.cast_throughput);
    v.field(optional("cast_latency", "last byte of a group in to first byte of it out"), c.cast_latency);
}

void describe_queues(FieldVisitor& v, L2Config& c) {
    v.field(
        optional("slice_lookup", "sectors that one slice looks up, copies for the other partition included; 0: any"),
        c.slice_lookup);
    v.field(optional("gpc_broadcast", "as gpc_read, lines that SMs of the GPC ask for together; 0: as gpc_read"),
            c.gpc_broadcast);
    v.field(
        optional("fetched_by_sms", "share of half_fetch dealt to GPCs by their waiting SMs, the rest in turn").share(),
        c.fetched_by_sms);
    v.field(optional("fetch_queue", "reads of a half that the memory's queues hold and that wait for no turns"),
            c.fetch_queue);
    v.field(optional("outside_row", "a row of a box outside its tensor, as bytes that the slices move meanwhile"),
            c.outside_row);
    v.field(optional("drift_window", "SMs that waited for HBM so recently are out of step"), c.drift_window);
    v.field(optional("apart", "share of common reads that SMs out of step ask for anew").share(), c.apart);
    v.field(optional("reduce_cost", "port and slice time of an addition in L2 / of a store").between(1, 64),
            c.reduce_cost);
    v.field(optional("reduce_width", "bytes of a line that an atomics unit adds at a time; 0: no limit"),
            c.reduce_width);
    v.field(optional("write_queue", "share of the capacity that may hold stores on their way to HBM").share(),
            c.write_queue);
    v.field(optional("eviction_queue", "the same where each new line pushes an old one out").share(), c.eviction_queue);
}

void describe(FieldVisitor& v, L2Config& c) {
    v.field(required("capacity", "whole L2").positive(), c.capacity);
    v.field(required("partitions", "halves with their own crossbar").between(1, 64), c.partitions);
    v.field(required("slices", "over all partitions").between(1, 4096), c.slices);
    v.field(required("line", "cache line").positive(), c.line);
    v.field(required("sector", "smallest part of a line that is fetched").positive(), c.sector);
    v.field(required("latency_near", "load to use, hit in the SM's own partition"), c.latency_near);
    v.field(required("latency_far", "load to use, hit in another partition"), c.latency_far);
    v.field(required("bandwidth", "hits, all SMs together, each line asked for by one SM").positive(), c.bandwidth);
    v.field(required("write_bandwidth", "stores into L2, all SMs together").positive(), c.write_bandwidth);
    v.field(required("coalescing_window", "a line that another SM read so recently is served beside the slices"),
            c.coalescing_window);
    v.field(required("cross_partition", "between partitions, both directions together").positive(), c.cross_partition);
    v.field(required("sm_port_read", "L2 to one SM").positive(), c.sm_port_read);
    v.field(required("sm_port_write", "one SM to L2").positive(), c.sm_port_write);
    v.field(required("effective_capacity", "share of the capacity a stream can hold").share(), c.effective_capacity);
    v.field(optional("latency_copy", "beyond a hit, for a line that only the other partition holds"), c.latency_copy);
    v.field(optional("gpc_read", "L2 to the SMs of one GPC; 0: no limit of its own"), c.gpc_read);
    v.field(optional("cpc_write", "stores of three pairs of SMs; 0: no limit of its own"), c.cpc_write);
    v.field(optional("half_fetch", "HBM to the SMs of half of the GPCs; 0: no limit of its own"), c.half_fetch);
    v.field(optional("usable", "share of the capacity that lines read in turn can fill").share(), c.usable);
    describe_queues(v, c);
}

void describe(FieldVisitor& v, HbmConfig& c) {
    v.field(required("capacity", "memory of the device").positive(), c.capacity);
    v.field(required("stacks", "HBM stacks").between(1, 64), c.stacks);
    v.field(required("channels_per_stack", "pseudo-channels of one stack").between(1, 1024), c.channels_per_stack);
    v.field(required("banks_per_channel", "banks of one pseudo-channel").between(1, 1024), c.banks_per_channel);
    v.field(required("peak", "all stacks, at the pins").positive(), c.peak);
    v.field(required("row", "page of one bank").positive(), c.row);
    v.field(required("burst", "smallest access of a pseudo-channel").positive(), c.burst);
    v.field(required("interleave", "consecutive bytes in one pseudo-channel").positive(), c.interleave);
    v.field(required("row_cycle", "tRC: activate to activate of one bank"), c.row_cycle);
    v.field(required("activate_to_read", "tRCD"), c.activate_to_read);
    v.field(required("precharge", "tRP"), c.precharge);
    v.field(required("turnaround", "write to read and back, per switch of a pseudo-channel"), c.turnaround);
    v.field(required("refresh_interval", "tREFI").positive(), c.refresh_interval);
    v.field(required("refresh_time", "tRFC: how long a refresh keeps the bank or channel"), c.refresh_time);
    v.field(required("write_batch", "bytes a pseudo-channel's write queue gathers before the bus turns to writing"),
            c.write_batch);
    v.field(required("latency", "L2 miss to data at L2, idle memory"), c.latency);
    v.field(optional("latency_spread", "more for each doubling of the lines that one access waits for"),
            c.latency_spread);
    v.field(optional("queue_service", "one access at a busy pseudo-channel, as those behind it see it"),
            c.queue_service);
    v.field(optional("queue_limit", "longest wait there of a lone reader, whatever the others read"), c.queue_limit);
    v.field(required("read_efficiency", "share of the pin rate that a long pure read stream reaches").share(),
            c.read_efficiency);
    v.field(
        optional("pair_efficiency", "of that, where lines are fetched in pairs, one asked for after the other").share(),
        c.pair_efficiency);
    v.field(optional("near_memory_cast", "capability: casting logic beside the memory"), c.near_memory_cast);
    v.field(optional("cast_throughput", "BF16 bytes in, per pseudo-channel"), c.cast_throughput);
    v.field(
        optional("core_rate", "bandwidth of arrays and TSVs relative to the pins, for casting logic").between(0.5, 16),
        c.core_rate);
    v.field(optional("cast_latency", "last byte of a group in to first byte of it out"), c.cast_latency);
}

void describe(FieldVisitor& v, NvlinkWireConfig& c) {
    v.field(optional("payload", "data of a full packet"), c.payload);
    v.field(optional("links", "of one GPU, over which lines are spread").between(0, 1024), c.links);
    v.field(optional("store_overhead", "header, CRC and flow control of a packet of an SM's stores"), c.store_overhead);
    v.field(optional("load_overhead", "the same of data that an SM asked for"), c.load_overhead);
    v.field(optional("engine_overhead", "the same of a copy engine's packet"), c.engine_overhead);
    v.field(optional("request", "asking for one packet, against its direction"), c.request);
    v.field(optional("acknowledge", "a packet's share of an acknowledgement"), c.acknowledge);
}

void describe(FieldVisitor& v, FenceConfig& c) {
    v.field(optional("idle", "with nothing under way"), c.idle);
    v.field(optional("stores", "after stores to the own memory"), c.stores);
    v.field(optional("peer_stores", "after stores to a peer's memory"), c.peer_stores);
}

void describe(FieldVisitor& v, NvlinkOrderConfig& c) {
    v.field(optional("store", "remote stores through one SM's port"), c.store);
    v.field(optional("bulk_store", "remote bulk stores through one SM's port"), c.bulk_store);
    v.field(optional("loop_issue", "a turn of loads and stores beside their latency"), c.loop_issue);
    v.field(optional("load_trip", "what a load takes longer at a peer's memory"), c.load_trip);
    v.field(optional("store_trip", "remote store to its acknowledgement"), c.store_trip);
    v.field(optional("bulk_start", "bulk copy: issue to first byte, beside the memory's latency"), c.bulk_start);
    v.field(optional("flag", "release of a flag to a peer that polls its memory"), c.flag);
    v.field(optional("sync_turn", "a loop's turn of one store and a barrier of its thread block"), c.sync_turn);
    v.field(optional("l1_trip", "load that hits L1, own memory"), c.l1_trip);
    v.field(optional("l1_peer", "load that hits L1, a peer's memory"), c.l1_peer);
    v.field(optional("atomic", "atomic with result at the own L2"), c.atomic);
    v.field(optional("reduction_issue", "one warp's reduction leaves the SM"), c.reduction_issue);
    v.field(optional("reductions_peer", "additions per second in a peer's memory"), c.reductions_peer);
    v.field(optional("reductions_word", "additions per second to one word"), c.reductions_word);
    v.field(optional("reductions_peer_word", "additions per second to one word of a peer"), c.reductions_peer_word);
    v.section(Section{"fence_gpu", "__threadfence, up to a warp"}, c.fence_gpu);
    v.section(Section{"fence_gpu_block", "__threadfence, 1024 threads"}, c.fence_gpu_block);
    v.section(Section{"fence_sys", "__threadfence_system, up to a warp"}, c.fence_sys);
    v.section(Section{"fence_sys_block", "__threadfence_system, 1024 threads"}, c.fence_sys_block);
}

void describe(FieldVisitor& v, CopyEngineConfig& c) {
    v.field(optional("count", "engines that copy to different peers at once").between(0, 64), c.count);
    v.field(optional("start", "first copy of a stream, once more"), c.start);
    v.field(optional("per_copy", "every copy beside its bytes"), c.per_copy);
    v.field(optional("batch_start", "a batch of copies or rows as one operation"), c.batch_start);
    v.field(optional("pull_per_copy", "a copy out of a peer's memory beside its bytes"), c.pull_per_copy);
    v.field(optional("pull_floor", "shortest time of a copy out of a peer's memory"), c.pull_floor);
    v.field(optional("trigger_device", "copy set off by a kernel, flags in GPU memory"), c.trigger_device);
    v.field(optional("trigger_host", "copy set off by a kernel, flags in pinned host memory"), c.trigger_host);
    v.field(optional("host_call", "what the host needs to queue a copy"), c.host_call);
    v.field(optional("host_batched", "what the host needs to queue a copy of a batch"), c.host_batched);
}

void describe(FieldVisitor& v, NvlinkConfig& c) {
    v.field(required("per_direction", "all links of one GPU, one direction").positive(), c.per_direction);
    v.field(optional("switch_rate", "of the switch's copies and additions, relative to a port").share(), c.switch_rate);
    v.field(optional("switch_multicast", "capability: the switch replicates"), c.switch_multicast);
    v.field(optional("switch_reduce", "capability: the switch adds"), c.switch_reduce);
    v.section(Section{"wire", "packets on the links"}, c.wire);
    v.section(Section{"order", "one SM at the links, and what ordering costs"}, c.order);
    v.section(Section{"copy_engine", "copies between GPUs by the driver's engines"}, c.copy_engine);
}

void describe(FieldVisitor& v, NicConfig& c) {
    v.field(required("per_gpu", "network bandwidth of one GPU, one direction").positive(), c.per_gpu);
    v.field(optional("packet", "payload of a full packet; 0: nothing beside the payload"), c.packet);
    v.field(optional("header", "beside a packet's payload"), c.header);
    v.field(optional("pcie", "between NIC and GPU, one direction; 0: no limit"), c.pcie);
    v.field(optional("row_puts", "payload rate of messages of a few rows; 0: as the wire"), c.row_puts);
    v.field(optional("read_trip", "read of GPU memory by the card, the memory idle"), c.read_trip);
    v.field(required("latency", "one way, same rail"), c.latency);
    v.field(optional("switch_rate", "of the network's additions, relative to a port").share(), c.switch_rate);
    v.field(required("ranks_per_node", "GPUs of one node").between(1, 1024), c.ranks_per_node);
    v.field(optional("in_network_reduce", "capability: the network adds"), c.in_network_reduce);
    v.field(optional("direct_forward", "capability: network to NVLink without a hop through SMs"), c.direct_forward);
}

void describe(FieldVisitor& v, CoprocessorConfig& c) {
    v.field(optional("present", "capability: engines that take communication off the SMs"), c.present);
    v.field(optional("engines", "copy and reduce engines").between(0, 1024), c.engines);
    v.field(optional("copy_throughput", "one engine"), c.copy_throughput);
    v.field(optional("reduce_throughput", "one engine, bytes in"), c.reduce_throughput);
    v.field(optional("start_latency", "job posted to first byte moved"), c.start_latency);
    v.field(optional("queue_depth", "jobs in flight per engine").between(0, 1 << 20), c.queue_depth);
    v.field(optional("multicast", "one read, several writes"), c.multicast);
    v.field(optional("forwarding", "between network and NVLink without a copy in memory"), c.forwarding);
    v.field(optional("layout_rate", "of copies that put rows in order, relative to plain ones").share(), c.layout_rate);
    v.field(optional("copy_pj_per_byte", "of an engine's copies"), c.copy_pj_per_byte);
    v.field(optional("reduce_pj_per_byte", "of an engine's reductions, bytes in"), c.reduce_pj_per_byte);
}

void describe(FieldVisitor& v, PowerConfig& c) {
    v.field(required("cap", "board power limit, on the mean").positive(), c.cap);
    v.field(optional("peak", "limit on the power of the moment; 0: the cap"), c.peak);
    v.field(optional("cap_fall", "time constant of the clock falling to what the cap allows"), c.cap_fall);
    v.field(optional("cap_rise", "time constant of the clock rising again"), c.cap_rise);
    v.field(required("idle", "whole board, nothing running, SM clock at its maximum"), c.idle);
    v.field(required("base_clock", "SM clock the vendor guarantees").positive(), c.base_clock);
    v.field(required("max_clock", "highest SM clock").positive(), c.max_clock);
    v.field(required("tensor_max_clock", "highest SM clock under Tensor Core load").positive(), c.tensor_max_clock);
    v.field(required("sustained_clock", "SM clock when the power model is off and none is given").positive(),
            c.sustained_clock);
    v.field(required("volts_at_max", "relative supply at max_clock").positive(), c.volts_at_max);
    v.field(required("volts_at_min", "relative supply at min_clock").positive(), c.volts_at_min);
    v.field(required("min_clock", "SM clock below which the supply does not fall").positive(), c.min_clock);
    v.field(required("tensor_fp8_pj_per_flop", "picojoules, at max_clock"), c.tensor_fp8_pj_per_flop);
    v.field(required("tensor_bf16_pj_per_flop", "picojoules, at max_clock"), c.tensor_bf16_pj_per_flop);
    v.field(required("cuda_pj_per_op", "picojoules per thread instruction, at max_clock"), c.cuda_pj_per_op);
    v.field(required("smem_pj_per_byte", "picojoules, at max_clock"), c.smem_pj_per_byte);
    v.field(required("l2_pj_per_byte", "picojoules, at max_clock"), c.l2_pj_per_byte);
    v.field(required("hbm_pj_per_byte", "picojoules"), c.hbm_pj_per_byte);
    v.field(
        required("hbm_core_share", "share of hbm_pj_per_byte spent in the DRAM arrays and on the way to the base die")
            .share(),
        c.hbm_core_share);
    v.field(required("nvlink_pj_per_byte", "picojoules"), c.nvlink_pj_per_byte);
    v.field(required("nic_pj_per_byte", "picojoules"), c.nic_pj_per_byte);
    v.field(optional("wide_accumulate_energy", "tensor energy with the wide accumulator / without").above(0),
            c.wide_accumulate_energy);
}

void describe(FieldVisitor& v, LaunchConfig& c) {
    v.field(required("kernel_gap", "end of a kernel to the start of the next on one stream"), c.kernel_gap);
    v.field(required("kernel_latency", "grid launch to the first instruction of the first thread block"),
            c.kernel_latency);
    v.field(optional("spread", "first instruction on the first SM to that on the last one"), c.spread);
    v.field(optional("graph_gap", "between nodes of a replayed graph, last instruction to first"), c.graph_gap);
    v.field(optional("dependent_gap", "the same of a programmatic dependent launch on a stream"), c.dependent_gap);
    v.field(optional("dependent_graph_gap", "and in a graph"), c.dependent_graph_gap);
    v.field(required("drain", "last store to completion of the kernel"), c.drain);
    v.field(required("flush_one", "stores of one SM to their visibility in the whole system"), c.flush_one);
    v.field(required("flush_all", "stores of every SM to their visibility in the whole system"), c.flush_all);
}

void describe(FieldVisitor& v, SystemConfig& c) {
    v.field(required("name", "short name of the accelerator, shown in reports"), c.name);
    v.section(Section{"sm", "streaming multiprocessors"}, c.sm);
    v.section(Section{"tma", "Tensor Memory Accelerator of one SM"}, c.tma);
    v.section(Section{"l2", "second-level cache"}, c.l2);
    v.section(Section{"hbm", "device memory"}, c.hbm);
    v.section(Section{"nvlink", "links between the GPUs of a node"}, c.nvlink);
    v.section(Section{"nic", "network between nodes"}, c.nic);
    v.section(Section{"coprocessor", "engines that take communication off the SMs"}, c.coprocessor);
    v.section(Section{"power", "clocks, power cap, energies"}, c.power);
    v.section(Section{"launch", "what starting and ending a kernel costs"}, c.launch);
}

}  // namespace tessera
