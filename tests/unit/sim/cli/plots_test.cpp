#include "sim/cli/plots.hpp"
#include "sim/base/data_files.hpp"
#include "sim/report/plots.hpp"
#include "sim/result/result_json.hpp"
#include "tests/support/sample_comparison.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

using namespace tessera::cli;

namespace {

PlotRequest request(const testing::TemporaryFolder& folder, const Comparison& c) {
    PlotRequest r;
    r.script = find_data("scripts/plots/report_plots.py");
    r.result_json = folder.write("it's a result.json", to_json(c));
    r.folder = folder.path() + "/plots";
    r.families = report::families_json(c);
    return r;
}

}  // namespace

TEST_CASE("without python, the script or a result the report goes on without plots") {
    const testing::TemporaryFolder folder;
    PlotRequest r = request(folder, sample::comparison());
    REQUIRE_FALSE(r.script.empty());
    PlotRequest no_python = r, no_script = r, no_result = r;
    no_python.python = "/nonexistent/python3";
    no_script.script.clear();
    no_result.result_json = folder.write("broken.json", "{}");
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
