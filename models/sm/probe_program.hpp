// What the programs of microbenchmarks have in common: nothing but a time is asked of them.
#pragma once

#include "models/if/program.hpp"

namespace tessera {

class ProbeProgram : public Program {
public:
    bool done() const override { return running_ == 0; }
    Time finish() const override { return end_; }
    ProgramReport report(const UnitUse& /*use*/) const override { return {}; }
    std::string waiting() const override { return std::to_string(running_) + " actors of a microbenchmark run"; }

protected:
    ProbeProgram(const RunScope& scope, Units& units) : scope_(scope), units_(units), end_(scope.begin) {}

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
        end_ = max(end_, when);
        units_.wheel.watchdog().progress();
    }
    Time cycles(double n) const { return scope_.clock.time(n); }

    RunScope scope_;
    Units& units_;

private:
    Time end_;
    int running_ = 0;
};

}  // namespace tessera
