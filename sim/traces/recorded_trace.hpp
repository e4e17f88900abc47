// What a profiler recorded of one GPU, as far as an importer needs it: kernels and copies on streams, and the host
// calls that order them. Names are kept once. Times are nanoseconds on the trace's own clock.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tessera::traces {

using NameId = std::uint32_t;

// Distinct texts, numbered in the order of their first use.
class NameTable {
public:
    NameId id(std::string_view text);
    const std::string& text(NameId id) const { return texts_.at(id); }
    std::size_t size() const { return texts_.size(); }
    std::size_t bytes() const { return bytes_; }

private:
    std::vector<std::string> texts_;
    std::unordered_map<std::string, NameId> ids_;  // looked up, never iterated
    std::size_t bytes_ = 0;
};

struct RecordedKernel {
    enum class Kind : std::uint8_t { kernel, copy, fill };
    NameId name = 0;
    Kind kind = Kind::kernel;
    std::int64_t device = 0, stream = 0;  // as the trace numbers them
    std::int64_t start_ns = 0, duration_ns = 0;
    std::int64_t correlation = -1;  // of the host call that launched it; -1: none
    std::array<std::int32_t, 3> grid{0, 0, 0}, block{0, 0, 0};
    std::int32_t registers = 0, smem = 0;
    std::int64_t bytes = 0;  // moved by a copy or fill
    std::int64_t blocks() const { return std::int64_t{grid[0]} * grid[1] * grid[2]; }
    std::int64_t threads() const { return std::int64_t{block[0]} * block[1] * block[2]; }
    std::int64_t end_ns() const { return start_ns + duration_ns; }
};

// A call of the CUDA runtime or driver.
struct HostCall {
    enum class Kind : std::uint8_t { launch, wait_event, record_event };
    Kind kind = Kind::launch;
    std::int64_t thread = 0, at_ns = 0, correlation = -1;
};

// A stream's wait as newer profilers write it on the device side: who waits, and for which record of an event.
struct StreamWait {
    std::int64_t stream = 0, for_stream = 0;
    std::int64_t record_correlation = -1;  // the cudaEventRecord
    std::int64_t correlation = -1;         // the cudaStreamWaitEvent
};

// A range that the user's program named.
struct Annotation {
    NameId name = 0;
    std::int64_t thread = 0, start_ns = 0, end_ns = 0;
    bool on_device = false;  // the range of the kernels, not of the calls
};

// Input that was left out, counted by reason, with the first places.
class Leftovers {
public:
    void add(const std::string& reason, std::string_view where);
    struct Entry {
        std::int64_t count = 0;
        std::vector<std::string> first;  // at most five
    };
    const std::map<std::string, Entry>& entries() const { return entries_; }

private:
    std::map<std::string, Entry> entries_;
};

struct RecordedTrace {
    std::string file, title;
    std::string device_name;  // empty: the trace does not say
    int device_sms = 0;       // 0: likewise
    int rank = -1, ranks = 0;
    NameTable names;
    std::vector<RecordedKernel> kernels;
    std::vector<HostCall> calls;
    std::vector<StreamWait> waits;
    std::vector<Annotation> annotations;
    std::int64_t events = 0;  // read, used or not
    bool complete = true;     // false: the file ends or breaks off early
    Leftovers left_out;
};

}  // namespace tessera::traces
