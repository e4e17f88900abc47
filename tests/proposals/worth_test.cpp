// Every proposal on a small chunk of the simulated device: within its bound, monotone in its main parameter, and able
// to lose when that parameter starves.
#include "models/proposals/proposal.hpp"
#include "sim/app/compare.hpp"
#include "sim/app/run.hpp"
#include "sim/config/loader.hpp"
#include "sim/result/result_json.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace tessera;

namespace {

// One layer pair of 1,024 tokens on every expert rank, at a fixed clock: a clock that answers to power may fall when a
// parameter improves.
RunConfig small_chunk() {
    RunConfig run = default_run_config();
    run.workload.layers = 1;
    run.workload.tokens = run.workload.sequence = 1024;
    run.workload.router = RouterConfig{};
    run.simulation.clock = ClockMode::sustained;
    return run;
}

// Software has to use what is built.
RunConfig with(RunConfig run, const std::string& slug, const std::string& parameter, const std::string& value) {
    run.proposals = {{slug, {{parameter, value}}}};
    if (slug == "fused-cast-tma") { run.proposals.front().parameters.emplace("tuned", "false"); }
    return run;
}

struct Knob {
    const char* slug;
    const char* parameter;
    const char* starved;
    const char* poor;
    const char* rich;
};
const Knob knobs[] = {
    {"fused-cast-tma", "throughput", "\"1 B/clk\"", "\"32 B/clk\"", "\"256 B/clk\""},
    {"near-memory-quant", "throughput", "\"0.1 GB/s\"", "\"8 GB/s\"", "\"128 GB/s\""},
    {"group-scaled-mma", "rate", "0.05", "0.5", "1.0"},
    {"wide-accumulate", "rate", "0.05", "0.5", "1.0"},
    {"transposed-gemm", "read_rate", "0.02", "0.25", "1.0"},
    {"comm-coprocessor", "copy_throughput", "\"0.1 GB/s\"", "\"20 GB/s\"", "\"200 GB/s\""},
    {"unified-fabric", "switch_rate", "0.01", "0.5", "1.0"},
    {"warp-cast", "elements_per_clk", "1", "32", "512"},
};

TimerPool& shared_timers() {
    static TimerPool pool(simulated_devices());
    return pool;
}

double ms(const RunConfig& run) { return to_milliseconds(tessera::run(run, shared_timers(), "test").time); }

}  // namespace

TEST_CASE("a starved parameter makes a proposal lose, and more of it is never slower") {
    const RunConfig chunk = small_chunk();
    const double today = ms(chunk);
    // Bulk steps fall into and out of step with each other in the memory queues.
    constexpr double noise = 1.01;
    for (const Knob& k : knobs) {
        INFO(k.slug << " " << k.parameter);
        const double starved = ms(with(chunk, k.slug, k.parameter, k.starved));
        const double poor = ms(with(chunk, k.slug, k.parameter, k.poor));
        const double rich = ms(with(chunk, k.slug, k.parameter, k.rich));
        CHECK(starved > today);
        CHECK(poor <= starved * noise);
        CHECK(rich <= poor * noise);
    }
}

TEST_CASE("software that may choose leaves a starved casting load aside") {
    RunConfig chunk = small_chunk();
    const double today = ms(chunk);
    chunk.proposals = {{"fused-cast-tma", {{"throughput", "\"1 B/clk\""}}}};
    CHECK(ms(chunk) == today);
}

TEST_CASE("every proposal is listed with a knob that can starve it") {
    for (const Proposal* p : proposal_registry()) {
        INFO(p->slug());
        CHECK(std::any_of(std::begin(knobs), std::end(knobs), [p](const Knob& k) { return p->slug() == k.slug; }));
    }
}

TEST_CASE("no variant gains more than its bound, and -j changes no byte") {
    const RunConfig chunk = small_chunk();
    const Comparison one = compare(chunk, 1);
    const Comparison two = compare(chunk, 2);
    CHECK((to_json(one) == to_json(two)));
    REQUIRE(one.variants.size() == 17);
    for (const VariantOutcome& v : one.variants) {
        INFO(v.result.id);
        CHECK(v.speedup <= v.bound_speedup * (1 + 1e-9));
        CHECK(v.speedup > 0.5);
    }
}
