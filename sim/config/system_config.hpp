// One accelerator and the cluster around it, as typed data. Every value is read from configs/systems/*.json,
// where its source stands beside it; nothing here has a silent default except capabilities, which are off.
#pragma once

#include "sim/base/units.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tessera {

// One SM's Tensor Cores (all four taken together).
struct TensorCoreConfig {
    double fp8_mac_per_clk = 0;  // dense multiply-accumulates per clock
    double bf16_mac_per_clk = 0;
    Cycles wgmma_latency{};              // last multiplication of a busy unit to accumulators that can be read
    Cycles wgmma_alone{};                // issue to accumulators of a wgmma that finds the unit idle, less its own N/2
    Cycles wgmma_register_a{};           // both are so much shorter if A comes from registers
    Cycles wgmma_interval{};             // least distance of two wgmmas, whatever their size
    Cycles wgmma_issue{};                // gap between back-to-back wgmma groups of one warpgroup
    int accumulator_fraction_bits = 13;  // FP8 products, fixed point (Hopper: 13)
    // Capabilities of the proposals.
    bool group_scaling = false;         // takes group scales, accumulates scaled sums inside
    int group_size = 128;               // elements of k per scale
    double group_scaling_rate = 1.0;    // MMA rate with group scales / without
    int scale_bits = 32;                // bits of one scale operand (FP32 32, UE8M0 8)
    bool fp8_transposed = false;        // FP8 operands may be MN-major in shared memory
    double wide_accumulate_rate = 1.0;  // MMA rate with the wide accumulator / without
};

// One SM's CUDA cores.
struct CudaCoreConfig {
    double fp32_lanes = 0;     // FP32/INT thread instructions per clock
    double sfu_lanes = 0;      // exp2, rsqrt, rcp per clock
    double convert_lanes = 0;  // float <-> BF16/FP8 thread instructions per clock
    double half_lanes = 0;     // integer, logic, minimum, maximum, packing; 0: as fp32_lanes
    double shuffle_lanes = 0;  // values exchanged between the threads of a warp per clock; 0: free
    double fused_slots = 1;    // issue slots of an FFMA of three different registers (bank conflicts)
    Cycles dependent_issue{};  // from an instruction to one of its warp that needs its result
    Cycles shuffle_latency{};  // the same of a shuffle with the maximum that follows
    double issue_slots = 4;    // warp instructions per clock (one per sub-partition)
    // Promotion of Tensor Core partial sums by one warpgroup, per 64x128 block of D and k-block (micro E).
    Cycles promotion_alone{};  // scale + FP32 add, not overlapped with the warpgroup's own wgmma
    Cycles promotion_start{};  // of it, between readable accumulators and the first FFMA
    Cycles kblock_sync{};      // of two warpgroups that take turns: barriers and scale reads around each k-block
    // Capability: warp-level cast instruction.
    bool warp_cast = false;
    double warp_cast_elements_per_clk = 0;
};

struct SharedMemoryConfig {
    Bytes capacity{};  // usable by thread blocks per SM
    Bytes reserved_per_cta{};
    BytesPerCycle bandwidth{};
    Cycles latency{};
    BytesPerCycle fill_bandwidth{};     // bulk copies into it while wgmmas fetch operands; 0: beside them
    Cycles cluster_latency{};           // load to use of another block's in the cluster; 0: not known
    Cycles l1_latency{};                // load to use of a hit in L1, which is the rest of the same array; 0: not known
    Bytes l1_capacity{};                // of L1 beside a kernel without shared memory
    int l1_ways = 1;                    // lines of a set
    double transposed_read_rate = 1.0;  // FP8 MN-major operand fetch rate / K-major (proposal parameter)
};

// Barriers, fences and the start of thread blocks, as the threads see them.
struct SyncConfig {
    Cycles block_barrier{};          // __syncthreads beyond its warps
    Cycles block_barrier_warp{};     // and per warp
    Cycles block_barrier_least{};    // but no less
    Cycles cluster_barrier{};        // of two blocks of four warps
    Cycles cluster_barrier_block{};  // more for each doubling of the blocks
    Cycles mbarrier{};               // arrival to the waiting thread of the same block
    Cycles cluster_mbarrier{};       // arrival to the waiting thread of another block of the cluster
    Cycles cluster_arrive{};         // time an arrival at another block's mbarrier keeps its thread
    Cycles cluster_release{};        // and of the first of a row, if bulk copies are under way
    Cycles proxy_fence{};            // fence.proxy.async.shared::cta
    Cycles fence_block{};            // fences with nothing to wait for, by scope
    Cycles fence_gpu{};
    Cycles fence_system{};
    Cycles fence_gpu_store{};  // release of device scope after a store of the same thread
    Cycles acquire{};          // an acquiring load beyond a plain one
    Cycles far_side{};         // a flag's way there and back more if the other SM is at the other L2 partition
    Cycles cta_turn{};         // a slot of an SM from the end of a block that stored nothing to the end of the next one
    Cycles cta_turn_warp{};    // and per warp of the block
    Cycles same_address{};     // between two atomics of any SMs on one word
};

