#include "sim/cli/numerics_report.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace tessera;

namespace {

NumericsPoint point(bool timed) {
    NumericsPoint p;
    p.label = "13";
    p.outcome.mma = numerics::mma_spec("hopper", numerics::Format::e4m3);
    p.outcome.arithmetic.relative_frobenius = 0.00125;
    p.outcome.whole.relative_frobenius = 0.25;
    if (timed) {
        p.outcome.timing.emplace();
        p.outcome.timing->time = microseconds(5);
        p.pareto_whole = true;
    }
    return p;
}

}  // namespace

TEST_CASE("a point has the same figures as JSON, CSV and text") {
    for (const bool timed : {false, true}) {
        const std::vector<NumericsPoint> points = {point(timed)};
        const std::string csv = cli::to_csv(points);
        const std::string head = csv.substr(0, csv.find('\n')), line = csv.substr(csv.find('\n') + 1);
        CHECK(std::count(head.begin(), head.end(), ',') == std::count(line.begin(), line.end(), ','));
        CHECK(line.find(",0.00125,") != std::string::npos);
        const JsonValue v = cli::to_json(points).find("points")->items().front();
        CHECK(v.find("arithmetic_error")->find("relative_frobenius")->as_double() == 0.00125);
        CHECK((v.find("time_s") != nullptr) == timed);
        CHECK(v.find("pareto_whole")->as_boolean() == timed);
        const std::string text = cli::to_text(points);
        CHECK(text.find("1.25e-03") != std::string::npos);
        CHECK((text.find("5.00") != std::string::npos) == timed);
    }
    CHECK(cli::to_text(point(true).outcome).find("13 fraction bits") != std::string::npos);
}
