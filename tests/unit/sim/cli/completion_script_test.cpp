#include "sim/cli/completion_script.hpp"
#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("a script per shell asks the program for its words") {
    for (const std::string& shell : cli::shells()) {
        const std::string script = cli::completion_script(shell);
        INFO(shell);
        CHECK(script.find("completion words -- ") != std::string::npos);
        CHECK(script.find("tessera completion " + shell) != std::string::npos);
        CHECK(script.back() == '\n');
    }
    CHECK_THROWS_AS(cli::completion_script("csh"), InternalError);
}
