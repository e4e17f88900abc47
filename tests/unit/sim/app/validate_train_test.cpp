#include "sim/app/validate_train.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace tessera;

namespace {

MeasuredTimeline shipped() {
    return read_measured_timeline(std::string(TESSERA_SOURCE_DIR) + "/workloads/deepseek_v3/h800_train");
}

// A run that takes `factor` times as long as measured, kernel by kernel, one after the other.
RunResult scaled(const MeasuredTimeline& m, double factor) {
    RunResult r;
    r.time = microseconds(m.wall_us * factor);
    Time at{};
    const auto add = [&](const MeasuredKernel& k, std::size_t iteration, double us) {
        Span s;
        s.role = k.role;
        s.region = k.region;
        s.op_class = k.op_class;
        s.iteration = static_cast<int>(iteration);
        s.start = at;
        s.end = at + microseconds(us * factor);
        at = s.end;
        r.timeline.spans.push_back(s);
    };
    for (const MeasuredKernel& k : m.kernels) {
        for (std::size_t i = 0; i < k.us.size(); ++i) {
            if (!k.group_us.empty()) {
                add(k, i, k.group_us[i]);
            } else {
                for (const double us : k.us[i]) { add(k, i, us); }
            }
        }
    }
    return r;
}

const ValidationCase& find_case(const ValidationReport& r, const std::string& id) {
    const auto it = std::find_if(r.cases.begin(), r.cases.end(), [&](const ValidationCase& c) { return c.id == id; });
    REQUIRE(it != r.cases.end());
    return *it;
}

}  // namespace

TEST_CASE("h800-train: a run as measured has no error and passes") {
    const MeasuredTimeline m = shipped();
    const ValidationReport r = compare_timelines(scaled(m, 1.0), m);
    CHECK(r.passed());
    for (const ValidationCase& c : r.cases) {
        INFO(c.id);
        CHECK(c.covered);
        CHECK(c.error() == Approx(0.0).margin(1e-6));
    }
    CHECK(find_case(r, "wall").predicted == Approx(129012));
    CHECK(find_case(r, "mlp(W)/routed_down_wgrad/0").measured == 1362);
}

TEST_CASE("h800-train: deviations are signed and miss the tolerances they should") {
    const MeasuredTimeline m = shipped();
    const ValidationReport r = compare_timelines(scaled(m, 1.15), m);
    CHECK_FALSE(r.passed());  // wall by 15 %, no class by more than 20 %
    CHECK(r.tolerances[0].what == "wall");
    CHECK_FALSE(r.tolerances[0].met());
    CHECK(std::count_if(r.tolerances.begin(), r.tolerances.end(), [](const auto& t) { return !t.met(); }) == 1);
    for (const FamilySummary& s : r.summary) { CHECK(s.mean_signed == Approx(0.15)); }
    CHECK_FALSE(compare_timelines(scaled(m, 0.75), m).tolerances[1].met());
}

TEST_CASE("h800-train: kernels that the run does not launch are reported, not dropped") {
    const MeasuredTimeline m = shipped();
    RunResult r = scaled(m, 1.0);
    auto& spans = r.timeline.spans;
    spans.erase(std::remove_if(spans.begin(), spans.end(), [](const Span& s) { return s.op_class == "rope"; }),
                spans.end());
    const ValidationReport report = compare_timelines(r, m);
    CHECK_FALSE(find_case(report, "attn(F)/rope_q/2").covered);
    CHECK_FALSE(find_case(report, "class/rope").covered);
    CHECK_FALSE(report.passed());  // rope is 1.2 % of the wall
    const auto all = compare_timelines(scaled(m, 1.0), m);
    CHECK(report.cases.size() == all.cases.size());
}
