#include "models/l2/residency.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

namespace {

constexpr std::uint64_t page = 2U << 20;  // regions start on 2 MiB pages
constexpr double guest_share = 0.08;      // of a partition, for lines on their way to the other side (assumed)

// Warm blocks among the first n of a region of which the share r is warm, spread evenly.
std::int64_t warm_before(std::int64_t n, double r) {
    return static_cast<std::int64_t>(std::floor(static_cast<double>(n) * r + 1e-9));
}

}  // namespace

L2Residency::L2Residency(Bytes capacity, int partitions) : parts_(partitions), capacity_(to_double(capacity)) {
    invariant(partitions >= 1 && partitions <= kMost, "an L2 of one or two partitions");
    capacity_ /= partitions;
}

void L2Residency::reset() {
    partition_ = {};
    warm_mapped_ = 0;
    evictions_ = 0;
    next_address_ = 0;
    regions_.clear();
    entries_.clear();
}

Bytes L2Residency::held() const {
    double sum = 0;
    for (const Partition& p : partition_) { sum += p.own.held + p.guests.held; }
    return tessera::bytes(std::llround(sum));
}

RegionId L2Residency::map(const MemoryRegion& shape) {
    invariant(shape.blocks > 0 && shape.block_bytes.raw() > 0, "an L2 region must have blocks of at least one byte");
    Region r;
    r.shape = shape;
    r.base = next_address_;
    r.first = entries_.size();
    r.warm_from = warm_mapped_;
    r.warm_of_each = shape.total.raw() > 0 ? to_double(shape.total) / static_cast<double>(shape.blocks)
                                           : to_double(shape.block_bytes);
    const std::uint64_t size = static_cast<std::uint64_t>(shape.blocks * shape.block_bytes.raw());
    next_address_ += (size + page - 1) / page * page;
    const double warm = static_cast<double>(warm_before(shape.blocks, shape.l2_resident)) * r.warm_of_each;
    warm_mapped_ += warm;
    Entry e;
    e.region = static_cast<RegionId>(regions_.size());
    entries_.resize(entries_.size() + static_cast<std::size_t>(shape.blocks * parts_ * parts_), e);
    regions_.push_back(r);
    for (int side = 0; side < parts_; ++side) {
        partition_[static_cast<std::size_t>(side)].warm_left += warm / parts_;
        evict(side);
    }
    return e.region;
}

std::uint64_t L2Residency::address(RegionId id, std::int64_t block) const {
    const Region& r = regions_[static_cast<std::size_t>(id)];
    return r.base + static_cast<std::uint64_t>(block * r.shape.block_bytes.raw());
}

bool L2Residency::warm(const Region& r, std::int64_t block, int home) const {
    const Partition& p = partition_[static_cast<std::size_t>(home)];
    if (r.shape.l2_resident <= 0) { return false; }
    const std::int64_t before = warm_before(block, r.shape.l2_resident);
    if (warm_before(block + 1, r.shape.l2_resident) == before) { return false; }
    return (r.warm_from + static_cast<double>(before) * r.warm_of_each) / parts_ >= p.warm_evicted - 0.5;
}

void L2Residency::unlink(List& l, std::int32_t i) {
    Entry& e = entries_[static_cast<std::size_t>(i)];
    (e.previous >= 0 ? entries_[static_cast<std::size_t>(e.previous)].next : l.newest) = e.next;
    (e.next >= 0 ? entries_[static_cast<std::size_t>(e.next)].previous : l.oldest) = e.previous;
    l.held -= e.bytes;
}

void L2Residency::push_front(List& l, std::int32_t i) {
    Entry& e = entries_[static_cast<std::size_t>(i)];
    e.previous = -1;
    e.next = l.newest;
    (l.newest >= 0 ? entries_[static_cast<std::size_t>(l.newest)].previous : l.oldest) = i;
    l.newest = i;
    l.held += e.bytes;
}

void L2Residency::drop_oldest(List& l) {
    const std::int32_t victim = l.oldest;
    unlink(l, victim);
    Entry& e = entries_[static_cast<std::size_t>(victim)];
    e.held = false;
    e.dirty = 0;
    ++evictions_;
}

void L2Residency::evict(int side) {
    Partition& p = partition_[static_cast<std::size_t>(side)];
    const double room = capacity_ * guest_share;
    while (p.own.held + p.guests.held + p.warm_left > capacity_ + 0.5) {
        if (p.guests.held > room && p.guests.oldest != p.guests.newest) {
            drop_oldest(p.guests);
            continue;
        }
        if (p.warm_left > 0) {  // untouched warm blocks are older than everything in the list
            const double gone = std::min(p.warm_left, p.own.held + p.guests.held + p.warm_left - capacity_);
            p.warm_left -= gone;
            p.warm_evicted += gone;
            continue;
        }
        if (p.own.oldest < 0 || p.own.oldest == p.own.newest) { return; }  // one block larger than the cache stays
        drop_oldest(p.own);
    }
}

bool L2Residency::holds(const Region& r, std::int64_t block, int side, int home) const {
    const Entry& e = entries_[index(r, block, side, home)];
    return e.held || (side == home && !e.touched && warm(r, block, home));
}

