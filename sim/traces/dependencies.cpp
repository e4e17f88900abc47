#include "sim/traces/dependencies.hpp"

#include "sim/traces/launch_order.hpp"

#include <algorithm>
#include <set>

namespace tessera::traces {
namespace {

constexpr std::int64_t idle_ns = 10'000;  // launch gaps are 1 to 8 us; longer idleness has a reason

std::size_t index(int v) { return static_cast<std::size_t>(v); }

class Finder {
public:
    Finder(const RecordedTrace& trace, const std::vector<RecordedKernel>& kernels,
           const std::vector<std::int64_t>& launched)
        : trace_(trace), kernels_(kernels), launched_(launched), order_(kernels, launched), after_(kernels.size()) {}

    Dependencies find() {
        Dependencies d;
        std::set<std::int64_t> streams;
        for (const RecordedKernel& k : kernels_) { streams.insert(k.stream); }
        std::vector<std::int64_t> waits;
        for (const HostCall& c : trace_.calls) {
            if (c.kind == HostCall::Kind::wait_event) { waits.push_back(c.at_ns); }
        }
        if (streams.size() < 2) {
            d.source = "one stream";
        } else if (!trace_.waits.empty()) {
            d.source = "recorded waits";
            d.waits = static_cast<int>(trace_.waits.size());
            use_recorded();
        } else if (!waits.empty()) {
            d.source = "host calls";
            d.waits = static_cast<int>(waits.size());
            std::sort(waits.begin(), waits.end());
            use_host_calls(waits);
        } else {
            d.source = "times";
            use_times();
        }
        d.unused = d.waits - used_;
        for (const std::set<int>& s : after_) { d.after.emplace_back(s.begin(), s.end()); }
        return d;
    }

private:
    bool add(int kernel, int waits_for) {
        if (kernel < 0 || waits_for < 0 || waits_for >= kernel) { return false; }
        after_[index(kernel)].insert(waits_for);
        return true;
    }

    void use_recorded() {
        std::map<std::int64_t, std::int64_t> host;  // time by correlation
        for (const HostCall& c : trace_.calls) { host[c.correlation] = c.at_ns; }
        for (const StreamWait& w : trace_.waits) {
            const auto waited = host.find(w.correlation), recorded = host.find(w.record_correlation);
            if (waited == host.end() || w.stream == w.for_stream) { continue; }
            const std::int64_t record_at = recorded == host.end() ? waited->second : recorded->second;
            const int kernel = order_.first_after(w.stream, waited->second);
            int last = order_.last_before(w.for_stream, record_at);
            // Never against the recorded times: a wait that the trace's clocks contradict orders what had ended.
            if (kernel >= 0 && last > kernel) {
                last = order_.last_ended(w.for_stream, record_at, kernels_[index(kernel)].start_ns);
            }
            used_ += add(kernel, last) ? 1 : 0;
        }
    }

    // The streams launched after `at`, in the order of their first launch.
    std::vector<std::int64_t> next_streams(std::int64_t at) const {
        std::vector<std::pair<std::int64_t, std::int64_t>> first;
        for (const std::int64_t s : order_.streams()) {
            if (const int k = order_.first_after(s, at); k >= 0) { first.emplace_back(launched_[index(k)], s); }
        }
        std::sort(first.begin(), first.end());
        std::vector<std::int64_t> out;
        for (const auto& [t, s] : first) { out.push_back(s); }
        return out;
    }
    std::int64_t last_stream(std::int64_t at, std::int64_t otherwise) const {
        std::int64_t latest = -1, stream = otherwise;
        for (const std::int64_t s : order_.streams()) {
            const int k = order_.last_before(s, at);
            if (k >= 0 && launched_[index(k)] > latest) {
                latest = launched_[index(k)];
                stream = s;
            }
        }
        return stream;
    }
    bool launch_between(std::int64_t from, std::int64_t to) const {
        for (const std::int64_t s : order_.streams()) {
            const int k = order_.first_after(s, from);
            if (k >= 0 && launched_[index(k)] <= to) { return true; }
        }
        return false;
    }

