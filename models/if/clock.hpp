// Cycles of one clock domain as time.
#pragma once

#include "sim/base/units.hpp"

namespace tessera {

class Clock {
public:
    Clock() = default;
    explicit Clock(Frequency f) : frequency_(f), period_fs_(1e15 / f.raw()) {}

    Frequency frequency() const { return frequency_; }
    Time time(double cycles) const { return femtoseconds(static_cast<std::int64_t>(cycles * period_fs_ + 0.5)); }
    Time time(Cycles c) const { return time(c.raw()); }
    Time time(Bytes b, BytesPerCycle rate) const { return time(to_double(b) / rate.raw()); }
    double cycles(Time t) const { return static_cast<double>(t.raw()) / period_fs_; }

private:
    Frequency frequency_{};
    double period_fs_ = 0;
};

}  // namespace tessera
