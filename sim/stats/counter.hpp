// A sum that only grows, of one physical dimension: Counter<Bytes>, Counter<Energy>, Counter<std::int64_t>.
#pragma once

#include "sim/base/error.hpp"
#include "sim/stats/snapshot.hpp"

#include <limits>
#include <type_traits>

namespace tessera {

template <class Q>
class Counter {
public:
    // Both texts must outlive the counter: string literals.
    constexpr Counter(const char* name, const char* description) : name_(name), description_(description) {}

    // InternalError if `amount` is negative or NaN, or if an integer sum would overflow.
    void add(Q amount) {
        invariant(amount >= Q{}, "a counter only grows");
        value_ = sum(value_, amount);
    }
    Counter& operator+=(Q amount) {
        add(amount);
        return *this;
    }
    Q value() const { return value_; }
    void reset() { value_ = Q{}; }
    const char* name() const { return name_; }

    void snapshot(StatGroup& group) const { group.add(name_, StatUnit<Q>::text, description_, stat_value(value_)); }

private:
    static Q sum(Q a, Q b) {
        if constexpr (std::is_arithmetic_v<Q>) {
            invariant(!std::is_integral_v<Q> || b <= std::numeric_limits<Q>::max() - a, "a counter overflows");
        } else if constexpr (std::is_integral_v<typename Q::rep>) {
            invariant(b <= Q::max() - a, "a counter overflows");
        }
        return a + b;
    }

    const char* name_;
    const char* description_;
    Q value_{};
};

using Count = Counter<std::int64_t>;

}  // namespace tessera
