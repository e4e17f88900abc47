#include "sim/app/validation_report.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

ValidationCase make_case(const std::string& family, double measured, double predicted, bool covered = true) {
    ValidationCase c;
    c.id = family + "/" + std::to_string(measured);
    c.family = family;
    c.measured = measured;
    c.predicted = predicted;
    c.covered = covered;
    if (!covered) { c.reason = "no model"; }
    return c;
}

}  // namespace

TEST_CASE("validation: quantiles lie between sorted neighbours") {
    CHECK(quantile({4, 1, 3, 2, 5}, 0.5) == 3.0);
    CHECK(quantile({0, 10}, 0.9) == Approx(9.0));
    CHECK(quantile({7}, 0.9) == 7.0);
    CHECK_THROWS_AS(quantile({}, 0.5), InternalError);
}

TEST_CASE("validation: families are summed up over covered cases, signs kept in the mean") {
    const std::vector<FamilySummary> s = summarize_cases({make_case("gemm", 100, 110), make_case("gemm", 100, 80),
                                                          make_case("gemm", 100, 0, false), make_case("copy", 10, 10)});
    REQUIRE(s.size() == 2);
    CHECK(s[0].family == "gemm");
    CHECK(s[0].cases == 3);
    CHECK(s[0].covered == 2);
    CHECK(s[0].median_abs == Approx(0.15));
    CHECK(s[0].p90_abs == Approx(0.19));
    CHECK(s[0].worst_abs == Approx(0.2));
    CHECK(s[0].mean_signed == Approx(-0.05));
    CHECK(s[1].worst_abs == Approx(0.0).margin(1e-12));
}

TEST_CASE("validation: cases that set a constant, or hold no quantity, count in no figure") {
    std::vector<ValidationCase> cases = {make_case("gemm", 100, 110), make_case("gemm", 100, 100),
                                         make_case("gemm", 100, 0, false)};
    cases[1].standing = Standing::calibration;
    cases[2].standing = Standing::no_quantity;
    const std::vector<FamilySummary> s = summarize_cases(cases);
    CHECK(s.at(0).cases == 1);
    CHECK(s[0].covered == 1);
    CHECK(s[0].set_aside == 2);
    CHECK(s[0].median_abs == Approx(0.1));
    ValidationReport r;
    r.cases = cases;
    r.summary = s;
    const std::string json = write_json(to_json(r));
    CHECK(json.find("\"calibration\"") != std::string::npos);
    CHECK(json.find("\"no quantity\"") != std::string::npos);
}

TEST_CASE("validation: a report passes only if every tolerance is met") {
    ValidationReport r;
    CHECK(r.passed());
    r.tolerances = {{"wall", -0.09, 0.10, ""}};
    CHECK(r.passed());
    r.tolerances.push_back({"class gemm", -0.21, 0.20, ""});
    CHECK_FALSE(r.passed());
}

TEST_CASE("validation: JSON has the form users rely on") {
    ValidationReport r;
    r.set = "h800-train";
    r.cases = {make_case("gemm", 100, 110), make_case("gemm", 50, 0, false)};
    r.summary = summarize_cases(r.cases);
    r.tolerances = {{"wall", 0.2, 0.1, "known"}, {"class", 0.0, 0.1, "not needed"}};
    const JsonValue v = parse_json(write_json(to_json(r)), "report");
    CHECK(v.find("schema")->as_string() == "tessera.validate/1");
    CHECK_FALSE(v.find("passed")->as_boolean());
    const std::vector<JsonValue>& cases = v.find("cases")->items();
    REQUIRE(cases.size() == 2);
    CHECK(cases[0].find("error")->as_double() == Approx(0.1));
    CHECK(cases[1].find("predicted") == nullptr);
    CHECK_FALSE(cases[1].find("covered")->as_boolean());
    CHECK(cases[1].find("reason")->as_string() == "no model");
    CHECK(v.find("tolerances")->items()[0].find("known_reason")->as_string() == "known");
    CHECK(v.find("tolerances")->items()[1].find("known_reason") == nullptr);
    CHECK(v.find("summary")->find("gemm")->find("covered")->as_integer() == 1);
}

TEST_CASE("validation: reports join, ids stay unique, rates keep their unit") {
    ValidationReport a, b;
    a.set = "a";
    a.cases = {make_case("gemm", 100, 110), make_case("copy", 10, 10)};
    b.set = "b";
    b.cases = {make_case("gemm", 100, 90)};
    b.cases.back().unit = "GB/s";
    b.tolerances = {{"wall", 0.2, 0.1, ""}};
    const ValidationReport all = merged({a, b});
    CHECK(all.set == "a+b");
    REQUIRE(all.cases.size() == 3);
    CHECK(all.cases[0].id != all.cases[2].id);
    CHECK(all.cases[2].set == "b");
    REQUIRE(all.summary.size() == 3);  // what two sets call alike stays apart
    CHECK(all.summary[0].family == "a: gemm");
    CHECK(all.summary[1].family == "copy");
    CHECK(all.summary[2].family == "b: gemm");
    CHECK_FALSE(all.passed());
    CHECK_THROWS_AS(merged({}), InternalError);
    const JsonValue v = to_json(all);
    CHECK(v.find("cases")->items()[2].find("unit")->as_string() == "GB/s");
    CHECK(v.find("cases")->items()[2].find("measured")->as_double() == 100);
    CHECK(v.find("cases")->items()[0].find("measured_us")->as_double() == 100);
}
