#include "sim/cli/man_page.hpp"
#include "sim/cli/program.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace tessera::cli;

TEST_CASE("the manual page goes to stdout") {
    std::ostringstream out, err;
    CHECK(run_program({"man"}, out, err) == 0);
    CHECK(out.str() == man_page());
    CHECK(err.str().empty());
    CHECK(run_program({"man", "kernel"}, out, err) == 2);
}
