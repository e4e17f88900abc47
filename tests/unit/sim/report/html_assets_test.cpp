#include "sim/report/html_assets.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::report;

TEST_CASE("the page's style knows dark mode and print, and asks nothing of the network") {
    const std::string css(page_style()), js(page_script());
    CHECK(css.find("prefers-color-scheme:dark") != std::string::npos);
    CHECK(css.find("@media print") != std::string::npos);
    for (const char* part : {"url(", "@import", "http"}) { CHECK(css.find(part) == std::string::npos); }
    for (const char* part : {"fetch(", "XMLHttpRequest", "import(", "http", "eval("}) {
        CHECK(js.find(part) == std::string::npos);
    }
    CHECK(js.find("</script") == std::string::npos);
}
