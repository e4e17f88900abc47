#include "sim/app/lowered.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"
#include "workloads/deepseek_v3/train_chunk.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

namespace {

struct Lowered {
    explicit Lowered(const RunConfig& config)
        : pool(rooflines()),
          book(pool.view(config.system), false),
          workload(lower_workload(config, config.system, {}, book)) {
        book.set_clock(megahertz(1500));
    }
    TimerPool pool;
    KernelBook book;
    LoweredWorkload workload;
};

}  // namespace

TEST_CASE("ranks with the same load are folded into one") {
    RunConfig config = default_run_config();
    config.workload.router.load = RouterLoad::balanced;
    const Lowered l(config);
    CHECK(l.workload.ranks.size() == 1);
    CHECK(l.workload.simulated_ranks == config.workload.parallel.expert_ranks);
}

TEST_CASE("every rank has a kernel for every task, and only row-dependent ones differ") {
    const RunConfig config = default_run_config();
    const Lowered l(config);
    REQUIRE(l.workload.ranks.size() == static_cast<std::size_t>(config.workload.parallel.expert_ranks));
    const TaskGraph& graph = l.workload.graph;
    for (std::size_t t = 0; t < graph.tasks.size(); ++t) {
        const bool attention = std::holds_alternative<AttentionDesc>(graph.tasks[t].kernel);
        for (const RankKernels& r : l.workload.ranks) {
            REQUIRE(r.kernels.size() == graph.tasks.size());
            if (attention) { REQUIRE(r.kernels[t] == l.workload.ranks[0].kernels[t]); }
        }
    }
}

// A rank's interpolated kernels against those of its true load: the timer is a roofline, hence linear in the rows but
// for the rounding to whole blocks of rows.
TEST_CASE("interpolated kernels take the time of the exact ones") {
    const RunConfig config = default_run_config();
    Lowered l(config);
    const auto loads = deepseek_v3::rank_loads(config.workload, config.workload.parallel.expert_ranks);
    const std::size_t rank = 17;
    const TaskGraph exact = deepseek_v3::build_train_chunk(config.workload, config.system, loads[rank]);
    for (std::size_t t = 0; t < exact.tasks.size(); ++t) {
        INFO(exact.tasks[t].name);
        const int own = l.book.add(exact.tasks[t].kernel);
        const double expected = to_seconds(l.book.price(own, 112).time);
        REQUIRE(to_seconds(l.book.price(l.workload.ranks[rank].kernels[t], 112).time) ==
                Approx(expected).epsilon(0.02));
    }
}

TEST_CASE("fewer ranks can be simulated and unknown workloads are refused") {
    RunConfig config = default_run_config();
    config.simulation.simulated_ranks = 4;
    CHECK(Lowered(config).workload.ranks.size() == 4);
    config.workload.kind = "knitting";
    CHECK_THROWS_WITH(Lowered(config), Catch::Contains("knitting"));
    CHECK_THROWS_AS(Lowered(config), ModelError);
}
