#include "sim/app/kept_apart.hpp"

#include "models/proposals/selection.hpp"
#include "tests/support/small_graphs.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

namespace {

// Stream kernels take 10 us, products 100 us and `fused` with a cast inside.
class FormTimer : public KernelTimer {
public:
    explicit FormTimer(Time fused) : fused_(fused) {}
    KernelResult time(const KernelDesc& kernel, const KernelContext&) override {
        const auto* gemm = std::get_if<GemmDesc>(&kernel);
        KernelResult r;
        r.time = gemm == nullptr ? microseconds(10) : gemm->fused_cast_a ? fused_ : microseconds(100);
        return r;
    }

private:
    Time fused_;
};

KeptApart chosen(const TaskGraph& graph, const std::vector<ProposalChoice>& choices, Time fused) {
    TimerPool pool([fused](const SystemConfig&) { return std::make_unique<FormTimer>(fused); });
    const std::vector<ActiveProposal> active = select_proposals(choices, "test");
    const SystemConfig system = configured(testing::h800(), active);
    KernelBook book(pool.view(system), false);
    return kept_apart(graph, proposal_passes(active), system, book);
}

}  // namespace

TEST_CASE(
    "a cast is fused as long as it and its scale transpose, with a gap each, take longer than the product grows") {
    const Time gap = testing::h800().launch.kernel_gap;
    const Time saved = microseconds(20) + gap * 2.0;
    const std::vector<ProposalChoice> fused = {{"fused-cast-tma", {}}};
    CHECK(chosen(cast_chain(), fused, microseconds(100) + saved - nanoseconds(1)).empty());
    CHECK(chosen(cast_chain(), fused, microseconds(100) + saved + nanoseconds(1)) == KeptApart{"cast"});
    CHECK(chosen(cast_chain(), fused, microseconds(50)).empty());
}

TEST_CASE("what a cast alone decides is not said of those that follow it") {
    const KeptApart apart = chosen(cast_chain(), {{"fused-cast-tma", {}}}, microseconds(500));
    CHECK(apart.count("cast") == 1);
    CHECK(apart.count("norm") == 0);
}

TEST_CASE("layers of a kind are judged by the first of them") {
    TaskGraph two = cast_chain();
    const auto first = static_cast<TaskId>(two.tasks.size());
    for (Task t : cast_chain().tasks) {
        t.name += "2";
        t.iteration = 1;
        t.id += first;
        for (TaskId& dep : t.deps) { dep += first; }
        two.tasks.push_back(std::move(t));
    }
    CHECK(chosen(two, {{"fused-cast-tma", {}}}, microseconds(500)) ==
          chosen(cast_chain(), {{"fused-cast-tma", {}}}, microseconds(500)));
}

TEST_CASE("nothing is chosen where no pass offers it") {
    CHECK(chosen(cast_chain(), {}, microseconds(500)).empty());
    CHECK(chosen(cast_chain(), {{"warp-cast", {}}}, microseconds(500)).empty());
    CHECK(chosen(cast_chain(), {{"fused-cast-tma", {{"tuned", "false"}}}}, microseconds(500)).empty());
}
