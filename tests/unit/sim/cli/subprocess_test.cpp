#include "sim/cli/subprocess.hpp"

#include <catch2/catch.hpp>

using tessera::cli::run_subprocess;
using tessera::cli::SubprocessResult;

TEST_CASE("exit code and stderr come back, arguments need no quoting") {
    const SubprocessResult r =
        run_subprocess({"/bin/sh", "-c", "printf '%s' \"$1\" >&2; exit 3", "sh", "a 'b' \"c\" $(d)"}, 20);
    CHECK(r.started);
    CHECK_FALSE(r.timed_out);
    CHECK(r.exit_code == 3);
    CHECK(r.error_text == "a 'b' \"c\" $(d)");
}

TEST_CASE("a program that is not there is told apart from one that fails") {
    CHECK_FALSE(run_subprocess({"/nonexistent/python3"}, 1).started);
    CHECK_FALSE(run_subprocess({}, 1).started);
}

TEST_CASE("a program that hangs is ended with its children") {
    const SubprocessResult r = run_subprocess({"/bin/sh", "-c", "sleep 600 & sleep 600"}, 0.2);
    CHECK(r.started);
    CHECK(r.timed_out);
}
