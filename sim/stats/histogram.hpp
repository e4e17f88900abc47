// How a quantity is distributed: bins with fixed edges, plus exact count, sum, smallest and largest.
#pragma once

#include "sim/base/error.hpp"
#include "sim/stats/snapshot.hpp"

#include <algorithm>
#include <vector>

namespace tessera {

// Edges e0 < e1 < ... < en make n + 2 bins: below e0, [e0, e1), ..., [en-1, en), en and above.
template <class Q>
class Histogram {
public:
    // Texts must outlive the histogram: string literals. InternalError unless the edges ascend.
    Histogram(const char* name, const char* description, std::vector<Q> edges)
        : name_(name), description_(description), edges_(std::move(edges)), bins_(edges_.size() + 1) {
        for (std::size_t i = 0; i < edges_.size(); ++i) {
            invariant(i == 0 || edges_[i - 1] < edges_[i], "histogram edges must ascend");
        }
        invariant(!edges_.empty(), "a histogram needs an edge");
    }

    void add(Q value, std::int64_t times = 1) {
        invariant(value == value, "a histogram cannot hold NaN");
        invariant(times >= 0, "a histogram only grows");
        if (times == 0) { return; }
        const auto above = std::upper_bound(edges_.begin(), edges_.end(), value);
        bins_[static_cast<std::size_t>(above - edges_.begin())] += times;
        smallest_ = count_ == 0 ? value : std::min(smallest_, value);
        largest_ = count_ == 0 ? value : std::max(largest_, value);
        count_ += times;
        sum_ += raw(value) * static_cast<double>(times);
    }

    std::int64_t count() const { return count_; }
    double mean() const { return count_ == 0 ? 0.0 : sum_ / static_cast<double>(count_); }  // canonical unit
    Q smallest() const { return smallest_; }  // meaningful when count() > 0, as largest()
    Q largest() const { return largest_; }
    const std::vector<std::int64_t>& bins() const { return bins_; }

    void reset() {
        std::fill(bins_.begin(), bins_.end(), 0);
        count_ = 0;
        sum_ = 0;
        smallest_ = largest_ = Q{};
    }

    void snapshot(StatGroup& group) const {
        JsonValue value = JsonValue::object();
        value.set("count", JsonValue::integer(count_));
        if (count_ > 0) {
            value.set("mean", JsonValue::number(mean()));
            value.set("smallest", stat_value(smallest_));
            value.set("largest", stat_value(largest_));
        }
        JsonValue& edges = value.set("edges", JsonValue::array());
        for (const Q& e : edges_) { edges.push(stat_value(e)); }
        JsonValue& bins = value.set("bins", JsonValue::array());
        for (const std::int64_t n : bins_) { bins.push(JsonValue::integer(n)); }
        group.add(name_, StatUnit<Q>::text, description_, std::move(value));
    }

private:
    static double raw(Q v) {
        if constexpr (std::is_arithmetic_v<Q>) {
            return static_cast<double>(v);
        } else {
            return static_cast<double>(v.raw());
        }
    }

    const char* name_;
    const char* description_;
    std::vector<Q> edges_;
    std::vector<std::int64_t> bins_;
    std::int64_t count_ = 0;
    double sum_ = 0;
    Q smallest_{}, largest_{};
};

// Edges first, first * ratio, ... (`count` of them), for quantities that span decades.
// InternalError unless first > 0, ratio > 1 and the last edge fits.
template <class Q>
std::vector<Q> geometric_edges(Q first, double ratio, int count) {
    invariant(first > Q{} && ratio > 1 && count > 0, "geometric edges need first > 0, ratio > 1 and a count");
    std::vector<Q> edges;
    double factor = 1;
    for (int i = 0; i < count; ++i, factor *= ratio) {
        if constexpr (std::is_arithmetic_v<Q>) {
            edges.push_back(static_cast<Q>(static_cast<double>(first) * factor));
        } else {
            edges.push_back(first * factor);
        }
        invariant(i == 0 || edges[edges.size() - 2] < edges.back(), "geometric edges must ascend");
    }
    return edges;
}

}  // namespace tessera
