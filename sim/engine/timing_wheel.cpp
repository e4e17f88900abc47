#include "sim/engine/timing_wheel.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

namespace {

constexpr int sequence_bits = 40;

}  // namespace

TimingWheel::TimingWheel() : wheel_(static_cast<std::size_t>(slots)) {}

void TimingWheel::at(Time t, EventSink& sink, std::uint64_t token, std::uint32_t key) {
    invariant(t >= now_, "an event was scheduled in the past");
    const Event e{t.raw(), (static_cast<std::uint64_t>(key) << sequence_bits) | sequence_++, &sink, token};
    const std::int64_t slot = slot_of(e.time);
    ++size_;
    if (slot <= base_) {
        insert_current(e);
    } else if (slot < base_ + slots) {
        const auto index = static_cast<std::size_t>(slot & (slots - 1));
        wheel_[index].push_back(e);
        occupied_[index / 64] |= std::uint64_t{1} << (index % 64);
        ++in_wheel_;
    } else {
        overflow_.push_back(e);
        std::push_heap(overflow_.begin(), overflow_.end(), [](const Event& a, const Event& b) { return b.before(a); });
    }
}

void TimingWheel::insert_current(const Event& e) {
    const auto place = std::upper_bound(current_.begin(), current_.end(), e,
                                        [](const Event& a, const Event& b) { return b.before(a); });
    current_.insert(place, e);
}

std::int64_t TimingWheel::next_slot() const {
    if (in_wheel_ == 0) { return -1; }
    const auto start = static_cast<std::size_t>((base_ + 1) & (slots - 1));
    std::size_t word = start / 64;
    std::uint64_t bits = occupied_[word] & (~std::uint64_t{0} << (start % 64));
    for (std::size_t n = 0; n <= occupied_.size(); ++n) {
        if (bits != 0) {
            const auto index = static_cast<std::int64_t>(word * 64) + __builtin_ctzll(bits);
            const std::int64_t ahead = (index - static_cast<std::int64_t>(start)) & (slots - 1);
            return base_ + 1 + ahead;
        }
        word = (word + 1) % occupied_.size();
        bits = occupied_[word];
    }
    throw InternalError("timing wheel lost an event");
}

void TimingWheel::pull_overflow() {
    const auto later = [](const Event& a, const Event& b) { return b.before(a); };
    while (!overflow_.empty() && slot_of(overflow_.front().time) < base_ + slots) {
        std::pop_heap(overflow_.begin(), overflow_.end(), later);
        const Event e = overflow_.back();
        overflow_.pop_back();
        const std::int64_t slot = slot_of(e.time);
        if (slot <= base_) {
            insert_current(e);
        } else {
            const auto index = static_cast<std::size_t>(slot & (slots - 1));
            wheel_[index].push_back(e);
            occupied_[index / 64] |= std::uint64_t{1} << (index % 64);
            ++in_wheel_;
        }
    }
}

bool TimingWheel::open_next_slot() {
    const std::int64_t slot = next_slot();
    if (slot < 0) {
        if (overflow_.empty()) { return false; }
        base_ = slot_of(overflow_.front().time);
        pull_overflow();
        return !current_.empty();
    }
    base_ = slot;
    const auto index = static_cast<std::size_t>(slot & (slots - 1));
    current_.swap(wheel_[index]);
    occupied_[index / 64] &= ~(std::uint64_t{1} << (index % 64));
    in_wheel_ -= current_.size();
    std::sort(current_.begin(), current_.end(), [](const Event& a, const Event& b) { return b.before(a); });
    pull_overflow();
    return true;
}

Time TimingWheel::next_time() {
    if (current_.empty() && !open_next_slot()) { return Time::max(); }
    return femtoseconds(current_.back().time);
}

void TimingWheel::run_until(Time limit) {
    while (next_time() <= limit && !current_.empty()) {
        const Event e = current_.back();
        current_.pop_back();
        --size_;
        ++dispatched_;
        now_ = femtoseconds(e.time);
        watchdog_.tick();
        e.sink->on_event(now_, e.token);
    }
}

void TimingWheel::reset(Time now) {
    for (auto& slot : wheel_) { slot.clear(); }
    occupied_.fill(0);
    overflow_.clear();
    current_.clear();
    in_wheel_ = size_ = 0;
    sequence_ = 0;
    now_ = now;
    base_ = slot_of(now.raw());
}

}  // namespace tessera
