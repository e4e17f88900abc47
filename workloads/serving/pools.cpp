#include "workloads/serving/pools.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <numeric>
#include <queue>

namespace tessera::serving {

Curve::Curve(std::vector<std::pair<double, double>> points) : points_(std::move(points)) {
    invariant(!points_.empty(), "a curve without points");
    for (std::size_t i = 1; i < points_.size(); ++i) {
        invariant(points_[i].first > points_[i - 1].first, "a curve whose loads do not ascend");
    }
    if (points_.size() > 1) {
        const auto& [x0, y0] = points_[0];
        const auto& [x1, y1] = points_[1];
        start_ = y0 - (y1 - y0) * x0 / (x1 - x0);
    }
}

double Curve::at(double load) const {
    if (points_.size() == 1) { return points_.front().second; }
    if (load < points_.front().first && start_ < 0) { return points_.front().second * load / points_.front().first; }
    std::size_t i = 1;
    while (i + 1 < points_.size() && points_[i].first < load) { ++i; }
    const auto& [x0, y0] = points_[i - 1];
    const auto& [x1, y1] = points_[i];
    return y0 + (y1 - y0) * (load - x0) / (x1 - x0);
}

PrefillRun run_prefill(const PrefillPool& pool, const std::vector<Request>& requests, const Window& window) {
    PrefillRun run;
    run.done.resize(requests.size());
    using Free = std::priority_queue<double, std::vector<double>, std::greater<>>;
    Free free;
    for (int u = 0; u < pool.units; ++u) { free.push(0); }
    for (std::size_t next = 0; next < requests.size();) {
        // The unit that is free first starts when a prompt is there; what has come by then fills its batch.
        const double start = std::max(free.top(), requests[next].arrival);
        free.pop();
        double tokens = 0;
        std::size_t end = next;
        while (end < requests.size() && requests[end].arrival <= start) {
            const bool many = pool.batch_requests > 0 && end - next == pool.batch_requests;
            if (end > next && (many || tokens + requests[end].uncached > pool.batch_tokens)) { break; }
            tokens += requests[end].uncached;
            ++end;
        }
        const double time = pool.time.at(tokens);
        for (; next < end; ++next) { run.done[next] = start + time; }
        free.push(start + time);
        run.busy += window.overlap(start, start + time);
    }
    return run;
}

namespace {

struct Leaving {
    std::int64_t step = 0;  // of its unit
    std::size_t request = 0;
    friend bool operator>(const Leaving& a, const Leaving& b) {
        return a.step != b.step ? a.step > b.step : a.request > b.request;
    }
};

struct Unit {
    std::int64_t steps = 0;  // that have ended
    double until = 0;        // end of the running one
    bool running = false;
    std::vector<std::size_t> joining;  // at the next step
    std::priority_queue<Leaving, std::vector<Leaving>, std::greater<>> active;
    std::size_t requests() const { return active.size() + joining.size(); }
};

class Decode {
public:
    Decode(const DecodePool& pool, const std::vector<Request>& requests, const std::vector<double>& ready,
           const Window& window)
        : pool_(pool),
          requests_(requests),
          ready_(ready),
          window_(window),
          units_(static_cast<std::size_t>(pool.units)) {
        run_.done.resize(requests.size());
    }

    DecodeRun run() {
        std::vector<std::size_t> order(requests_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [this](std::size_t a, std::size_t b) { return ready_[a] < ready_[b]; });
        std::size_t next = 0;
        for (;;) {
            Unit* first = nullptr;
            for (Unit& u : units_) {
                if (u.running && (first == nullptr || u.until < first->until)) { first = &u; }
            }
            const bool arrives = next < order.size();
            if (!arrives && first == nullptr) { return std::move(run_); }
            if (arrives && (first == nullptr || ready_[order[next]] < first->until)) {
                admit(order[next], ready_[order[next]]);
                ++next;
            } else {
                end_step(*first);
            }
        }
    }

private:
    void admit(std::size_t request, double now) {
        if (requests_[request].output <= 1) {
            run_.done[request] = now;
            return;
        }
        waiting_.push_back(request);
        place(now);
    }

    void place(double now) {
        while (!waiting_.empty()) {
            const auto least = std::min_element(
                units_.begin(), units_.end(), [](const Unit& a, const Unit& b) { return a.requests() < b.requests(); });
            if (static_cast<std::int64_t>(least->requests()) >= pool_.slots) { return; }
            least->joining.push_back(waiting_.front());
            waiting_.pop_front();
            if (!least->running) { start_step(*least, now); }
        }
    }

    void start_step(Unit& u, double now) {
        for (const std::size_t r : u.joining) {
            const double left = static_cast<double>(requests_[r].output - 1);
            u.active.push({u.steps + static_cast<std::int64_t>(std::ceil(left / pool_.tokens)), r});
        }
        u.joining.clear();
        u.running = !u.active.empty();
        if (!u.running) { return; }
        const double load = static_cast<double>(u.active.size()), time = pool_.step.at(load);
        u.until = now + time;
        const double counted = window_.overlap(now, u.until);
        run_.busy += counted;
        run_.held += counted * load;
    }

    void end_step(Unit& u) {
        ++u.steps;
        while (!u.active.empty() && u.active.top().step == u.steps) {
            run_.done[u.active.top().request] = u.until;
            u.active.pop();
        }
        u.running = false;
        const double now = u.until;
        place(now);
        if (!u.running) { start_step(u, now); }
    }

    const DecodePool& pool_;
    const std::vector<Request>& requests_;
    const std::vector<double>& ready_;
    const Window& window_;
    std::vector<Unit> units_;
    std::deque<std::size_t> waiting_;
    DecodeRun run_;
};

}  // namespace

DecodeRun run_decode(const DecodePool& pool, const std::vector<Request>& requests, const std::vector<double>& ready,
                     const Window& window) {
    invariant(ready.size() == requests.size(), "a request without a time at which it may join");
    return Decode(pool, requests, ready, window).run();
}

}  // namespace tessera::serving
