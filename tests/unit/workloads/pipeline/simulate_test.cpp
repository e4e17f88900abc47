#include "workloads/pipeline/simulate.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/workloads/pipeline/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::pipeline;
using Catch::Matchers::Contains;
using fixtures::FixedTimes;

namespace {

double bubble(Schedule s, int ranks, int micro_batches, const FixedTimes& t) {
    return to_seconds(simulate(make_plan(s, ranks, micro_batches), t).mean().waiting);
}

}  // namespace

TEST_CASE("bubbles of the published formulas come out of the schedules") {
    FixedTimes t;  // F = 1, B = 2 of which W = 1, F&B = 3
    for (const int pp : {4, 8, 16}) {
        CAPTURE(pp);
        CHECK(bubble(Schedule::one_f_one_b, pp, 4 * pp, t) == Approx((pp - 1) * (1 + 2)));
        CHECK(bubble(Schedule::zb1p, pp, 4 * pp, t) == Approx((pp - 1) * (1 + 2 - 2 * 1)));
        // (PP/2 - 1)(F&B + B - 3W) with the overlapped pair as long as both: the table of DualPipe's README.
        CHECK(bubble(Schedule::dual_pipe, pp, 4 * pp, t) == Approx((pp / 2 - 1) * (3 + 2 - 3)).margin(1.0));
        CHECK(bubble(Schedule::dual_pipe_v, pp / 2, 4 * pp, t) == Approx((pp / 2 - 1) * (3 + 2 - 3)).margin(1.0));
    }
}

TEST_CASE("a rank's parts add up to the end, and its spans do not overlap") {
    FixedTimes t;
    t.message = 0.25;
    t.overlapped = 2.5;
    for (const Schedule s : {Schedule::one_f_one_b, Schedule::zb1p, Schedule::dual_pipe, Schedule::dual_pipe_v}) {
        const PipelineRun run = simulate(make_plan(s, 4, 12), t);
        for (const RankUse& r : run.ranks) {
            const Time all = r.forward + r.backward + r.input_gradient + r.weight_gradient + r.overlapped + r.waiting;
            CHECK(all == run.end);
            for (std::size_t i = 1; i < r.spans.size(); ++i) { CHECK(r.spans[i].start >= r.spans[i - 1].end); }
        }
    }
}

TEST_CASE("longer cells and slower messages never end sooner") {
    for (const Schedule s : {Schedule::one_f_one_b, Schedule::zb1p, Schedule::dual_pipe, Schedule::dual_pipe_v}) {
        const Plan plan = make_plan(s, 4, 12);
        const FixedTimes base;
        const Time reference = simulate(plan, base).end;
        for (double FixedTimes::*part : {&FixedTimes::forward, &FixedTimes::backward, &FixedTimes::input,
                                         &FixedTimes::weight, &FixedTimes::overlapped, &FixedTimes::message}) {
            FixedTimes slower = base;
            slower.*part += 0.3;
            CHECK(simulate(plan, slower).end >= reference);
        }
    }
}

TEST_CASE("activations in flight: ranks of 1F1B, one more in DualPipe") {
    const FixedTimes t;
    CHECK(simulate(make_plan(Schedule::one_f_one_b, 8, 32), t).mean().most_in_flight == 8);
    CHECK(simulate(make_plan(Schedule::zb1p, 8, 32), t).mean().most_in_flight == 8);
    CHECK(simulate(make_plan(Schedule::dual_pipe, 8, 32), t).mean().most_in_flight == 9);
}

TEST_CASE("one rank runs everything without waiting") {
    const FixedTimes t;
    const PipelineRun run = simulate(make_plan(Schedule::one_f_one_b, 1, 5), t);
    CHECK(to_seconds(run.end) == Approx(5 * (1 + 2)));
    CHECK(run.mean().waiting == Time::zero());
}

TEST_CASE("a schedule that cannot go on names the chain of waits") {
    Plan p = make_plan(Schedule::one_f_one_b, 2, 2);
    // Rank 0 wants its gradient before it has sent the second micro-batch; rank 1 wants the second one first.
    p.cells[0] = {{{{PieceKind::forward, 0, 0}}},
                  {{{PieceKind::backward, 0, 0}}},
                  {{{PieceKind::forward, 0, 1}}},
                  {{{PieceKind::backward, 0, 1}}}};
    p.cells[1] = {{{{PieceKind::forward, 1, 0}}},
                  {{{PieceKind::forward, 1, 1}}},
                  {{{PieceKind::backward, 1, 0}}},
                  {{{PieceKind::backward, 1, 1}}}};
    CHECK_NOTHROW(check(p));
    CHECK_THROWS_WITH(simulate(p, FixedTimes{}), Contains("rank 0 waits before B0@0 for I0@1 of rank 1") &&
                                                     Contains("rank 1 waits before F1@1 for F1@0 of rank 0") &&
                                                     Contains("circle at rank 0"));
    p.cells[1].resize(2);
    p.cells[1].erase(p.cells[1].begin() + 1);
    CHECK_THROWS_WITH(simulate(p, FixedTimes{}), Contains("no rank (its order does not have it)"));
}
