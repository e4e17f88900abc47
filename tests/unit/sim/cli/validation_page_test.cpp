#include "sim/cli/validation_page.hpp"

#include "tests/support/validation_case.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;
using namespace tessera::testing;

TEST_CASE("the page says how far to trust it, set by set, with deviations and what is not covered") {
    ValidationReport set;
    set.set = "h200-<gemm>";
    set.source = "one H200";
    set.cases = {validation_case("a", "gemm", "", 100, 101), validation_case("b", "gemm", "", 100, 130),
                 validation_case("c", "rope", "", 100, 0)};
    set.cases[2].covered = false;
    set.cases[2].reason = "no such kernel";
    set.summary = summarize_cases(set.cases);
    ValidationPage page;
    page.sets = {set};
    page.whole = merged({set});
    page.whole.cases[1].known_reason = "a cold cache";
    page.command = "tessera validate --set h200-gemm --out DIR";
    const report::Document d = validation_document(page);
    std::vector<std::string> ids;
    for (const report::Section& s : d.sections) { ids.push_back(s.id); }
    CHECK(ids == std::vector<std::string>{"summary", "set-1", "deviations", "not-covered", "cases"});
    const std::string html = report::to_html(d), markdown = report::to_markdown(d);
    for (const std::string& text : {html, markdown}) {
        CHECK(text.find("a cold cache") != std::string::npos);
        CHECK(text.find("no such kernel") != std::string::npos);
        CHECK(text.find("+30.0 %") != std::string::npos);
    }
    CHECK(html.find("h200-<gemm>") == std::string::npos);
    CHECK(html.find("h200-&lt;gemm&gt;") != std::string::npos);
}

TEST_CASE("without deviations and gaps the page leaves their sections out") {
    ValidationReport set;
    set.set = "s";
    set.cases = {validation_case("a", "gemm", "", 100, 101)};
    set.summary = summarize_cases(set.cases);
    ValidationPage page;
    page.sets = {set};
    page.whole = merged({set});
    CHECK(validation_document(page).sections.size() == 3);
}