struct SmConfig {
    int count = 0;
    int gpcs = 1;       // graphics processing clusters, each with one way to the L2
    int lone_tpcs = 0;  // pairs of SMs of the first GPC that a grid fills before all others
    int max_threads = 2048;
    int max_ctas = 32;
    int registers = 65536;
    Cycles cta_launch{};           // thread block scheduler: start of a block to its first instruction
    Cycles cta_launch_interval{};  // between two blocks started on one SM
    Cycles tile_turnover{};        // persistent GEMM: from one tile to the next beyond data movement and arithmetic
    Cycles code_line_fetch{};      // per 128-byte line of code that no kernel before left in the instruction caches
    Cycles parameter_miss{};       // a block's first access to a part of its kernel's parameters (constant cache)
    TensorCoreConfig tensor;
    CudaCoreConfig cuda;
    SharedMemoryConfig smem;
    SyncConfig sync;
};

struct TmaConfig {
    Cycles issue_interval{};    // between two bulk copies of one SM
    Cycles request_interval{};  // between two requests to L2 of one copy: rows of a box, lines of a row
    Cycles store_overhead{};    // of a store, from issue to source free, beyond its bytes
    Cycles reduce_overhead{};   // of a reducing store
    Cycles producer_issue{};    // one thread: arm the mbarrier and issue the first copy of a stage
    Cycles producer_wait{};     // one thread: wait for an mbarrier whose phase is complete
    Cycles consumer_wait{};     // the same wait by all threads of two warpgroups
    Cycles producer_wake{};     // one thread: from an mbarrier's phase it waited for to its next instruction
    Cycles latency_overhead{};  // added to a plain load's latency
    Cycles descriptor_fetch{};  // first use of a tensor map beyond later ones
    Cycles ring_turn{};         // one thread: wait for a stage's mbarrier, announce its bytes, issue its only copy
    BytesPerCycle bandwidth{};  // per SM, into shared memory
    int max_multicast = 1;
    // Capability: cast on the way (BF16 in, FP8 + 1x128 scales out).
    bool cast = false;
    BytesPerCycle cast_throughput{};  // BF16 input bytes per clock and SM
    Cycles cast_latency{};            // group maximum known to first byte out
};

struct L2Config {
    Bytes capacity{};
    int partitions = 2;
    int slices = 0;  // over both partitions
    Bytes line{};    // 128 B line, 32 B sectors
    Bytes sector{};
    Cycles latency_near{};            // load to use, own partition
    Cycles latency_far{};             // other partition
    BytesPerCycle bandwidth{};        // hits, all SMs together, each line asked for by one SM
    BytesPerCycle write_bandwidth{};  // stores into L2, all SMs together
    Cycles coalescing_window{};       // a line that another SM read so recently is served beside the slices
    BytesPerCycle cross_partition{};  // both directions together
    BytesPerCycle sm_port_read{};     // per SM
    BytesPerCycle sm_port_write{};
    double effective_capacity = 1.0;  // share of the capacity a stream can hold (both partitions keep copies)
    // The rest is measured inside the network; 0: no such limit.
    Cycles latency_copy{};          // beyond a hit: the line is only in the other partition
    BytesPerCycle gpc_read{};       // L2 to the SMs of one GPC
    BytesPerCycle cpc_write{};      // stores of three TPCs
    Bandwidth half_fetch{};         // HBM to the SMs of half of the GPCs, whatever the SM clock
    double usable = 1.0;            // share of the capacity that lines read in turn can fill
    BytesPerCycle slice_lookup{};   // sectors that one slice looks up, copies for the other partition included
    BytesPerCycle gpc_broadcast{};  // as gpc_read, lines that SMs of the GPC ask for together
    double fetched_by_sms = 1.0;    // of half_fetch: dealt to GPCs by their waiting SMs; the rest goes round in turn
    Time fetch_queue{};             // reads of a half that the memory's own queues hold, which wait for no turns
    Bytes outside_row{};            // time in the slices of a row of a box outside its tensor
    Time drift_window{};            // SMs that waited for HBM so recently are out of step
    double apart = 0.0;             // of the reads that SMs in step would share: share that SMs out of step ask anew
    double reduce_cost = 1.0;       // port and slice time of an addition in L2 / of a store
    Bytes reduce_width{};           // of a line, that an atomics unit adds at a time
    double write_queue = 1.0;       // share of the capacity that may hold stores on their way to HBM
    double eviction_queue = 1.0;    // the same where each new line pushes an old one out
};

