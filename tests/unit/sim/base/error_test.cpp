#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("error: a diagnostic is one line of place, message and hint") {
    CHECK(to_string(Diagnostic{"a.json", "/x", "bad", "try y"}) == "a.json: /x: bad (try y)");
    CHECK(to_string(Diagnostic{"", "", "bad\nworse", ""}) == "bad worse");
}

TEST_CASE("error: ConfigError carries and prints every problem") {
    const ConfigError e({{"a.json", "/x", "one", ""}, {"a.json", "/y", "two", ""}});
    CHECK(e.diagnostics().size() == 2);
    CHECK(std::string(e.what()) == "a.json: /x: one\na.json: /y: two");
    CHECK(ConfigError("f", "/p", "m", "h").diagnostics()[0].hint == "h");
}

TEST_CASE("error: a broken invariant is an InternalError") {
    CHECK_NOTHROW(invariant(true, "fine"));
    CHECK_THROWS_AS(invariant(false, "broken"), InternalError);
}
