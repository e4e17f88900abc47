#include "workloads/serving/pools.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using namespace tessera;
using namespace tessera::serving;

namespace {

ServingConfig load(double arrivals, std::int64_t requests = 200000) {
    ServingConfig c;
    c.arrivals = arrivals;
    c.requests = requests;
    c.warm_up = 0.1;
    c.input.mean = 1000;
    c.output.mean = 100;
    return c;
}

// One server, one prompt at a time, a millisecond per token.
PrefillPool one_server() {
    PrefillPool p{1, 1000, 1, Curve({{1000, 1.0}, {2000, 2.0}})};
    return p;
}

double mean_wait(const ServingConfig& c, const PrefillPool& pool) {
    const std::vector<Request> requests = draw_requests(c);
    const PrefillRun run = run_prefill(pool, requests);
    double sum = 0;
    const std::size_t from = warm_up_requests(c);
    for (std::size_t i = from; i < requests.size(); ++i) {
        sum += run.done[i] - requests[i].arrival - pool.time.at(requests[i].uncached);
    }
    return sum / static_cast<double>(requests.size() - from);
}

}  // namespace

TEST_CASE("curves: straight between and beyond their points, never below zero") {
    const Curve c({{10, 2}, {20, 3}});
    CHECK(c.at(15) == Approx(2.5));
    CHECK(c.at(30) == Approx(4));
    CHECK(c.at(0) == Approx(1));
    CHECK(Curve({{10, 1}, {20, 3}}).at(5) == Approx(0.5));
    CHECK(Curve({{10, 7}}).at(99) == 7);
    CHECK_THROWS(Curve({}));
    CHECK_THROWS(Curve({{2, 1}, {2, 3}}));
}

TEST_CASE("prefill pool: equal prompts one at a time wait as M/D/1 says: rho D / (2 (1 - rho))") {
    for (const double rho : {0.3, 0.6, 0.8}) {
        CHECK(mean_wait(load(rho), one_server()) == Approx(rho / (2 * (1 - rho))).epsilon(0.05));
    }
}

TEST_CASE("prefill pool: exponential prompts one at a time wait as M/M/1 says: rho D / (1 - rho)") {
    ServingConfig c = load(0.6);
    c.input.shape = LengthShape::exponential;
    CHECK(mean_wait(c, one_server()) == Approx(0.6 / 0.4).epsilon(0.06));
}

TEST_CASE("prefill pool: more units never make a request wait longer, and all work is done") {
    const std::vector<Request> requests = draw_requests(load(0.8, 20000));
    PrefillPool pool = one_server();
    const PrefillRun one = run_prefill(pool, requests);
    pool.units = 2;
    const PrefillRun two = run_prefill(pool, requests);
    for (std::size_t i = 0; i < requests.size(); ++i) { REQUIRE(two.done[i] <= one.done[i] + 1e-9); }
    CHECK(one.busy == Approx(static_cast<double>(requests.size())));
    CHECK(two.busy == Approx(one.busy));
}

TEST_CASE("prefill pool: a batch holds what has come, whole prompts, up to its tokens") {
    std::vector<Request> requests(4);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        requests[i].arrival = 0.1 * static_cast<double>(i);
        requests[i].uncached = 400;
    }
    const PrefillPool pool{1, 1000, 0, Curve({{400, 1.0}, {800, 1.5}})};
    const PrefillRun run = run_prefill(pool, requests);
    CHECK(run.done[0] == Approx(1.0));
    CHECK(run.done[1] == Approx(2.5));
    CHECK(run.done[2] == Approx(2.5));
    CHECK(run.done[3] == Approx(3.5));
    const PrefillRun part = run_prefill(pool, requests, {0.5, 2.0});
    CHECK(part.busy == Approx(1.5));
}

TEST_CASE("decode pool: without a queue an answer takes its steps") {
    std::vector<Request> requests(1);
    requests[0].output = 11;
    const DecodePool pool{1, 4, 2, Curve({{1, 0.1}})};
    CHECK(run_decode(pool, requests, {5.0}).done[0] == Approx(5.5));
    requests[0].output = 1;
    CHECK(run_decode(pool, requests, {5.0}).done[0] == 5.0);
}

TEST_CASE("decode pool: requests join between steps, the least full unit first, and wait when all are full") {
    std::vector<Request> requests(3);
    for (Request& r : requests) { r.output = 3; }
    const DecodePool pool{1, 2, 1, Curve({{1, 1.0}, {2, 2.0}})};
    const DecodeRun run = run_decode(pool, requests, {0.0, 0.5, 0.6});
    CHECK(run.done[0] == Approx(3));  // one step alone, one with the second
    CHECK(run.done[1] == Approx(5));  // joins at 1, shares the next with the third
    CHECK(run.done[2] == Approx(6));  // joins at 3
    DecodePool two = pool;
    two.units = 2;
    const DecodeRun apart = run_decode(two, requests, {0.0, 0.5, 0.6});
    for (std::size_t i = 0; i < 3; ++i) { CHECK(apart.done[i] <= run.done[i]); }
    CHECK(run.busy == Approx(6));
    CHECK(run.held == Approx(1 + 4 + 4 + 1));
}

TEST_CASE("decode pool: in steady state requests inside are arrivals times their time, Little's law") {
    ServingConfig c = load(50, 40000);
    c.output.shape = LengthShape::exponential;
    const std::vector<Request> requests = draw_requests(c);
    std::vector<double> ready;
    for (const Request& r : requests) { ready.push_back(r.arrival); }
    const DecodePool pool{2, 1000, 1, Curve({{10, 0.010}, {100, 0.015}})};
    const std::size_t from = warm_up_requests(c);
    const Window window{requests[from - 1].arrival, requests.back().arrival};
    const DecodeRun run = run_decode(pool, requests, ready, window);
    double inside = 0;
    for (std::size_t i = 0; i < requests.size(); ++i) { inside += window.overlap(ready[i], run.done[i]); }
    // A request that joins waits for the running step's end: it is inside, but not held yet.
    CHECK(run.held <= inside);
    CHECK(run.held == Approx(inside).epsilon(0.02));
}
