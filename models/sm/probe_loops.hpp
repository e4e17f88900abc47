// What the microbenchmarks issue, as data: loops of one kind of instruction. Free of SystemC.
#pragma once

#include "sim/ir/dtype.hpp"

#include <cstdint>

namespace tessera {

// H200 micro E.wgmma_throughput and E.wgmma_latency: warpgroups of one SM that issue groups of m64nN wgmmas over 32
// bytes of k each, operands resident in shared memory (or A in registers).
struct WgmmaLoop {
    DType dtype = DType::fp8_e4m3;
    bool a_in_registers = false;
    int n = 128;
    int warpgroups = 1;
    int group = 4;         // wgmmas committed together
    bool drain = false;    // each group is waited for; otherwise the one before it is
    int iterations = 600;  // groups of each warpgroup
};

// H200 micro E.promotion and E.mainloop_tma_fp8: FP8 k-blocks of 64 x n slices, operands in shared memory.
struct PromotionLoop {
    int warpgroups = 1;
    int slices = 1;  // of 64 rows that one warpgroup multiplies in turn
    int n = 128, k = 128;
    bool promotes = false;    // the sums of each slice and k-block are scaled and added in registers
    bool two_sets = false;    // the next k-block is issued before the sums are taken; drained every eighth
    bool ordered = false;     // warpgroups take turns issuing
    bool stage_wait = false;  // the operands come through an mbarrier that is waited for
    std::int64_t filled = 0;  // bytes a k-block that bulk copies bring meanwhile
    int kblocks = 64;
};

// One thread an SM that keeps `stages` chunks in flight by TMA: H200 micro D.tensor_load_throughput,
// D.store_throughput, and with one stage the latencies and bursts of section D.
struct TmaLoop {
    enum class Op { load, store, reduce };
    Op op = Op::load;
    std::int64_t copy_bytes = 16384;  // of one copy
    int copies = 1;                   // of one stage, issued one after another
    int requests = 0;                 // lines of box rows of one copy (TmaCopy::requests)
    std::int64_t run = 0;             // contiguous bytes of a box row; 0: the copy is contiguous
    bool far_rows = false;            // the rows of a box lie in DRAM rows of their own
    int stages = 1;
    int behind = 0;                  // stores that may still read shared memory when the next is issued
    int iterations = 256;            // stages of each SM
    std::int64_t set_chunks = 1024;  // stages that the set of all SMs, or of each, holds
    bool own_set = false;            // each SM walks a set of its own; otherwise all walk one, in turn
    bool in_l2 = true;               // the set is there at the start
    bool timed_alone = false;        // clocks are read around every stage, up to the source's release if it stores
};

// H200 micro D.multicast: clusters of `cluster` blocks that walk one set of 16 KiB tiles, each with its stages. Every
// block loads its part of a tile and multicasts it to all, or loads all parts itself; it arrives at every block's empty
// barrier (release, cluster) before it refills.
struct MulticastLoop {
    int cluster = 1;
    bool multicast = false;
    int stages = 4;
    std::int64_t tile_bytes = 16384, row_bytes = 128;
    std::int64_t set_tiles = 1024;
    int iterations = 128;
    bool in_l2 = true;
};

// Warps of one SM that repeat a piece of arithmetic: issue on the pipes, and a chain of dependent instructions.
struct CudaLoop {
    int warps = 32;
    int iterations = 64;
    double fp32 = 0, half = 0, fused = 0, convert = 0, sfu = 0, shuffle = 0;  // instructions of a thread, an iteration
    double chain = 0;          // of them one after another (ordinary instructions)
    double shuffle_chain = 0;  // shuffles with a maximum one after another
    double smem_reads = 0;     // dependent reads of shared memory
    int segments = 1;          // pieces that the work is spread over
};

// H200 micro F.shared_bandwidth: warps that issue 16 accesses each, then wait for all of them.
struct SmemLoop {
    int warps = 4;
    int accesses = 16;
    std::int64_t warp_bytes = 128;  // of one access
    bool waits = true;              // for the data (reads)
    int iterations = 64;
};

// Atomics of full warps: H200 micro G.atomics. Every SM issues one after another; `bytes` of a warp in pieces of `run`
// bytes somewhere in the set, or all on one word.
struct AtomicLoop {
    std::int64_t warp_bytes = 128, run = 0;
    bool one_word = false;  // the warp's lanes are summed first, then one atomic goes out
    bool returns = false;   // every lane wants the old value: of one word, the warp's 16 take turns waiting
    int in_flight = 64;     // warps' requests of one SM that wait for L2
    int iterations = 256;   // of each SM
    std::int64_t set_bytes = 16 << 20;
};

// H200 micro A.hbm_latency_under_load: one thread chases through cold lines while other SMs stream a region from HBM.
// Cycles asked for are those of the chase.
struct LoadedChase {
    int loaders = 0;             // SMs that stream, spread over the device
    double delay = 0;            // cycles that each of their warps rests after its loads
    int warps = 16;              // of a loader
    std::int64_t batch = 4096;   // bytes that a warp asks for together
    int hops = 96;               // measured, after the loaders have settled
    std::int64_t lines = 65536;  // of the chain, one in each `stride` bytes
    std::int64_t stride = 32768;
};

// Thread blocks that do nothing: H200 micro G.cta_rate.
struct BlockLoop {
    int warps = 4;
    int resident = 8;  // blocks of one SM
    int blocks = 512;  // of one SM in all
};

// A fence after stores: H200 micro G.fence. `stored` bytes of each SM are under way when it is issued.
enum class FenceScope { block, gpu, system };
struct FenceLoop {
    FenceScope scope = FenceScope::gpu;
    std::int64_t stored = 0;
};

}  // namespace tessera
