// What SMs ask of the memory system: bulk reads and writes of tiles, time-annotated (the call returns when the
// data is there, no process waits). Calls come in order of `when`, up to the few ns by which a unit looks ahead.
#pragma once

#include "sim/base/units.hpp"

#include <cstdint>
#include <systemc>

namespace tessera {

// A tensor in global memory as one kernel walks it: an array of equal blocks (tiles, rows, lines). Residency in L2
// is tracked per block, so all requests to one region must use the same blocking.
struct MemoryRegion {
    std::int64_t blocks = 0;    // number of blocks
    Bytes block_bytes{};        // useful bytes of one block
    Bytes total{};              // useful bytes of the whole array, if the blocks may hold more (0: they do not)
    Bytes run{};                // contiguous bytes inside a block; 0: the whole block is one run
    Bytes pitch{};              // between the starts of neighbouring runs; 0: far
    Bytes store_request{};      // most bytes that one store request of a warp carries (0: whole lines)
    bool paired = false;        // a miss brings the line's neighbour as well (tensor maps that promote to 256 bytes)
    std::int64_t pair_row = 0;  // paired, a run being one line: blocks that lie side by side, whose 2i and 2i+1 are
                                // neighbours (0: a block's runs hold whole pairs)
    bool scattered = false;     // runs lie far apart, each in a DRAM row of its own (transposed stores)
    double l2_resident = 0.0;   // share of the blocks that L2 holds at the start, 0..1
    double near_memory_ratio = 1.0;  // off-chip bytes / logical bytes (logic beside the HBM casts)
    double core_ratio = 1.0;         // bytes of the DRAM arrays / logical bytes
    // In a sequence of kernels the L2 is full of lines that earlier ones left: share of a new line's bytes for which an
    // old one has to be written back, whether a load or a store brings it. 0: the L2 starts clean, stores are written
    // back themselves. Over a kernel that reads R and writes W new bytes, W / (R + W) moves as many bytes as it writes.
    double dirty_evictions = 0.0;
};
using RegionId = std::int32_t;

enum class MemoryOp : std::uint8_t { read, write, reduce };  // reduce: FP32 add in L2 (red, TMA reduce)

struct MemoryRequest {
    int sm = 0;  // whose port carries it
    MemoryOp op = MemoryOp::read;
    RegionId region = 0;
    std::int64_t block = 0;
    Bytes bytes{};       // useful bytes; 0: the whole block
    int multicast = 1;   // SMs sm .. sm+multicast-1 receive the same bytes
    double outside = 0;  // read: rows of a tensor map's box beside `bytes` that lie, or reach, outside the tensor
    bool full_overwrite = true;  // write: whole sectors are replaced, nothing is fetched first
};

struct MemoryReply {
    Time done{};       // read: last byte at the SM; write: accepted by L2 (visible to other SMs)
    Time accepted{};   // the SM's port is free for the next request
    Time settled{};    // write: nothing of it is left in queues (read: as done)
    Bytes from_hbm{};  // bytes at the pins on behalf of this request
    bool hit = false;
};

class MemoryIf : virtual public sc_core::sc_interface {
public:
    // The SMs of the kernel about to run are numbered in clusters of `size`, each inside one GPC; answers how many
    // clusters the device holds. Forgotten when the next kernel starts.
    virtual int place_clusters(int size) = 0;
    // Declares a region of the kernel about to run. Regions are forgotten when the next kernel starts.
    virtual RegionId map(const MemoryRegion& region) = 0;
    virtual MemoryReply access(const MemoryRequest& request, Time when) = 0;
    // Whether a read of this block would hit now.
    virtual bool resident(RegionId region, std::int64_t block) const = 0;
    // The same access without time: residency and traffic change as if it had run. For periods that a program
    // skips because it knows how long they take.
    // `repeat`: how often the same access was made.
    virtual void account(const MemoryRequest& request, int repeat, Time when) = 0;
};

}  // namespace tessera
