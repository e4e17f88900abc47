// Turns a simulation that no longer advances into an error that says who waits for what.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace tessera {

class Watchdog {
public:
    // Names the waiting parties, e.g. "SM 3: consumer waits for stage 2 of tile 17".
    using Describe = std::function<std::string()>;

    // `limit`: events dispatched without a call of progress() that mean a livelock.
    explicit Watchdog(std::uint64_t limit = 50'000'000) : limit_(limit) {}

    void watch(Describe describe);  // a new run starts
    void progress() { since_ = 0; }
    void set_limit(std::uint64_t limit) { limit_ = limit; }

    // Called once per event; throws InternalError when the limit is reached.
    void tick() {
        if (++since_ >= limit_) { fail("no progress"); }
    }

    // The event queue ran dry although work is left: throws InternalError.
    [[noreturn]] void starved() const { fail("no event is left but work is unfinished"); }

private:
    [[noreturn]] void fail(const char* why) const;

    std::uint64_t limit_;
    std::uint64_t since_ = 0;
    Describe describe_;
};

}  // namespace tessera
