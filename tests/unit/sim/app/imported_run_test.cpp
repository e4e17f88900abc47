// covers: calibrated_book.cpp import_workload.cpp
#include "sim/app/imported_run.hpp"

#include "sim/app/calibrated_book.hpp"
#include "sim/app/compare.hpp"
#include "sim/app/import_workload.hpp"
#include "sim/app/run.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "tests/support/small_trace.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace tessera;

namespace {

// The small trace as a run; `more` are further members of its workload.
struct Imported {
    testing::TemporaryFolder folder;
    RunConfig config;
    explicit Imported(const std::string& more = {}, const std::string& proposals = "[]") {
        const std::string rules = folder.write("rules.json", testing::small_rules());
        const auto w = import_kineto(folder.write("trace.json", testing::small_trace()), {rules});
        folder.write("w.json", traces::to_json(w));
        const std::string run = R"({"name": "small", "system": ")" + std::string(TESSERA_SOURCE_DIR) +
                                R"(/configs/systems/h800.json", "workload": {"file": "w.json")" + more +
                                R"(}, "proposals": )" + proposals + "}";
        config = load_run_config(folder.write("run.json", run));
    }
    const Span& span(const RunResult& r, const std::string& role) const {
        for (const Span& s : r.timeline.spans) {
            if (s.role == role) { return s; }
        }
        throw InternalError("no such span");
    }
};

}  // namespace

TEST_CASE("a run may name an imported workload beside it") {
    const Imported i;
    CHECK(i.config.workload.name == "w");
    CHECK(std::filesystem::exists(i.config.workload.file));
    CHECK(i.config.provenance.count("/workload/file") == 1);
}

TEST_CASE("without proposals the calibrated run is the recording") {
    const Imported i;
    const RunResult r = run(i.config);
    CHECK(r.time == microseconds(355));
    const Timeline recorded = *recording_of(i.config);
    REQUIRE(recorded.spans.size() == r.timeline.spans.size());
    for (std::size_t n = 0; n < recorded.spans.size(); ++n) {
        CHECK(recorded.spans[n].name == r.timeline.spans[n].name);
        CHECK(recorded.spans[n].start == r.timeline.spans[n].start);
        CHECK(recorded.spans[n].end == r.timeline.spans[n].end);
    }
    CHECK(i.span(r, "proj").sms == 112);
    CHECK(r.tensor_utilization > 0);
}

TEST_CASE("a proposal changes the kernels it is about by the model's ratio and drops those it makes needless") {
    const Imported today, fused({}, R"(["fused-cast-tma"])");
    const RunResult before = run(today.config), after = run(fused.config);
    CHECK(after.timeline.spans.size() == before.timeline.spans.size() - 1);  // the cast is gone
    CHECK(after.time < before.time);
    CHECK(fused.span(after, "ns::mystery").end - fused.span(after, "ns::mystery").start == microseconds(50));
}

TEST_CASE("the model alone times what has a shape") {
    const Imported i(R"(, "timing": "predicted")");
    const RunResult r = run(i.config);
    const Span& gemm = i.span(r, "proj");
    CHECK(gemm.end - gemm.start != microseconds(200));
    CHECK(i.span(r, "ns::mystery").end - i.span(r, "ns::mystery").start == microseconds(50));
}

TEST_CASE("recorded durations can be replayed without the model") {
    Imported i;
    i.config.simulation.replay_recorded = true;
    const RunResult r = run(i.config);
    CHECK(r.time == microseconds(355));
    CHECK(r.tensor_utilization == 0);
}

TEST_CASE("comparisons take imported workloads") {
    Imported i;
    i.config.compare.proposals = {{"fused-cast-tma", {}}, {"group-scaled-mma", {}}};
    const Comparison c = compare(i.config, 1);
    CHECK(c.workload == "w");
    CHECK(c.baseline.time == microseconds(355));
    REQUIRE(c.variants.size() >= 3);
    for (const VariantOutcome& v : c.variants) { CHECK(v.result.time > Time::zero()); }
}

TEST_CASE("SMs that a task has") {
    Task t;
    t.kernel = StreamDesc{};
    CHECK(available_sms(t, false, 132, 20) == 132);
    CHECK(available_sms(t, true, 132, 20) == 112);
    t.sms = 100;
    CHECK(available_sms(t, true, 132, 20) == 100);
    ExchangeDesc e;
    e.sms = 24;
    t.kernel = e;
    CHECK(available_sms(t, false, 132, 20) == 24);
    TaskGraph g;
    CHECK(held_by_links(g, 20) == 20);
    g.tasks = {t};
    CHECK(held_by_links(g, 20) == 24);
}

TEST_CASE("the shipped rules that name most of a trace are chosen") {
    const testing::TemporaryFolder folder;
    const std::string trace = folder.write("t.json", testing::small_trace());
    CHECK(import_kineto(trace, {}).rules.empty());  // none knows these kernels
    CHECK(import_text(import_kineto(trace, {})).find("ns::mystery") != std::string::npos);
    CHECK(import_json(import_kineto(trace, {})).find("\"named_share\": 0") != std::string::npos);
    CHECK_THROWS_AS(import_kineto(trace, {"no-such-rules"}), ConfigError);
}

TEST_CASE("DeepSeek's trace replays to its recorded time") {
    const std::string trace = std::string(TESSERA_SOURCE_DIR) + "/../shared/traces/deepseek_v3_train.json";
    if (!std::filesystem::exists(trace)) {
        WARN("skipped: ../shared/traces/deepseek_v3_train.json is not here");
        return;
    }
    const traces::ImportedWorkload w = import_kineto(trace, {});
    CHECK(w.rules == "deepseek_v3");
    CHECK(w.tasks.size() == 983);
    const traces::ImportSummary s = traces::summarize(w);
    CHECK(s.named == 1.0);
    CHECK(s.shaped > 0.98);
    const testing::TemporaryFolder folder;
    folder.write("w.json", traces::to_json(w));
    RunConfig config = load_run_config(
        folder.write("run.json", R"({"name": "r", "system": ")" + std::string(TESSERA_SOURCE_DIR) +
                                     R"(/configs/systems/h800.json", "workload": {"file": "w.json"}})"));
    config.simulation.replay_recorded = true;
    const double ms = to_milliseconds(run(config).time);
    CHECK(ms >= 128.5);
    CHECK(ms <= 129.1);
}
