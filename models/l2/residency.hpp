// Which blocks of the mapped regions L2 holds: least recently used by bytes, at the granularity of bulk blocks.
//
// The cache has one or two partitions. With two, the lines of every block live half in each (their home, in front of
// their HBM channels), and a partition also keeps copies of the other's lines that its own SMs have read: what both
// sides read takes its room twice. H200 micro A.l2_chase: a line read first by other SMs comes later than one read
// before by this SM. What a partition fetches for the other side only passes through a small part of it: own lines read
// again and again stay although as many pass by (micro C.capacity_read, fixed slices: all of 52 MiB stays in 60).
#pragma once

#include "models/if/memory_if.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace tessera {

class L2Residency {
public:
    // `capacity` of all partitions (1 or 2) together.
    explicit L2Residency(Bytes capacity, int partitions = 1);

    void reset();  // a new kernel: no regions, nothing held
    // Blocks of the region that are warm at the start are the ones for which warm() holds; they are the oldest, each
    // line in its home, and in the other partition too if there is room for copies of all warm lines.
    int partitions() const { return parts_; }
    RegionId map(const MemoryRegion& region);
    const MemoryRegion& region(RegionId id) const { return regions_[static_cast<std::size_t>(id)].shape; }
    std::uint64_t address(RegionId id, std::int64_t block) const;

    struct Touch {
        bool hit = false;    // nothing has to come from HBM
        double remote = 0;   // share of the block that comes out of the other partition
        double missing = 0;  // share that L2 does not hold
        Time last_use{};     // of the block before this touch, in the reader's partition; valid on a hit
        int reads = 0;       // since it came there, likewise
    };
    // Reads `bytes` (0: all) of a block from `side` at `when`: brings in what is absent and evicts the least recently
    // used beyond the capacity.
    Touch touch(RegionId id, std::int64_t block, Time when, int side = 0, Bytes bytes = {});

    // Writes `bytes` (0: all) of a block: its lines are in their homes afterwards and nowhere else.
    struct Written {
        bool hit = false;
        bool dirty = false;  // replaces bytes that already wait to be written back
    };
    Written write(RegionId id, std::int64_t block, Time when, Bytes bytes = {});

    bool resident(RegionId id, std::int64_t block) const;  // a read would find all of it

    Bytes held() const;
    std::int64_t evictions() const { return evictions_; }

private:
    static constexpr int kMost = 2;  // partitions
    struct Region {
        MemoryRegion shape;
        std::uint64_t base = 0;   // address of block 0
        std::size_t first = 0;    // index of its first entry
        double warm_from = 0;     // warm bytes mapped before this region, all partitions
        double warm_of_each = 0;  // occupied by a warm block, all partitions
    };
    // What one partition holds of the lines of one home; `parts` x `parts` a block.
    struct Entry {
        std::int32_t previous = -1, next = -1;
        std::int32_t bytes = 0;
        RegionId region = 0;
        bool held = false, touched = false;
        bool guest = false;  // of a home: fetched for the other side, not read by its own
        Time last_use{};
        std::int32_t reads = 0;  // since it came in
        std::int32_t dirty = 0;  // of a home: bytes written since it came in
    };
    struct List {
        double held = 0;
        std::int32_t newest = -1, oldest = -1;
    };
    struct Partition {
        List own, guests;
        double warm_left = 0, warm_evicted = 0;
    };
    std::size_t index(const Region& r, std::int64_t block, int side, int home) const {
        return r.first + static_cast<std::size_t>((block * parts_ + side) * parts_ + home);
    }
    bool warm(const Region& r, std::int64_t block, int home) const;
    bool holds(const Region& r, std::int64_t block, int side, int home) const;
    double use(const Region& r, std::int64_t block, int side, int home, Time when, std::int32_t bytes);
    bool copied_before(const Region& r, std::int64_t block, int side, int home) const;
    double ask_home(const Region& r, std::int64_t block, int home, Time when, std::int32_t bytes);
    void unlink(List& l, std::int32_t e);
    void push_front(List& l, std::int32_t e);
    void drop_oldest(List& l);
    void evict(int side);

    int parts_;
    double capacity_;  // of one partition
    std::array<Partition, kMost> partition_;
    double warm_mapped_ = 0;  // bytes warm at the start over all regions and partitions
    std::int64_t evictions_ = 0;
    std::uint64_t next_address_ = 0;
    std::vector<Region> regions_;
    std::vector<Entry> entries_;
};

}  // namespace tessera
