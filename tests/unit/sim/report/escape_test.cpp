#include "sim/report/escape.hpp"

#include <catch2/catch.hpp>

using namespace tessera::report;

TEST_CASE("html: markup characters become entities, control characters vanish") {
    CHECK(escape_html("<script>alert(\"a\" & 'b')</script>") ==
          "&lt;script&gt;alert(&quot;a&quot; &amp; &#39;b&#39;)&lt;/script&gt;");
    CHECK(escape_html(std::string("a\x01"
                                  "b")) == "ab");
    CHECK(escape_html("3.2 \u00b5s") == "3.2 \u00b5s");
}

TEST_CASE("markdown: nothing starts markup or splits a row") {
    CHECK(escape_markdown("a|b\nc") == "a\\|b c");
    CHECK(escape_markdown("*x* _y_ `z` [l]") == "\\*x\\* \\_y\\_ \\`z\\` \\[l\\]");
    CHECK(escape_markdown("<b>&") == "&lt;b&gt;&amp;");
}

TEST_CASE("csv: quoted only where needed") {
    CHECK(escape_csv("plain") == "plain");
    CHECK(escape_csv("a,b") == "\"a,b\"");
    CHECK(escape_csv("say \"x\"") == "\"say \"\"x\"\"\"");
}
