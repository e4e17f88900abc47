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
