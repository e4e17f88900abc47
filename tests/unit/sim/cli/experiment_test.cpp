#include "sim/cli/experiment.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

using namespace tessera::cli;

TEST_CASE("words are quoted so that a shell reads them back") {
    CHECK(shell_quoted("workload.tokens=8192") == "workload.tokens=8192");
    CHECK(shell_quoted("system.hbm.peak=\"4.8 TB/s\"") == "'system.hbm.peak=\"4.8 TB/s\"'");
    CHECK(shell_quoted("it's") == "'it'\\''s'");
    CHECK(shell_quoted("") == "''");
    CHECK(shell_quoted("$(rm)") == "'$(rm)'");
}

TEST_CASE("the command does not depend on the folder") {
    const Arguments a({"x y.json", "--out", "/somewhere"}, {{"--out", "DIR", ""}}, 1);
    CHECK(command_of("compare", a, {"a=1"}) == "tessera compare 'x y.json' --set a=1 --out DIR");
}
