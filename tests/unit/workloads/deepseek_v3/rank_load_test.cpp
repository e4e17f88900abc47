#include "workloads/deepseek_v3/rank_load.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/workloads/deepseek_v3/fixtures.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>

using namespace tessera;
using namespace tessera::deepseek_v3;
using Catch::Matchers::Contains;

namespace {

// Distinct holders hit by a token, by counting: every holder holds `each` of `reachable` experts, `drawn` are
// drawn. Uses the logarithm of binomials, the implementation a running product.
double expected_hits(double reachable, double each, double drawn) {
    const auto log_choose = [](double n, double k) {
        return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
    };
    const double none = std::exp(log_choose(reachable - each, drawn) - log_choose(reachable, drawn));
    return reachable / each * (1 - none);
}

}  // namespace

TEST_CASE("routing expectation of DeepSeek-V3 on 64 ranks") {
    const WorkloadConfig w = fixtures::train_run().workload;
    const RoutingExpectation e = routing_expectation(w.model, w.parallel);
    CHECK(e.ranks_per_token == Approx(expected_hits(128, 4, 8)).epsilon(1e-9));
    CHECK(e.nodes_per_token == Approx(expected_hits(128, 32, 8)).epsilon(1e-9));
    // The trace's analysis gives 30146 for the unique tokens of a rank.
    CHECK(4096 * e.ranks_per_token == Approx(30146).epsilon(1e-3));
}

TEST_CASE("rank loads: balanced is the expectation and the same for all") {
    const WorkloadConfig w = fixtures::balanced(fixtures::train_run().workload);
    const std::vector<RankLoad> loads = rank_loads(w, 64);
    REQUIRE(loads.size() == 64);
    for (const RankLoad& l : loads) {
        CHECK(l.forward_rows == std::vector<std::int64_t>(4, 4096 * 8));
        CHECK(l.backward_rows == std::vector<std::int64_t>(4, 4096 * 8));
        CHECK(l.forward_unique == loads[0].forward_unique);
    }
}

TEST_CASE("rank loads: seeded are deterministic, spread as asked and conserve token copies") {
    WorkloadConfig w = fixtures::balanced(fixtures::train_run().workload);
    w.router.load = RouterLoad::seeded;
    w.router.seed = 7;
    w.router.spread = 0.08;
    const std::vector<RankLoad> loads = rank_loads(w, 64);
    CHECK(rank_loads(w, 8)[3].forward_rows == loads[3].forward_rows);
    double sum = 0, squares = 0;
    for (const RankLoad& l : loads) {
        const double unique = static_cast<double>(l.forward_unique[0]);
        sum += unique;
        squares += unique * unique;
        CHECK(l.forward_rows[0] % kRowAlignment == 0);
    }
    const double mean = sum / 64, deviation = std::sqrt(squares / 64 - mean * mean) / mean;
    CHECK(mean == Approx(4096 * routing_expectation(w.model, w.parallel).ranks_per_token).epsilon(1e-4));
    CHECK(deviation == Approx(0.08).epsilon(0.35));  // sample of 64
    w.router.seed = 8;
    CHECK(rank_loads(w, 64)[3].forward_rows != loads[3].forward_rows);
    CHECK(loads[3].forward_rows != loads[3].backward_rows);
}

TEST_CASE("rank loads: given rows are rank 0's, the others take what is left") {
    const WorkloadConfig w = fixtures::train_run().workload;
    const std::vector<RankLoad> loads = rank_loads(w, 64);
    CHECK(loads[0].forward_rows == w.router.forward_rows);
    CHECK(loads[0].backward_unique == w.router.backward_unique);
    double others = 0;
    for (std::size_t r = 1; r < loads.size(); ++r) { others += static_cast<double>(loads[r].forward_unique[0]); }
    const double ideal = 4096 * routing_expectation(w.model, w.parallel).ranks_per_token;
    const double relative = static_cast<double>(w.router.forward_rows[0]) / (4096 * 8);
    CHECK(others == Approx(ideal * (64 - relative)).epsilon(1e-4));
}

TEST_CASE("rank loads: impossible requests are named") {
    WorkloadConfig w = fixtures::train_run().workload;
    CHECK_THROWS_WITH(rank_loads(w, 65), Contains("1..64"));
    CHECK_THROWS_AS(rank_loads(w, 0), ModelError);
    w.router.forward_rows.pop_back();
    CHECK_THROWS_WITH(rank_loads(w, 1), Contains("forward_rows has 3 entries"));
    w = fixtures::train_run().workload;
    w.router.backward_rows[1] = 100;
    CHECK_THROWS_WITH(rank_loads(w, 1), Contains("impossible entry 100"));
}

TEST_CASE("rows split over experts in whole blocks") {
    CHECK(split_rows(512, 4) == std::vector<std::int64_t>{128, 128, 128, 128});
    CHECK(split_rows(640, 4) == std::vector<std::int64_t>{256, 128, 128, 128});
    CHECK(split_rows(128, 4) == std::vector<std::int64_t>{128, 0, 0, 0});
    const std::vector<std::int64_t> odd = split_rows(300, 2);
    CHECK(std::accumulate(odd.begin(), odd.end(), std::int64_t{0}) == 300);
}