    void use_host_calls(const std::vector<std::int64_t>& waits) {
        for (std::size_t begin = 0; begin < waits.size();) {
            std::size_t end = begin + 1;
            while (end < waits.size() && !launch_between(waits[end - 1], waits[end])) { ++end; }
            const std::vector<std::int64_t> next = next_streams(waits[end - 1]);
            for (std::size_t w = begin; w < end && !next.empty(); ++w) {
                const std::size_t from_last = end - 1 - w;
                std::int64_t stream = from_last < next.size() ? next[from_last] : next.front();
                if (from_last == 0 && next.size() > 1 && end - begin == 1) {
                    const std::int64_t following = end < waits.size() ? waits[end] : INT64_MAX;
                    if (forks(waits[w], following, next)) { stream = next[1]; }
                }
                used_ += wait(stream, waits[w]) ? 1 : 0;
            }
            begin = end;
        }
    }

    // A single wait amid launches of next[0]: does it let next[1] go on?
    bool forks(std::int64_t at, std::int64_t following_wait, const std::vector<std::int64_t>& next) const {
        if (last_stream(at, next[0]) != next[0] || next[1] == order_.main_stream()) { return false; }
        const int first = order_.first_after(next[1], at);
        if (launched_[index(first)] > following_wait) { return false; }
        const int before = order_.last_before(next[1], at);
        const auto let_go = let_go_.find(next[1]);
        return before < 0 || let_go == let_go_.end() || let_go->second < launched_[index(before)];
    }

    bool wait(std::int64_t stream, std::int64_t at) {
        let_go_[stream] = at;
        const int kernel = order_.first_after(stream, at);
        int chosen = -1;
        std::int64_t chosen_stream = 0, latest = -1;
        for (const std::int64_t other : order_.streams()) {
            if (other == stream || kernel < 0) { continue; }
            const int k = order_.last_ended(other, at, kernels_[index(kernel)].start_ns);
            if (k < 0) { continue; }
            const auto known = waited_.find({stream, other});
            const int launched_last = order_.last_before(other, at);
            if ((known != waited_.end() && known->second >= k) || launched_[index(launched_last)] <= latest) {
                continue;
            }
            latest = launched_[index(launched_last)];
            chosen = k;
            chosen_stream = other;
        }
        if (!add(kernel, chosen)) { return false; }
        waited_[{stream, chosen_stream}] = chosen;
        return true;
    }

    void use_times() {
        std::map<std::int64_t, int> last;  // of each stream, by start
        for (int i = 0; i < static_cast<int>(kernels_.size()); ++i) {
            const RecordedKernel& k = kernels_[index(i)];
            const auto own = last.find(k.stream);
            const std::int64_t own_end = own == last.end() ? INT64_MIN : kernels_[index(own->second)].end_ns();
            int best = -1;
            for (const auto& [stream, j] : last) {
                if (stream == k.stream) { continue; }
                const std::int64_t end = kernels_[index(j)].end_ns();
                if (end > k.start_ns + 1000 || k.start_ns - end > idle_ns || end <= own_end) { continue; }
                if (best < 0 || end > kernels_[index(best)].end_ns()) { best = j; }
            }
            if (best >= 0 && (own_end == INT64_MIN || k.start_ns - own_end > idle_ns)) { add(i, best); }
            last[k.stream] = i;
        }
    }

    const RecordedTrace& trace_;
    const std::vector<RecordedKernel>& kernels_;
    const std::vector<std::int64_t>& launched_;
    LaunchOrder order_;
    std::vector<std::set<int>> after_;
    std::map<std::int64_t, std::int64_t> let_go_;                  // host time of a stream's last wait
    std::map<std::pair<std::int64_t, std::int64_t>, int> waited_;  // by waiting and awaited stream: the last kernel
    int used_ = 0;
};

}  // namespace

Dependencies find_dependencies(const RecordedTrace& trace, const std::vector<RecordedKernel>& kernels,
                               const std::vector<std::int64_t>& launched) {
    return Finder(trace, kernels, launched).find();
}

}  // namespace tessera::traces
