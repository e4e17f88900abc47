// Which blocks of the mapped regions L2 holds: least recently used by bytes, at the granularity of bulk blocks.
#pragma once

#include "models/if/memory_if.hpp"

#include <cstdint>
#include <vector>

namespace tessera {

class L2Residency {
public:
    explicit L2Residency(Bytes capacity) : capacity_(capacity.raw()) {}

    void reset();  // a new kernel: no regions, nothing held
    // Blocks of the region that are warm at the start are the ones for which warm() holds; they are the oldest.
    RegionId map(const MemoryRegion& region);
    const MemoryRegion& region(RegionId id) const { return regions_[static_cast<std::size_t>(id)].shape; }
    std::uint64_t address(RegionId id, std::int64_t block) const;

    struct Touch {
        bool hit = false;
        Time last_use{};  // of the block before this touch; valid on a hit
    };
    // Uses a block at `when`: brings it in if absent and evicts the least recently used ones beyond the capacity.
    Touch touch(RegionId id, std::int64_t block, Time when);

    bool resident(RegionId id, std::int64_t block) const;  // a touch would hit

    Bytes held() const { return tessera::bytes(held_); }
    std::int64_t evictions() const { return evictions_; }

private:
    struct Region {
        MemoryRegion shape;
        std::uint64_t base = 0;      // address of block 0
        std::size_t first = 0;       // index of its first entry
        std::int64_t warm_from = 0;  // warm bytes mapped before this region
    };
    struct Entry {
        std::int32_t previous = -1, next = -1;
        RegionId region = 0;
        bool held = false, touched = false;
        Time last_use{};
    };
    bool warm(const Region& r, std::int64_t block) const;
    void unlink(std::int32_t e);
    void push_front(std::int32_t e);
    void evict();

    std::int64_t capacity_;
    std::int64_t held_ = 0;          // bytes in the list
    std::int64_t warm_mapped_ = 0;   // bytes warm at the start over all regions
    std::int64_t warm_left_ = 0;     // of these, neither touched nor evicted yet
    std::int64_t warm_evicted_ = 0;  // given up, in mapping order
    std::int64_t evictions_ = 0;
    std::uint64_t next_address_ = 0;
    std::int32_t newest_ = -1, oldest_ = -1;
    std::vector<Region> regions_;
    std::vector<Entry> entries_;
};

}  // namespace tessera
