#include "sim/cli/wrapped.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using tessera::cli::kTerminalWidth;
using tessera::cli::wrapped;

TEST_CASE("lines are as long as they may be and begin with the indent") {
    std::string text;
    for (int i = 0; i < 100; ++i) { text += "word\n"; }
    std::istringstream lines(wrapped(text, "    "));
    std::size_t longest = 0, words = 0;
    for (std::string line; std::getline(lines, line);) {
        CHECK(line.rfind("    word", 0) == 0);
        CHECK(line.back() != ' ');
        longest = std::max(longest, line.size());
        words += (line.size() - 3) / 5;
    }
    CHECK(words == 100);
    CHECK(longest <= kTerminalWidth);
    CHECK(longest > kTerminalWidth - 5);
}

TEST_CASE("a word longer than a line stays whole; no words are an empty line") {
    const std::string word(150, 'x');
    CHECK(wrapped("a " + word + " b", "") == "a\n" + word + "\nb\n");
    CHECK(wrapped("", "  ") == "  \n");
}
