// The private event queue of a device: a timing wheel with an overflow heap, about 20 ns per event. Events of
// one instant run in the order (key, scheduling sequence), so arbitration never depends on addresses or on the
// SystemC kernel's process order.
#pragma once

#include "sim/base/units.hpp"
#include "sim/engine/watchdog.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace tessera {

// Receives the events it scheduled. `token` is whatever the sink passed to at().
class EventSink {
public:
    virtual void on_event(Time now, std::uint64_t token) = 0;

protected:
    ~EventSink() = default;
};

class TimingWheel {
public:
    TimingWheel();

    // Runs sink.on_event(t, token) at t. `key` orders events of the same instant (lower first), e.g. the SM's
    // number. Throws InternalError if t lies before now().
    void at(Time t, EventSink& sink, std::uint64_t token = 0, std::uint32_t key = 0);

    Time now() const { return now_; }
    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }
    std::uint64_t dispatched() const { return dispatched_; }
    Time next_time();  // of the earliest event; Time::max() if empty

    // Dispatches every event up to and including `limit`; now() ends at the last event's time.
    void run_until(Time limit);

    // Forgets all events and starts again at `now` (a new kernel).
    void reset(Time now);

    Watchdog& watchdog() { return watchdog_; }

private:
    struct Event {
        std::int64_t time;
        std::uint64_t order;  // key in the upper 24 bits, sequence in the lower 40
        EventSink* sink;
        std::uint64_t token;
        bool before(const Event& o) const { return time != o.time ? time < o.time : order < o.order; }
    };
    static constexpr int slot_bits = 11;
    static constexpr int width_bits = 22;  // one slot: 2^22 fs = 4.2 ns; horizon 8.6 us; the slots fit a core's cache
    static constexpr std::int64_t slots = std::int64_t{1} << slot_bits;
    static std::int64_t slot_of(std::int64_t t) { return t >> width_bits; }

    void insert_current(const Event& e);
    bool open_next_slot();  // moves the earliest non-empty slot into current_
    std::int64_t next_slot() const;
    void pull_overflow();

    std::vector<std::vector<Event>> wheel_;
    std::array<std::uint64_t, static_cast<std::size_t>(slots / 64)> occupied_{};
    std::vector<Event> overflow_;  // heap, earliest first
    std::vector<Event> current_;   // events of slot `base_`, latest first
    std::int64_t base_ = 0;        // slot number being dispatched
    Time now_{};
    std::uint64_t sequence_ = 0;
    std::uint64_t dispatched_ = 0;
    std::size_t size_ = 0;
    std::size_t in_wheel_ = 0;
    Watchdog watchdog_;
};

}  // namespace tessera
