#include "sim/report/side_by_side.hpp"
#include "tests/support/sample_comparison.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// The sample, and one without the proposal on casts whose memory is faster: baseline 0.9 ms.
struct Two {
    Comparison first = sample::comparison(), second = sample::comparison();
    Two() {
        second.system = "faster GPU";
        second.baseline = sample::run("baseline", {}, 400, 45);
        second.variants = {
            sample::variant(second.baseline, sample::run("group-scaled-mma", {"group-scaled-mma"}, 220, 45), 2)};
        second.provenance_json =
            R"({"/system/hbm/peak": {"value": "4.8 TB/s", "origin": "h200.json"}, "/workload/tokens": {"value": 4096}})";
    }
    std::vector<NamedResult> results() const { return {{"one", &first, "one/report.html"}, {"two", &second, ""}}; }
    std::string page() const { return to_markdown(side_by_side_report({results(), "tessera report one two", "1"})); }
};

}  // namespace

TEST_CASE("variants of all results in order, each once; one that a result lacks is a dash") {
    const Two two;
    CHECK(variants_of(two.results()) == std::vector<std::string>{"baseline", "warp-cast", "group-scaled-mma",
                                                                 "all-but-warp-cast", "all-but-group-scaled-mma",
                                                                 "all"});
    CHECK(holds(two.page(), "| `warp-cast` | 1.111\u00d7 | \u2013 |"));
    // 2 x 450 us over 2 x 270 us
    CHECK(holds(two.page(), "| `group-scaled-mma` | 1.250\u00d7 | 1.667\u00d7 |"));
}

TEST_CASE("only values that differ are shown, in the order of the first result") {
    const Two two;
    const std::vector<Difference> d = differences(two.results());
    REQUIRE(d.size() == 1);
    CHECK(d[0].path == "/system/hbm/peak");
    CHECK(d[0].values == std::vector<std::string>{"3.35 TB/s", "4.8 TB/s"});
    CHECK(differences({{"one", &two.first, ""}, {"again", &two.first, ""}}).empty());
}

TEST_CASE("the page says who is fastest, where they disagree, and links to each report") {
    const std::string page = Two().page();
    CHECK(holds(page, "**two** is fastest: **900.0 us**"));
    CHECK(holds(page, "disagree most on **group-scaled-mma**: 1.250\u00d7 in **one**, 1.667\u00d7 in **two**"));
    CHECK(holds(page, "[one](one/report.html)"));
    CHECK(holds(page, "`tessera report one two`"));
}

TEST_CASE("CSV: one line per result and variant, all of one length") {
    const Two two;
    const std::string csv = side_by_side_csv(two.results());
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 6 + 2);
    CHECK(csv.rfind("result,id,proposals,time_s", 0) == 0);
    CHECK(holds(csv, "\ntwo,group-scaled-mma,"));
}

TEST_CASE("the terminal gets one line per result") {
    const Two two;
    const std::string text = overview_text(two.results());
    CHECK(holds(text, "toy GPU"));
    CHECK(holds(text, "faster GPU"));
}