struct HbmConfig {
    Bytes capacity{};
    int stacks = 0;
    int channels_per_stack = 0;  // pseudo-channels
    int banks_per_channel = 0;
    Bandwidth peak{};              // all stacks, at the pins
    Bytes row{};                   // page of one pseudo-channel bank
    Bytes burst{};                 // smallest access
    Bytes interleave{};            // consecutive bytes in one pseudo-channel
    Time row_cycle{};              // tRC
    Time activate_to_read{};       // tRCD
    Time precharge{};              // tRP
    Time turnaround{};             // write to read and back, per switch of a channel
    Time refresh_interval{};       // tREFI (per bank group or all-bank, see source)
    Time refresh_time{};           // tRFC
    Bytes write_batch{};           // bytes a pseudo-channel's write queue gathers before the bus turns to writing
    Time latency{};                // L2 miss to data at L2, idle
    Time latency_spread{};         // more for each doubling of the lines that one access waits for
    Time queue_service{};          // one access at a busy pseudo-channel, as a queue sees it
    Time queue_limit{};            // longest wait there for a lone reader, every SM reading all it can
    double read_efficiency = 1.0;  // share of the pin rate that a long pure read stream reaches
    double pair_efficiency = 1.0;  // of that, where lines are fetched in pairs and asked for one after the other
    // Capability: casting logic beside the memory.
    bool near_memory_cast = false;
    Bandwidth cast_throughput{};  // BF16 input, per pseudo-channel
    double core_rate = 1.0;       // bandwidth of arrays and TSVs / pins, as the casting logic sees it
    Time cast_latency{};
};

// Packets on the links: what a byte of payload costs on the wire beside itself.
struct NvlinkWireConfig {
    Bytes payload{};          // data of a full packet
    int links = 0;            // of one GPU, over which lines are spread
    Bytes store_overhead{};   // header, CRC and flow control of a packet of an SM's stores
    Bytes load_overhead{};    // of a packet of data that an SM asked for
    Bytes engine_overhead{};  // the same of a copy engine, whose packets are always full and aligned
    Bytes request{};          // asking for the data of one packet, against its direction
    Bytes acknowledge{};      // share of a packet's acknowledgement, against its direction
};

// A memory fence beside the loop around it.
struct FenceConfig {
    Time idle{};         // with nothing under way
    Time stores{};       // after stores to the own memory
    Time peer_stores{};  // after stores to a peer's
};

// One SM at the links, and what ordering costs.
struct NvlinkOrderConfig {
    BytesPerCycle store{};        // remote stores through the SM's port
    BytesPerCycle bulk_store{};   // remote bulk stores (TMA) through the SM's port
    Cycles loop_issue{};          // a warp's turn of loads and stores beside their latency, all warps of the SM busy
    Time load_trip{};             // what a load's round trip takes longer at a peer's memory
    Time store_trip{};            // remote store to its acknowledgement
    Time bulk_start{};            // bulk copy: issue to the first byte, beside the memory's latency
    Time flag{};                  // st.release.sys to a peer that polls its own memory, nothing else under way
    Time sync_turn{};             // a loop's turn of one store and a barrier of its thread block
    Cycles l1_trip{}, l1_peer{};  // load that hits L1: of the own memory, of a peer's
    Cycles atomic{};              // atomic with result at the own L2
    Cycles reduction_issue{};     // one warp's reduction (red) leaves the SM
    Frequency reductions_peer{}, reductions_word{},
        reductions_peer_word{};                                          // additions per second: to a peer, to one
                                                                         // word of the own memory, to one of a peer's
    FenceConfig fence_gpu, fence_gpu_block, fence_sys, fence_sys_block;  // of up to a warp, of a large thread block
};

// Copies between GPUs that the driver hands to copy engines.
struct CopyEngineConfig {
    int count = 0;          // that copy to different peers at the same time
    Time start{};           // first copy of a stream, once more
    Time per_copy{};        // every copy beside its bytes
    Time batch_start{};     // a batch of copies or rows, as one operation
    Time pull_per_copy{};   // copy out of a peer's memory: both GPUs' engines hand over
    Time pull_floor{};      // and at least so long
    Time trigger_device{};  // kernel writes a flag in its memory, engine starts, ends, kernel sees the answer
    Time trigger_host{};    // the same with flags in pinned host memory
    Time host_call{};       // what the host needs to queue a copy
    Time host_batched{};    // and one of a batch
};

