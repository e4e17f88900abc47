#include "sim/report/document.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace tessera::report;

TEST_CASE("a column is numeric if any of its cells has a value") {
    Table t;
    t.columns = {"name", "ms", "missing"};
    t.rows = {{text_cell("a"), text_cell("-")}, {text_cell("b"), number_cell("1", 1)}};
    CHECK_FALSE(numeric_column(t, 0));
    CHECK(numeric_column(t, 1));
    CHECK_FALSE(numeric_column(t, 2));
}

TEST_CASE("a value that is no number does not sort") {
    CHECK_FALSE(number_cell("n/a", std::numeric_limits<double>::quiet_NaN()).value);
    CHECK_FALSE(number_cell("n/a", std::numeric_limits<double>::infinity()).value);
    CHECK(number_cell("1", 1).value);
}

TEST_CASE("what has no content is left out of a section") {
    Section s{"a", "A", {}};
    s.bullets({}).table({}).figure({});
    CHECK(s.blocks.empty());
}
