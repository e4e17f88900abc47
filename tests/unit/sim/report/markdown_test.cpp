#include "sim/report/document.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

TEST_CASE("blocks of a document in Markdown") {
    Section s{"a", "A < B", {}};
    s.paragraph(Line("plain ").strong("bold*").code("co`de").link("there", "#x"));
    s.bullets({Line("one"), Line("two")});
    s.push(Tiles{{{"label", "1.0", "why"}}});
    s.push(Details{"more", {Block{Paragraph{"inside"}}}});
    const std::string md = to_markdown(Document{"T", "sub", "end", {s, Section{"empty", "Empty", {}}}});
    CHECK(md ==
          "# T\n\nsub\n\n## A &lt; B\n\nplain **bold\\***`` co`de ``[there](#x)\n\n- one\n- two\n\n"
          "- label: **1.0** (why)\n\n#### more\n\ninside\n\n---\n\nend\n");
}
