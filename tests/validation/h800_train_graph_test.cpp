// The graph built from the architecture's parameters against the operators of the measured training chunk.
#include "sim/config/loader.hpp"
#include "tests/validation/trace_graph.hpp"
#include "workloads/deepseek_v3/train_chunk.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace tessera;
using namespace tessera::validation;

namespace {

constexpr int kIterations = 4;
constexpr double kBytesTolerance = 0.01;

std::string data(const char* file) { return std::string(TESSERA_SOURCE_DIR) + "/tests/validation/h800_train/" + file; }

TaskGraph built() {
    const RunConfig run =
        load_run_config(std::string(TESSERA_SOURCE_DIR) + "/configs/runs/deepseek_v3_train_chunk.json");
    return deepseek_v3::build_train_chunk(run.workload, run.system);
}

bool negligible(const Difference& d) { return d.field.rfind("bytes", 0) == 0 && d.relative <= kBytesTolerance; }

using Key = std::pair<std::string, std::string>;  // operator, field

std::map<Key, double> expected_limits() {
    std::map<Key, double> limits;
    const JsonValue file = read_json_file(data("expected_differences.json"));
    for (const JsonValue& d : file.find("differences")->items()) {
        for (const JsonValue& op : d.find("operators")->items()) {
            limits[{op.as_string(), d.find("field")->as_string()}] = d.find("limit")->as_double();
        }
    }
    return limits;
}

// Differences that are neither negligible nor expected, and expectations that no longer hold.
std::vector<std::string> surprises(const std::vector<Difference>& differences) {
    std::vector<std::string> out;
    std::map<Key, double> limits = expected_limits();
    for (const Difference& d : differences) {
        if (negligible(d)) { continue; }
        const auto limit = limits.find({d.op, d.field});
        if (limit != limits.end() && d.relative <= limit->second) {
            limits.erase(limit);
            continue;
        }
        out.push_back(d.op + ": " + d.field + ": built " + d.built + ", measured " + d.measured);
    }
    for (const auto& [key, limit] : limits) {
        out.push_back(key.first + ": " + key.second + ": expected difference is gone");
    }
    return out;
}

std::vector<Difference> differences(const TaskGraph& g) {
    return compare(built_operators(g, kIterations),
                   measured_operators(read_json_file(data("graph.json")), kIterations));
}

}  // namespace

TEST_CASE("training chunk against the measured graph: every difference is named and expected") {
    const std::vector<std::string> found = surprises(differences(built()));
    for (const std::string& s : found) { UNSCOPED_INFO(s); }
    CHECK(found.empty());
}

TEST_CASE("the graph comparison notices what is wrong") {
    const TaskGraph good = built();
    const auto broken = [&](const char* name, auto change) {
        TaskGraph g = good;
        for (Task& t : g.tasks) {
            if (t.name == name) { change(t); }
        }
        return surprises(differences(g)).size();
    };
    CHECK(broken("F1.attn.q_b_proj", [](Task& t) { std::get<GemmDesc>(t.kernel).n = 512; }) >= 2);
    CHECK(broken("F1.attn.q_b_proj", [](Task& t) { t.op_class = "other"; }) == 1);
    CHECK(broken("F1.attn.q_b_proj", [](Task& t) { t.role = "renamed"; }) >= 2);
    CHECK(broken("B2.mlp.routed_down_dgrad", [](Task& t) { t.sms = 132; }) == 1);
    CHECK(broken("B2.attn.cast_dQ", [](Task& t) { mutable_writes(t.kernel)[0]->dtype = DType::bf16; }) == 1);
    CHECK(broken("F0.mlp.swiglu+cast_shared", [](Task& t) { t.deps.clear(); }) == 1);
    CHECK(broken("B0.combine.dispatch_dY", [](Task& t) { t.stream = 0; }) >= 1);
    CHECK(broken("B0.attn_w.q_a_wgrad", [](Task& t) { t.repeat = 2; }) >= 1);
}
