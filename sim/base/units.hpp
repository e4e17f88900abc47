// Strong unit types. A quantity never converts silently to a number or to another quantity; the only
// products and ratios that compile are those with a physical meaning (bytes / bandwidth = time, ...). A time or a
// size that would be NaN, infinite or beyond 64 bits is an InternalError, never a silent number.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace tessera {

namespace detail {
// InternalError: a time or a size came out as NaN, infinite or beyond 64 bits (a rate of zero, mostly).
[[noreturn]] void refuse_count(double value);

// To the nearest integer, halves away from zero.
constexpr std::int64_t to_count(double x) {
    constexpr double limit = 9223372036854774784.0;  // largest double below 2^63
    if (!(x >= -limit && x <= limit)) { refuse_count(x); }
    return static_cast<std::int64_t>(x < 0 ? x - 0.5 : x + 0.5);
}
}  // namespace detail

// A value of one physical dimension. `Tag` names the dimension, `Rep` is the storage type.
// The canonical unit of each dimension stands beside its alias below; raw() is in that unit.
template <class Tag, class Rep>
class Quantity {
public:
    using rep = Rep;
    constexpr Quantity() = default;
    static constexpr Quantity from_raw(Rep value) { return Quantity(value); }
    constexpr Rep raw() const { return value_; }

    static constexpr Quantity zero() { return Quantity(Rep{}); }
    static constexpr Quantity max() { return Quantity(std::numeric_limits<Rep>::max()); }

    constexpr Quantity operator-() const { return Quantity(-value_); }
    constexpr Quantity& operator+=(Quantity o) {
        value_ += o.value_;
        return *this;
    }
    constexpr Quantity& operator-=(Quantity o) {
        value_ -= o.value_;
        return *this;
    }
    friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value_ + b.value_); }
    friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value_ - b.value_); }
    friend constexpr bool operator==(Quantity a, Quantity b) { return a.value_ == b.value_; }
    friend constexpr bool operator!=(Quantity a, Quantity b) { return a.value_ != b.value_; }
    friend constexpr bool operator<(Quantity a, Quantity b) { return a.value_ < b.value_; }
    friend constexpr bool operator<=(Quantity a, Quantity b) { return a.value_ <= b.value_; }
    friend constexpr bool operator>(Quantity a, Quantity b) { return a.value_ > b.value_; }
    friend constexpr bool operator>=(Quantity a, Quantity b) { return a.value_ >= b.value_; }
    // Scaling by a dimensionless factor; integer quantities round to nearest.
    friend constexpr Quantity operator*(Quantity a, double f) { return Quantity(scale(a.value_, f)); }
    friend constexpr Quantity operator*(double f, Quantity a) { return a * f; }
    friend constexpr Quantity operator/(Quantity a, double f) { return a * (1.0 / f); }
    // The ratio of two like quantities is a plain number.
    friend constexpr double operator/(Quantity a, Quantity b) {
        return static_cast<double>(a.value_) / static_cast<double>(b.value_);
    }

private:
    constexpr explicit Quantity(Rep value) : value_(value) {}
    static constexpr Rep scale(Rep v, double f) {
        const double x = static_cast<double>(v) * f;
        if constexpr (std::numeric_limits<Rep>::is_integer) {
            return detail::to_count(x);
        } else {
            return x;
        }
    }
    Rep value_{};
};

using Time = Quantity<struct TimeTag, std::int64_t>;      // femtoseconds; range +-2.5 hours
using Bytes = Quantity<struct BytesTag, std::int64_t>;    // bytes
using Flops = Quantity<struct FlopsTag, double>;          // floating-point operations (1 FMA = 2)
using Energy = Quantity<struct EnergyTag, double>;        // joules
using Power = Quantity<struct PowerTag, double>;          // watts
using Bandwidth = Quantity<struct BandwidthTag, double>;  // bytes per second
using FlopRate = Quantity<struct FlopRateTag, double>;    // floating-point operations per second
using Frequency = Quantity<struct FrequencyTag, double>;  // hertz
using Cycles = Quantity<struct CyclesTag, double>;        // clock cycles of the domain in question
using BytesPerCycle = Quantity<struct BytesPerCycleTag, double>;
using Area = Quantity<struct AreaTag, double>;  // square millimetres

constexpr Time femtoseconds(std::int64_t n) { return Time::from_raw(n); }
constexpr Time seconds(double s) { return Time::from_raw(detail::to_count(s * 1e15)); }
constexpr Time milliseconds(double ms) { return seconds(ms * 1e-3); }
constexpr Time microseconds(double us) { return seconds(us * 1e-6); }
constexpr Time nanoseconds(double ns) { return seconds(ns * 1e-9); }
// Division, not multiplication by the inverse: 900 us reads 0.0009 s, not 0.0009000000000000001.
constexpr double to_seconds(Time t) { return static_cast<double>(t.raw()) / 1e15; }
constexpr double to_milliseconds(Time t) { return static_cast<double>(t.raw()) / 1e12; }
constexpr double to_microseconds(Time t) { return static_cast<double>(t.raw()) / 1e9; }
constexpr double to_nanoseconds(Time t) { return static_cast<double>(t.raw()) / 1e6; }

constexpr Bytes bytes(std::int64_t n) { return Bytes::from_raw(n); }
constexpr Bytes kib(std::int64_t n) { return Bytes::from_raw(n * 1024); }
constexpr Bytes mib(std::int64_t n) { return Bytes::from_raw(n * 1024 * 1024); }
constexpr double to_double(Bytes b) { return static_cast<double>(b.raw()); }

constexpr Bandwidth bytes_per_second(double v) { return Bandwidth::from_raw(v); }
constexpr Bandwidth gb_per_second(double v) { return Bandwidth::from_raw(v * 1e9); }
constexpr Frequency hertz(double v) { return Frequency::from_raw(v); }
constexpr Frequency megahertz(double v) { return Frequency::from_raw(v * 1e6); }
constexpr Cycles cycles(double v) { return Cycles::from_raw(v); }
constexpr BytesPerCycle bytes_per_cycle(double v) { return BytesPerCycle::from_raw(v); }
constexpr Flops flops(double v) { return Flops::from_raw(v); }
constexpr Energy joules(double v) { return Energy::from_raw(v); }
constexpr Power watts(double v) { return Power::from_raw(v); }

constexpr Time operator/(Bytes b, Bandwidth bw) { return seconds(to_double(b) / bw.raw()); }
constexpr Time operator/(Cycles c, Frequency f) { return seconds(c.raw() / f.raw()); }
constexpr Time operator/(Flops n, FlopRate r) { return seconds(n.raw() / r.raw()); }
constexpr Cycles operator/(Bytes b, BytesPerCycle r) { return cycles(to_double(b) / r.raw()); }
constexpr Cycles operator*(Time t, Frequency f) { return cycles(to_seconds(t) * f.raw()); }
constexpr Bandwidth operator*(BytesPerCycle b, Frequency f) { return bytes_per_second(b.raw() * f.raw()); }
constexpr Bandwidth operator/(Bytes b, Time t) { return bytes_per_second(to_double(b) / to_seconds(t)); }
constexpr FlopRate operator/(Flops n, Time t) { return FlopRate::from_raw(n.raw() / to_seconds(t)); }
constexpr Power operator/(Energy e, Time t) { return watts(e.raw() / to_seconds(t)); }
constexpr Energy operator*(Power p, Time t) { return joules(p.raw() * to_seconds(t)); }

constexpr Time min(Time a, Time b) { return a < b ? a : b; }
constexpr Time max(Time a, Time b) { return a < b ? b : a; }

}  // namespace tessera
