// covers: recorded_trace.cpp recognise.cpp launch_places.cpp link_tensors.cpp import_summary.cpp
#include "sim/traces/import_trace.hpp"

#include "sim/base/error.hpp"
#include "sim/lower/dataflow.hpp"
#include "sim/traces/import_summary.hpp"
#include "sim/traces/kineto/kineto_reader.hpp"
#include "tests/support/small_trace.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::traces;

namespace {

RecordedTrace recorded(const std::string& text = testing::small_trace()) {
    const testing::TemporaryFolder folder;
    return read_kineto(folder.write("t.json", text));
}

ImportedWorkload imported(const std::string& rules = testing::small_rules()) {
    return import_trace(recorded(), {parse_rules(parse_json(rules, "rules"), "rules")});
}

const WorkloadTask& task(const ImportedWorkload& w, const std::string& role) {
    for (const WorkloadTask& t : w.tasks) {
        if (t.role == role) { return t; }
    }
    throw InternalError("no such task");
}

}  // namespace

TEST_CASE("kernels become tasks with roles, shapes and times") {
    const ImportedWorkload w = imported();
    REQUIRE(w.tasks.size() == 4);
    CHECK(w.wall() == microseconds(355));
    CHECK(w.device_sms == 132);
    CHECK(w.rank == 3);
    CHECK(w.ranks == 8);
    const WorkloadTask& gemm = task(w, "proj");
    CHECK(gemm.region == "step");
    CHECK(gemm.name == "step0.proj");
    CHECK(gemm.sms == 112);
    CHECK(gemm.start == microseconds(102));
    CHECK(gemm.duration == microseconds(200));
    CHECK(gemm.gap == microseconds(2));
    REQUIRE(gemm.kernel);
    CHECK(gemm.kernel->find("m")->as_integer() == 4096);  // set by the cast
    CHECK(gemm.kernel->find("n")->as_integer() == 2048);
    CHECK(gemm.kernel->find("k")->as_integer() == 1024);
}

TEST_CASE("unknown kernels keep their time and are listed") {
    const ImportedWorkload w = imported();
    const WorkloadTask& t = task(w, "ns::mystery");
    CHECK(t.op_class == "unknown");
    CHECK_FALSE(t.kernel);
    CHECK(t.sms == 64);  // a block an SM at most
    const ImportSummary s = summarize(w);
    REQUIRE(s.unknown.size() == 1);
    CHECK(s.unknown[0].time == microseconds(50));
    CHECK(s.unknown[0].share == Approx(50.0 / 500));
    CHECK(s.named == Approx(450.0 / 500));
    CHECK(s.shaped == Approx(450.0 / 500));
    CHECK(summarize(import_trace(recorded(), {})).named == 0);
}

TEST_CASE("what a GEMM reads is what the cast before it wrote") {
    const ImportedWorkload w = imported();
    const WorkloadTask &cast = task(w, "cast_x"), &gemm = task(w, "proj");
    CHECK(gemm.reads.at(0) == cast.writes.at(0));
    CHECK(gemm.reads.at(1) != cast.writes.at(0));  // weights are nobody's result
    const TaskGraph g = workload_graph(w);
    CHECK(unwritten_reads(g).empty());
    CHECK(unordered_reads(g).empty());
    // BF16 results may be read by kernels that nobody knows; FP8 ones are read by those that are recognised.
    CHECK(std::count(g.outputs.begin(), g.outputs.end(), gemm.writes.at(0)) == 1);
    CHECK(std::count(g.outputs.begin(), g.outputs.end(), cast.writes.at(0)) == 0);
}

TEST_CASE("a rule whose formula has no value leaves the recorded time and says why") {
    std::string rules = testing::small_rules();
    rules.replace(rules.find("\"k\": \"smem\""), 11, "\"k\": \"smem / 1000\"");
    const ImportedWorkload w = imported(rules);
    CHECK_FALSE(task(w, "proj").kernel);
    CHECK(std::any_of(w.notes.begin(), w.notes.end(), [](const WorkloadNote& n) {
        return n.what == "no shape for proj: k = smem / 1000: 1024 / 1000 does not come out even";
    }));
    CHECK(summarize(w).unshaped.size() == 1);
}

TEST_CASE("a role whose condition fails is not given") {
    std::string rules = testing::small_rules();
    rules.replace(rules.find("smem == 1024"), 12, "smem == 2048");
    CHECK_THROWS_AS(task(imported(rules), "proj"), InternalError);
}

TEST_CASE("a kernel beside one that drives links for half its time is marked") {
    std::string rules = testing::small_rules();
    rules.replace(rules.find("\"rules\""), 7, "\"communication\": [\"side*\"], \"rules\"");
    const ImportedWorkload w = imported(rules);
    CHECK(task(w, "proj").beside_links);
    CHECK_FALSE(task(w, "cast_x").beside_links);
    CHECK(w.streams.at(1).role == StreamRole::communication);
    CHECK(w.link_sms == 0);  // 132 blocks are no kernel of the links
}

TEST_CASE("traces that no Time can hold are refused") {
    std::string text = testing::small_trace();
    text.replace(text.find("\"ts\":1305"), 9, "\"ts\":99999999999");
    CHECK_THROWS_AS(import_trace(recorded(text), {}), ModelError);
}