struct NvlinkConfig {
    Bandwidth per_direction{};      // all links of one GPU
    double switch_rate = 1.0;       // of the switch's copies and additions, relative to a port
    bool switch_multicast = false;  // capability: unified fabric
    bool switch_reduce = false;
    NvlinkWireConfig wire;
    NvlinkOrderConfig order;
    CopyEngineConfig copy_engine;
};

struct NicConfig {
    Bandwidth per_gpu{};       // one NIC per GPU, per direction
    Bytes packet{};            // payload of a full packet; 0: nothing beside the payload
    Bytes header{};            // beside it
    Bandwidth pcie{};          // between NIC and GPU, one direction, after its encoding; 0: no limit
    Bandwidth row_puts{};      // payload while every message is a row or a few of them; 0: as the wire
    Time read_trip{};          // read of GPU memory by the card; bounds row_puts together with its bytes under way
    Time latency{};            // one way, same rail
    double switch_rate = 1.0;  // of the network's additions, relative to a port
    int ranks_per_node = 8;
    bool in_network_reduce = false;  // capability: unified fabric
    bool direct_forward = false;     // capability: IB <-> NVLink without a hop through SMs
};

struct CoprocessorConfig {
    bool present = false;
    int engines = 0;
    Bandwidth copy_throughput{};    // per engine
    Bandwidth reduce_throughput{};  // per engine, input bytes
    Time start_latency{};           // job posted to first byte
    int queue_depth = 0;
    bool multicast = true, forwarding = true;  // one read, several writes; IB to NVLink and back by itself
    double layout_rate = 1.0;                  // of copies that put rows in order, relative to plain ones
    double copy_pj_per_byte = 0, reduce_pj_per_byte = 0;
};

struct PowerConfig {
    Power cap{};                  // of the mean power: a controller settles at it
    Power peak{};                 // of the power of the moment, kept at once; 0: no more than the cap
    Time cap_fall{}, cap_rise{};  // time constants of that controller; 0: it settles at once
    Power idle{};                 // whole board, nothing running, SM clock at its maximum
    Frequency base_clock{};
    Frequency max_clock{};
    Frequency tensor_max_clock{};  // highest clock seen under Tensor Core load
    Frequency sustained_clock{};   // used when no clock is given and the power model is off
    double volts_at_max = 1.0;     // relative supply at max_clock
    double volts_at_min = 0.7;     // relative supply at min_clock
    Frequency min_clock{};
    // Energies at max_clock; those of the SM and L2 scale with the supply squared.
    double tensor_fp8_pj_per_flop = 0, tensor_bf16_pj_per_flop = 0;
    double cuda_pj_per_op = 0, smem_pj_per_byte = 0, l2_pj_per_byte = 0, hbm_pj_per_byte = 0;
    double hbm_core_share = 1.0;  // of hbm_pj_per_byte: arrays and the way to the base die; the rest crosses the pins
    double nvlink_pj_per_byte = 0, nic_pj_per_byte = 0;
    double wide_accumulate_energy = 1.0;  // tensor energy with the wide accumulator / without
};

// A kernel's time is what a profiler shows for it: kernel_latency, its thread blocks, drain.
struct LaunchConfig {
    Time kernel_gap{};           // end of a kernel to the start of the next on one stream
    Time kernel_latency{};       // grid launch to the first thread block's first instruction
    Time spread{};               // first instruction of the first thread block to that of the last SM's first block
    Time graph_gap{};            // the same between nodes of a replayed graph, to the first block's first instruction
    Time dependent_gap{};        // to the end of griddepcontrol.wait of a programmatic dependent launch, stream
    Time dependent_graph_gap{};  // and in a graph
    Time drain{};                // last store to kernel completion, one SM storing
    Time flush_one{};            // last store to kernel completion where all of a kernel's stores must be visible to
    Time flush_all{};            // the whole system: of one SM, and of every SM
};

struct SystemConfig {
    std::string name;
    SmConfig sm;
    TmaConfig tma;
    L2Config l2;
    HbmConfig hbm;
    NvlinkConfig nvlink;
    NicConfig nic;
    CoprocessorConfig coprocessor;
    PowerConfig power;
    LaunchConfig launch;
};

// Stable hash over every field (memo keys).
std::uint64_t config_hash(const SystemConfig& c);

}  // namespace tessera
