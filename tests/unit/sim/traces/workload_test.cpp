// covers: workload_read.cpp workload_graph.cpp
#include "sim/traces/workload.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::traces;

namespace {

ImportedWorkload sample() {
    ImportedWorkload w;
    w.name = "sample";
    w.source = "kineto";
    w.source_file = "trace.json";
    w.device_sms = 132;
    w.link_sms = 20;
    w.streams = {{"stream 7", StreamRole::compute, 0}, {"stream 27", StreamRole::communication, 0}};
    WorkloadTask cast;
    cast.name = "cast";
    cast.role = "cast_x";
    cast.op_class = "quant_per_token_cast";
    cast.kernel_name = "void cast<\"a\">(int)";
    cast.pass = TaskPass::forward;
    cast.duration = microseconds(52);
    cast.kernel = parse_json(R"({"kind": "per_token_cast", "rows": 128, "cols": 256})", "k");
    cast.reads = {"x"};
    cast.writes = {"q", "s"};
    cast.beside_links = true;
    WorkloadTask other = cast;
    other.name = "other";
    other.stream = 1;
    other.start = microseconds(60);
    other.gap = nanoseconds(1500);
    other.after = {0};
    other.sms = 20;
    other.bytes = bytes(4096);
    other.region = "r";
    other.iteration = 2;
    other.kernel.reset();
    other.reads.clear();
    other.writes.clear();
    w.tasks = {cast, other};
    w.notes = {{"left out", 3, {"event 1", "event 2"}}};
    return w;
}

ImportedWorkload reread(const ImportedWorkload& w) { return workload_from_json(parse_json(to_json(w), "w"), "w"); }

// The sample with `from` replaced; the first problem's place and message.
std::string problem(const std::string& from, const std::string& to) {
    std::string text = to_json(sample());
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    try {
        workload_from_json(parse_json(text, "w"), "w");
    } catch (const ConfigError& e) { return e.diagnostics().front().pointer + ": " + e.diagnostics().front().message; }
    return "accepted";
}

}  // namespace

TEST_CASE("a workload reads back as it was written") {
    const std::string text = to_json(sample());
    CHECK(to_json(reread(sample())) == text);
    const ImportedWorkload w = reread(sample());
    CHECK(w.tasks[1].after == std::vector<int>{0});
    CHECK(w.tasks[1].gap == nanoseconds(1500));
    CHECK(w.tasks[0].kernel_name == "void cast<\"a\">(int)");
    CHECK(w.notes[0].first.size() == 2);
    CHECK(w.wall() == microseconds(112));
}

TEST_CASE("workloads that make no sense are refused with the place") {
    CHECK(problem("tessera.workload/1", "tessera.workload/9") == "/schema: expected \"tessera.workload/1\"");
    CHECK(problem("\"after\":[0]", "\"after\":[1]").rfind("/tasks/1/after/0: expected a whole number from 0 to 0", 0) ==
          0);
    CHECK(problem("\"name\":\"other\"", "\"name\":\"cast\"").rfind("/tasks/1/name: expected a name that no other", 0) ==
          0);
    CHECK(problem("\"stream\":1", "\"stream\":2").rfind("/tasks/1/stream: ", 0) == 0);
    CHECK(problem("\"duration_ns\":52000", "\"duration_ns\":-1").rfind("/tasks/0/duration_ns: ", 0) == 0);
    CHECK(problem("\"duration_ns\":52000", "\"duration_ns\":1800000000001").rfind("/tasks/0/duration_ns: ", 0) == 0);
    CHECK(problem("\"rows\":128", "\"rows\":0").rfind("/tasks/0/kernel/rows: ", 0) == 0);
    CHECK(problem("[\"q\",\"s\"]", "[\"q\"]") == "/tasks/0: writes names 1 tensors, the kernel has 2");
    CHECK(problem("[\"x\"]", "[\"\"]") == "/tasks/0: a tensor without a name");
    CHECK(problem("\"role\": \"compute\"", "\"role\": \"none\"").rfind("/streams/0/role: \"none\" is none of", 0) == 0);
    CHECK(problem("\"gap_ns\":0", "\"gap_n\":0") == "/tasks/0/gap_n: unknown key");
}

TEST_CASE("the graph holds descriptions where shapes are known and recorded times elsewhere") {
    const TaskGraph g = workload_graph(sample());
    REQUIRE(g.tasks.size() == 2);
    CHECK(std::get<StreamDesc>(g.tasks[0].kernel).reads[0].tensor == "x");
    CHECK(std::get<RecordedDesc>(g.tasks[1].kernel).duration == microseconds(52));
    CHECK(std::get<RecordedDesc>(g.tasks[1].kernel).hbm_bytes == bytes(4096));
    CHECK(g.tasks[1].deps == std::vector<TaskId>{0});
    CHECK(g.inputs == std::vector<std::string>{"x"});
    CHECK(g.outputs.empty());  // a cast's values and scales are read by recognised kernels or by none
}

TEST_CASE("a kernel recorded without a duration takes the least that profilers resolve") {
    ImportedWorkload w = sample();
    w.tasks[1].duration = Time::zero();
    CHECK(std::get<RecordedDesc>(workload_graph(w).tasks[1].kernel).duration == nanoseconds(1));
}
