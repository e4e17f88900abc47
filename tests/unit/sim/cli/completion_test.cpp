#include "sim/cli/completion_script.hpp"
#include "sim/cli/program.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace tessera::cli;

namespace {

struct Outcome {
    int code;
    std::string out, err;
};

Outcome call(const std::vector<std::string>& words) {
    std::ostringstream out, err;
    const int code = run_program(words, out, err);
    return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("the script of each shell, and the words that it asks for") {
    for (const std::string& shell : shells()) { CHECK(call({"completion", shell}).out == completion_script(shell)); }
    CHECK(call({"completion", "words", "--", "schema", "sys"}).out == "system\n:words\n");
    CHECK(call({"completion", "words", "--", "schema", "--q"}).out == "--quiet\tonly errors on stderr\n:words\n");
    CHECK(call({"completion", "words"}).code == 0);
}

TEST_CASE("another shell, no shell or too many are refused") {
    CHECK(call({"completion", "fisch"}).err.find("did you mean \"fish\"?") != std::string::npos);
    CHECK(call({"completion"}).code == 2);
    CHECK(call({"completion", "bash", "zsh"}).code == 2);
}
