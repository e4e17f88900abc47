// Small pieces of the report, byte for byte: a change of layout must be meant.
#include "sim/report/charts.hpp"
#include "sim/report/document.hpp"
#include "sim/report/svg.hpp"

#include <catch2/catch.hpp>

using namespace tessera::report;

namespace {

Table small_table() {
    Table t;
    t.caption = "Two rows.";
    t.columns = {"variant", "time (ms)"};
    t.rows = {{code_cell("all|x"), number_cell("1.50", 1.5)}, {text_cell("a < b"), number_cell("2.00", 2)}};
    t.rows[1][1].tone = Tone::bad;
    t.rows[1][1].meter = 0.5;
    return t;
}

}  // namespace

TEST_CASE("table in markdown") {
    CHECK(to_markdown(small_table()) ==
          "Two rows.\n\n"
          "| variant | time (ms) |\n"
          "|---|---:|\n"
          "| `all\\|x` | 1.50 |\n"
          "| a &lt; b | 2.00 |\n");
}

TEST_CASE("table in html") {
    CHECK(to_html(small_table()) ==
          "<figure class=\"t\"><figcaption>Two rows.</figcaption><div class=\"scroll\"><table>\n"
          "<thead><tr><th scope=\"col\"><button type=\"button\">variant</button></th>"
          "<th scope=\"col\" class=\"n\"><button type=\"button\">time (ms)</button></th></tr></thead>\n"
          "<tbody>\n"
          "<tr><td><code>all|x</code></td><td class=\"n\" data-v=\"1.5\">1.50</td></tr>\n"
          "<tr><td>a &lt; b</td><td class=\"n bad m\" data-v=\"2\" style=\"--m:0.500\">2.00</td></tr>\n"
          "</tbody></table></div></figure>\n");
}

TEST_CASE("a bar in svg") {
    CHECK(
        Svg(100, 20, "one & only").rect(1, 2, 30.04, 4, "f0", "a<b").text(5, 6, "7 < 8", "s").finish() ==
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 100 20\" aria-label=\"one &amp; only\">\n"
        "<rect x=\"1.0\" y=\"2.0\" width=\"30.0\" height=\"4.0\" class=\"f0\"><title>a&lt;b</title></rect>\n"
        "<text x=\"5.0\" y=\"6.0\" class=\"s\">7 &lt; 8</text>\n"
        "</svg>");
}
