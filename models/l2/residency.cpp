#include "models/l2/residency.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

namespace {

constexpr std::uint64_t page = 2U << 20;  // regions start on 2 MiB pages

// Warm blocks among the first n of a region of which the share r is warm, spread evenly.
std::int64_t warm_before(std::int64_t n, double r) {
    return static_cast<std::int64_t>(std::floor(static_cast<double>(n) * r + 1e-9));
}

}  // namespace

void L2Residency::reset() {
    held_ = warm_mapped_ = warm_left_ = warm_evicted_ = evictions_ = 0;
    next_address_ = 0;
    newest_ = oldest_ = -1;
    regions_.clear();
    entries_.clear();
}

RegionId L2Residency::map(const MemoryRegion& shape) {
    invariant(shape.blocks > 0 && shape.block_bytes.raw() > 0, "an L2 region must have blocks of at least one byte");
    Region r;
    r.shape = shape;
    r.base = next_address_;
    r.first = entries_.size();
    r.warm_from = warm_mapped_;
    const std::uint64_t size = static_cast<std::uint64_t>(shape.blocks * shape.block_bytes.raw());
    next_address_ += (size + page - 1) / page * page;
    std::int64_t warm_bytes = warm_before(shape.blocks, shape.l2_resident) * shape.block_bytes.raw();
    if (shape.total > bytes(0)) {
        const double most = to_double(shape.total) * shape.l2_resident;
        warm_bytes = std::min(warm_bytes, static_cast<std::int64_t>(most + 0.5));
    }
    warm_mapped_ += warm_bytes;
    warm_left_ += warm_bytes;
    Entry e;
    e.region = static_cast<RegionId>(regions_.size());
    entries_.resize(entries_.size() + static_cast<std::size_t>(shape.blocks), e);
    regions_.push_back(r);
    evict();
    return e.region;
}

std::uint64_t L2Residency::address(RegionId id, std::int64_t block) const {
    const Region& r = regions_[static_cast<std::size_t>(id)];
    return r.base + static_cast<std::uint64_t>(block * r.shape.block_bytes.raw());
}

bool L2Residency::warm(const Region& r, std::int64_t block) const {
    if (r.shape.l2_resident <= 0) { return false; }
    const std::int64_t before = warm_before(block, r.shape.l2_resident);
    if (warm_before(block + 1, r.shape.l2_resident) == before) { return false; }
    return r.warm_from + before * r.shape.block_bytes.raw() >= warm_evicted_;
}

void L2Residency::unlink(std::int32_t i) {
    Entry& e = entries_[static_cast<std::size_t>(i)];
    (e.previous >= 0 ? entries_[static_cast<std::size_t>(e.previous)].next : newest_) = e.next;
    (e.next >= 0 ? entries_[static_cast<std::size_t>(e.next)].previous : oldest_) = e.previous;
}

void L2Residency::push_front(std::int32_t i) {
    Entry& e = entries_[static_cast<std::size_t>(i)];
    e.previous = -1;
    e.next = newest_;
    (newest_ >= 0 ? entries_[static_cast<std::size_t>(newest_)].previous : oldest_) = i;
    newest_ = i;
}

void L2Residency::evict() {
    while (held_ + warm_left_ > capacity_) {
        if (warm_left_ > 0) {  // untouched warm blocks are older than everything in the list
            const std::int64_t gone = std::min(warm_left_, held_ + warm_left_ - capacity_);
            warm_left_ -= gone;
            warm_evicted_ += gone;
            continue;
        }
        if (oldest_ < 0 || oldest_ == newest_) { return; }  // one block larger than the cache stays
        const std::int32_t victim = oldest_;
        unlink(victim);
        Entry& e = entries_[static_cast<std::size_t>(victim)];
        e.held = false;
        held_ -= regions_[static_cast<std::size_t>(e.region)].shape.block_bytes.raw();
        ++evictions_;
    }
}

bool L2Residency::resident(RegionId id, std::int64_t block) const {
    const Region& r = regions_[static_cast<std::size_t>(id)];
    const Entry& e = entries_[r.first + static_cast<std::size_t>(block)];
    return e.held || (!e.touched && warm(r, block));
}

L2Residency::Touch L2Residency::touch(RegionId id, std::int64_t block, Time when) {
    const Region& r = regions_[static_cast<std::size_t>(id)];
    invariant(block >= 0 && block < r.shape.blocks, "an L2 request lies outside its region");
    const auto index = static_cast<std::int32_t>(r.first + static_cast<std::size_t>(block));
    Entry& e = entries_[static_cast<std::size_t>(index)];
    Touch result{e.held, e.last_use};
    if (e.held) {
        unlink(index);
    } else {
        if (!e.touched && warm(r, block)) {
            result = {true, Time::zero()};
            warm_left_ -= std::min(warm_left_, r.shape.block_bytes.raw());
        }
        e.held = true;
        held_ += r.shape.block_bytes.raw();
    }
    e.touched = true;
    e.last_use = when;
    push_front(index);
    if (!result.hit) { evict(); }
    return result;
}

}  // namespace tessera
