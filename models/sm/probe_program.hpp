// What the programs of microbenchmarks have in common: nothing but a time is asked of them.
#pragma once

#include "models/if/program.hpp"

#include <algorithm>
#include <vector>

namespace tessera {

class ProbeProgram : public Program {
public:
    bool done() const override { return running_ == 0; }
    // End of the last actor, or of the middle one where actors are SMs of which each reads its own clock.
    Time finish() const override {
        if (ends_.empty()) { return scope_.begin; }
        std::vector<Time> ends = ends_;
        const auto asked = middle_ ? ends.begin() + static_cast<std::ptrdiff_t>(ends.size() / 2) : ends.end() - 1;
        std::nth_element(ends.begin(), asked, ends.end());
        return *asked;
    }
    ProgramReport report(const UnitUse& /*use*/) const override { return {}; }
    std::string waiting() const override { return std::to_string(running_) + " actors of a microbenchmark run"; }

protected:
    ProbeProgram(const RunScope& scope, Units& units, bool middle = false)
        : scope_(scope), units_(units), middle_(middle) {}

    // One actor (a warpgroup, a producer thread) begins; its first event comes at the program's begin.
    void begin_actor(std::uint64_t token) {
        ++running_;
        wake(token, scope_.begin);
    }
    void wake(std::uint64_t token, Time when) {
        units_.wheel.at(when, *this, token, static_cast<std::uint32_t>(token));
    }
    void end_actor(Time when) {
        --running_;
        ends_.push_back(when);
        units_.wheel.watchdog().progress();
    }
    Time cycles(double n) const { return scope_.clock.time(n); }

    RunScope scope_;
    Units& units_;

private:
    bool middle_;
    std::vector<Time> ends_;
    int running_ = 0;
};

}  // namespace tessera
