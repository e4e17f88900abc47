// One trace event while it is read, and what becomes of it. Internal to sim/traces/kineto.
#pragma once

#include "sim/traces/recorded_trace.hpp"

#include <optional>
#include <string>

namespace tessera::traces {

// A number of the file: exact if it is an integer; `text` is its decimal text otherwise.
struct TraceNumber {
    std::int64_t integer = 0;
    bool exact = false;
    double real = 0;
    std::string text;
};

struct EventFields {
    std::string phase, category, name;
    std::optional<std::int64_t> at_ns, duration_ns, process, thread;
    bool bad_time = false;
    std::optional<std::int64_t> device, stream, correlation, bytes, registers, smem;
    std::optional<std::int64_t> wait_stream, wait_record;
    std::array<std::int64_t, 3> grid{0, 0, 0}, block{0, 0, 0};
    void clear() { *this = EventFields{}; }
};

// Microseconds, as traces write them, to whole nanoseconds; nothing beyond +-292 years.
std::optional<std::int64_t> to_nanoseconds(const TraceNumber& microseconds);

// Puts the event where it belongs, or counts why it cannot be used. `where` names it in messages.
void keep_event(const EventFields& e, const std::string& where, RecordedTrace& trace);

}  // namespace tessera::traces
