#include "sim/base/log.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

struct Captured {
    std::string text;
    Logger log;
    explicit Captured(bool terminal) : log([this](std::string_view s) { text += s; }, terminal) {}
};

}  // namespace

TEST_CASE("log: levels filter, each message is a line") {
    Captured c(false);
    c.log.info("one");
    c.log.debug("hidden");
    c.log.warning("two");
    CHECK(c.text == "tessera: one\ntessera: warning: two\n");
    c.log.set_level(LogLevel::error);
    c.log.info("hidden");
    c.log.warning("hidden");
    c.log.error("three");
    CHECK(c.text == "tessera: one\ntessera: warning: two\ntessera: error: three\n");
}

TEST_CASE("log: a bar appears after the first second and is erased at the end") {
    Captured c(true);
    double now = 10;
    {
        Progress progress("points", 6, c.log, [&now] { return now; });
        now = 10.5;
        progress.step();
        CHECK(c.text.empty());
        now = 12;
        progress.step(2);
        CHECK(c.text == "\r\x1B[K" + progress_line("points", 3, 6, 2.0));
        const std::size_t drawn = c.text.size();
        now = 12.05;
        progress.step();
        CHECK(c.text.size() == drawn);  // not twice within a tenth of a second
    }
    CHECK(c.text.substr(c.text.size() - 4) == "\r\x1B[K");
}

TEST_CASE("log: no bar without a terminal and none when quiet") {
    for (const bool terminal : {false, true}) {
        Captured c(terminal);
        c.log.set_level(terminal ? LogLevel::error : LogLevel::info);
        double now = 0;
        {
            Progress progress("points", 2, c.log, [&now] { return now += 5; });
            progress.step();
            progress.step();
        }
        CHECK(c.text.empty());
    }
}

TEST_CASE("log: the line of the bar") {
    CHECK(progress_line("points", 3, 6, 4) == "points [###############---------------] 50 % (3/6), 4 s left");
    CHECK(progress_line("points", 6, 6, 4) == "points [##############################] 100 % (6/6)");
    CHECK(progress_line("points", 0, 0, 0) == "points [##############################] 100 % (0/0)");
}
