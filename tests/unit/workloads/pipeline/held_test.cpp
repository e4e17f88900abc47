#include "workloads/pipeline/held.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/workloads/pipeline/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::pipeline;

TEST_CASE("held: 1F1B holds as many micro-batches as ranks behind it, by the stage's size") {
    const PipelineRun run = simulate(make_plan(Schedule::one_f_one_b, 4, 12), fixtures::FixedTimes{});
    const std::vector<Bytes> sizes = {bytes(10), bytes(20), bytes(30), bytes(40)};
    for (std::size_t r = 0; r < 4; ++r) {
        CHECK(most_held(run.ranks[r], sizes).raw() == static_cast<std::int64_t>(4 - r) * sizes[r].raw());
    }
    CHECK_THROWS_AS(most_held(run.ranks[3], {bytes(1)}), InternalError);
}

TEST_CASE("held: equal stages agree with the count of micro-batches in flight") {
    for (const Schedule s : {Schedule::zb1p, Schedule::dual_pipe, Schedule::dual_pipe_v}) {
        const Plan plan = make_plan(s, 4, 16);
        const PipelineRun run = simulate(plan, fixtures::FixedTimes{});
        for (const RankUse& r : run.ranks) {
            CHECK(most_held(r, std::vector<Bytes>(static_cast<std::size_t>(plan.stages), bytes(7))).raw() ==
                  7 * r.most_in_flight);
        }
    }
}