bool L2Residency::resident(RegionId id, std::int64_t block) const {
    const Region& r = regions_[static_cast<std::size_t>(id)];
    for (int home = 0; home < parts_; ++home) {
        bool found = false;
        for (int side = 0; side < parts_; ++side) { found = found || holds(r, block, side, home); }
        if (!found) { return false; }
    }
    return true;
}

// Share of `bytes` of the lines of `home` that `side` held before; they are the newest there now.
double L2Residency::use(const Region& r, std::int64_t block, int side, int home, Time when, std::int32_t bytes) {
    const std::size_t at = index(r, block, side, home);
    Entry& e = entries_[at];
    Partition& p = partition_[static_cast<std::size_t>(side)];
    double found = 0;
    if (e.held) {
        found = std::min(1.0, static_cast<double>(e.bytes) / bytes);
        unlink(e.guest ? p.guests : p.own, static_cast<std::int32_t>(at));
    } else {
        if (side == home && !e.touched && warm(r, block, home)) {
            found = 1;
            p.warm_left -= std::min(p.warm_left, std::max<double>(bytes, r.warm_of_each / parts_));
        }
        e.held = true;
        e.bytes = 0;
        e.reads = 0;
    }
    e.bytes = std::max(e.bytes, bytes);
    e.touched = true;
    e.guest = false;
    ++e.reads;
    e.last_use = when;
    push_front(p.own, static_cast<std::int32_t>(at));
    return found;
}

// Warm lines have been read before by SMs of either side: where there is room for copies of all, they are there.
bool L2Residency::copied_before(const Region& r, std::int64_t block, int side, int home) const {
    return warm_mapped_ <= capacity_ && !entries_[index(r, block, side, home)].touched &&
           !entries_[index(r, block, home, home)].dirty && warm(r, block, home);
}

// The other side asks for `bytes` of lines of `home`: the share that is there. The rest comes in as a guest.
double L2Residency::ask_home(const Region& r, std::int64_t block, int home, Time when, std::int32_t bytes) {
    const std::size_t at = index(r, block, home, home);
    Entry& e = entries_[at];
    Partition& p = partition_[static_cast<std::size_t>(home)];
    if (!e.held && holds(r, block, home, home)) { return 1; }
    const double found = e.held ? std::min(1.0, static_cast<double>(e.bytes) / bytes) : 0.0;
    if (found >= 1) { return found; }
    if (e.held) {
        unlink(e.guest ? p.guests : p.own, static_cast<std::int32_t>(at));
    } else {
        e.guest = true;
        e.reads = 0;
    }
    e.held = e.touched = true;
    e.bytes = bytes;
    e.last_use = when;
    push_front(e.guest ? p.guests : p.own, static_cast<std::int32_t>(at));
    return found;
}

L2Residency::Touch L2Residency::touch(RegionId id, std::int64_t block, Time when, int side, Bytes amount) {
    const Region& r = regions_[static_cast<std::size_t>(id)];
    invariant(block >= 0 && block < r.shape.blocks, "an L2 request lies outside its region");
    const std::int64_t all = amount.raw() > 0 ? amount.raw() : r.shape.block_bytes.raw();
    const auto share = static_cast<std::int32_t>((all + parts_ - 1) / parts_);
    const double part = 1.0 / parts_;
    Touch result;
    const Entry& own = entries_[index(r, block, side, side)];
    result.last_use = own.held ? own.last_use : Time::zero();
    result.reads = own.held ? own.reads : 0;
    for (int home = 0; home < parts_; ++home) {
        const bool copied = side != home && copied_before(r, block, side, home);
        const double found = std::max(use(r, block, side, home, when, share), copied ? 1.0 : 0.0);
        if (found >= 1) { continue; }
        const double there = side == home ? found : std::max(found, ask_home(r, block, home, when, share));
        result.remote += part * (there - found);
        result.missing += part * (1 - there);
    }
    result.hit = result.missing <= 0;
    if (!result.hit || result.remote > 0) {
        for (int s = 0; s < parts_; ++s) { evict(s); }
    }
    return result;
}

L2Residency::Written L2Residency::write(RegionId id, std::int64_t block, Time when, Bytes amount) {
    const Region& r = regions_[static_cast<std::size_t>(id)];
    invariant(block >= 0 && block < r.shape.blocks, "an L2 request lies outside its region");
    const std::int64_t all = amount.raw() > 0 ? amount.raw() : r.shape.block_bytes.raw();
    const auto share = static_cast<std::int32_t>((all + parts_ - 1) / parts_);
    const auto whole = static_cast<std::int32_t>((r.shape.block_bytes.raw() + parts_ - 1) / parts_);
    Written result{true, true};
    for (int home = 0; home < parts_; ++home) {
        result.hit = use(r, block, home, home, when, share) >= 1 && result.hit;
        Entry& e = entries_[index(r, block, home, home)];
        result.dirty = result.dirty && e.dirty + share > whole;
        e.dirty = std::min(whole, e.dirty + share);
        const int other = parts_ - 1 - home;
        const std::size_t at = index(r, block, other, home);
        Entry& copy = entries_[at];
        if (other == home || !copy.held) { continue; }
        unlink(partition_[static_cast<std::size_t>(other)].own, static_cast<std::int32_t>(at));
        copy.held = false;
    }
    for (int s = 0; !result.hit && s < parts_; ++s) { evict(s); }
    return result;
}

}  // namespace tessera
