#include "sim/cli/plots.hpp"
#include "sim/app/validation_report.hpp"
#include "sim/base/json.hpp"
#include "sim/report/plots.hpp"
#include "sim/result/result_json.hpp"
#include "tests/support/sample_comparison.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

using namespace tessera::cli;

namespace {

PlotRequest request(const testing::TemporaryFolder& folder, const Comparison& c) {
    return comparison_plots(folder.write("it's a result.json", to_json(c)), folder.path() + "/plots",
                            report::families_json(c));
}

}  // namespace

TEST_CASE("without python, the script or a result the report goes on without plots") {
    const testing::TemporaryFolder folder;
    PlotRequest r = request(folder, sample::comparison());
    REQUIRE_FALSE(r.script.empty());
    PlotRequest no_python = r, no_script = r, no_result = r;
    no_python.python = "/nonexistent/python3";
    no_script.script.clear();
    no_result.input = folder.write("broken.json", "{}");
    CHECK(draw_plots(no_python).empty());
    CHECK(draw_plots(no_script).empty());
    CHECK(draw_plots(no_result).empty());
    CHECK_FALSE(std::filesystem::exists(r.folder));
}

TEST_CASE("matplotlib draws four plots with names that hold any character") {
    const testing::TemporaryFolder folder;
    Comparison c = sample::comparison();
    c.baseline.classes[0].op_class = "$x_1$ <b>";
    const auto images = draw_plots(request(folder, c));
    if (images.empty()) {
        WARN("skipped: python3 with matplotlib is not installed");
        return;
    }
    REQUIRE(images.size() == 4);
    CHECK(images[0].base64.rfind("iVBORw0KGgo", 0) == 0);  // the signature of PNG
    CHECK(std::filesystem::exists(folder.path() + "/plots/timeline.svg"));
}

TEST_CASE("matplotlib draws predictions against measurements, errors and families") {
    const testing::TemporaryFolder folder;
    ValidationReport report;
    for (int i = 1; i <= 12; ++i) {
        ValidationCase c;
        c.id = "case " + std::to_string(i);
        c.family = i % 2 == 0 ? "gemm" : "l2_read";
        c.unit = i % 2 == 0 ? "us" : "GB/s";
        c.measured = 10.0 * i;
        c.predicted = 9.5 * i;
        report.cases.push_back(c);
    }
    const std::string json = folder.write("validation.json", write_json(to_json(report)));
    const auto images = draw_plots(validation_plots(json, folder.path() + "/plots"));
    if (images.empty()) {
        WARN("skipped: python3 with matplotlib is not installed");
        return;
    }
    CHECK(images.size() == 3);
    CHECK(draw_plots(validation_plots(folder.write("other.json", "{}"), folder.path() + "/none")).empty());
}

TEST_CASE("matplotlib draws the front, effects, heat map, lines and attribution of a sweep") {
    const testing::TemporaryFolder folder;
    const std::string results = R"({"schema": "tessera.sweep/1", "objectives": ["time_s", "area_mm2"], "pareto": [0, 1],
        "reference": {"time_s": 0.2, "area_mm2": {"low": 0, "nominal": 0, "high": 0}},
        "effects": [{"path": "a", "swing_s": 0.1, "levels": [{"value": false, "mean_time_s": 0.2, "points": 1},
                     {"value": "3 TB/s", "mean_time_s": 0.1, "points": 1}]}],
        "heat_map": {"down": "a", "across": "b", "rows": [1, 2], "columns": ["x"], "mean_time_s": [[0.1], [null]]},
        "attribution": {"proposals": ["p", "q"], "shapley_s": [0.1, -0.05], "interactions_s": [[0, -0.1], [-0.1, 0]],
                        "best": []},
        "points": [{"index": 0, "status": "done", "parameters": {"a": false}, "time_s": 0.2,
                    "area_mm2": {"low": 1, "nominal": 2, "high": 3}},
                   {"index": 1, "status": "done", "parameters": {"a": "3 TB/s"}, "time_s": 0.1,
                    "area_mm2": {"low": 1, "nominal": 4, "high": 8}},
                   {"index": 2, "status": "skipped", "parameters": {"a": false}, "reason": "$why_$"}]})";
    const auto images = draw_plots(sweep_plots(folder.write("results.json", results), folder.path() + "/plots"));
    if (images.empty()) {
        WARN("skipped: python3 with matplotlib is not installed");
        return;
    }
    CHECK(images.size() == 5);
    CHECK(draw_plots(sweep_plots(folder.write("broken.json", "{}"), folder.path() + "/none")).empty());
}
