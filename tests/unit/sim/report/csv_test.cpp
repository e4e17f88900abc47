#include "sim/report/report.hpp"
#include "tests/support/sample_comparison.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("csv has one line per variant and plain numbers") {
    const std::string csv = variants_csv(sample::comparison());
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 1 + 5);
    CHECK(holds(csv, "\nwarp-cast,warp-cast,9e-04,"));
    CHECK(holds(csv, "\nall,warp-cast group-scaled-mma,0.00072,"));
    CHECK(holds(classes_csv(sample::comparison()), "\nbaseline,gemm_fp8_fwd,2,8e-04,8e-04,40000000,0,0,0\n"));
}
