// A stable 64-bit hash: same values, same result, on every platform and in every run (memo keys, code versions).
// Not cryptographic.
#pragma once

#include "sim/base/units.hpp"

#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace tessera {

// Feed the fields in a fixed order, then take value(). Each field is mixed with its position, so swapping two
// fields or moving a value from one field to the next changes the result.
class Hasher {
public:
    Hasher& word(std::uint64_t w) {
        state_ = mix(state_ + 0x9e3779b97f4a7c15ULL + mix(w));
        return *this;
    }
    template <class T, std::enable_if_t<std::is_integral_v<T> || std::is_enum_v<T>, int> = 0>
    Hasher& add(T v) {
        return word(static_cast<std::uint64_t>(v));
    }
    Hasher& add(double v) {
        const double positive_zero = v == 0.0 ? 0.0 : v;  // -0.0 and 0.0 are the same value
        std::uint64_t w = 0;
        std::memcpy(&w, &positive_zero, sizeof w);
        return word(w);
    }
    template <class Tag, class Rep>
    Hasher& add(Quantity<Tag, Rep> q) {  // in the quantity's canonical unit
        return add(q.raw());
    }
    Hasher& add(std::string_view s) {
        std::uint64_t h = 0xcbf29ce484222325ULL;  // FNV-1a 64
        for (const char c : s) { h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL; }
        return word(s.size()).word(h);
    }
    std::uint64_t value() const { return state_; }

private:
    // Finaliser of splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
    static std::uint64_t mix(std::uint64_t z) {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    std::uint64_t state_ = 0;
};

}  // namespace tessera
