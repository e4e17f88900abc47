#include "sim/app/children.hpp"

#include "sim/base/error.hpp"

#include <unistd.h>
#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <vector>

using namespace tessera;
using How = Ended::How;

namespace {

Ended ended(const std::function<std::string()>& work, const ChildLimits& limits = {}) {
    Children children;
    children.start(7, work, limits);
    Ended e = children.next();
    CHECK(children.count() == 0);
    CHECK(e.index == 7);
    return e;
}

#if defined(__SANITIZE_ADDRESS__)
constexpr bool address_space_is_ours = false;  // the sanitizer's shadow takes terabytes of it
#else
constexpr bool address_space_is_ours = true;
#endif

}  // namespace

TEST_CASE("each way of ending is told") {
    CHECK(ended([] { return std::string("42"); }).text == "42");
    CHECK(ended([] { return std::string(); }).how == How::answer);
    CHECK(ended([]() -> std::string { throw ModelError("too odd"); }).how == How::model);
    CHECK(ended([]() -> std::string { throw InternalError("bug"); }).how == How::internal);
    CHECK(ended([]() -> std::string { throw std::bad_alloc(); }).how == How::memory);
    const Ended wrong = ended([]() -> std::string { throw ConfigError("f", "/a", "wrong", "right"); });
    CHECK(wrong.how == How::config);
    REQUIRE(diagnostics_of(wrong).size() == 1);
    CHECK(to_string(diagnostics_of(wrong)[0]) == "f: /a: wrong (right)");
    const Ended died = ended([]() -> std::string { return raise(SIGKILL) == 0 ? "" : "x"; });
    CHECK(died.how == How::died);
    CHECK_THAT(died.text, Catch::Contains("signal 9"));
    CHECK(ended([]() -> std::string { _exit(3); }).how == How::died);
}

TEST_CASE("a child that runs too long is killed, others go on") {
    Children children;
    children.start(0,
                   []() -> std::string {
                       for (;;) { pause(); }
                   },
                   {0.05, 0});
    children.start(1, [] { return std::string("done"); });
    std::vector<How> how(2, How::died);
    for (int i = 0; i < 2; ++i) {
        const Ended e = children.next();
        how.at(e.index) = e.how;
    }
    CHECK(how[0] == How::time);
    CHECK(how[1] == How::answer);
}

TEST_CASE("a child that asks for too much memory says so") {
    if (!address_space_is_ours) {
        WARN("skipped: address space cannot be limited under AddressSanitizer");
        return;
    }
    const auto greedy = [] { return std::to_string(std::vector<char>(std::size_t{3} << 30, 'x').back()); };
    CHECK(ended(greedy, {0, std::int64_t{1} << 30}).how == How::memory);
}

TEST_CASE("children do not outlive their owner") {
    pid_t pid = 0;
    {
        Children children;
        std::array<int, 2> ends{};
        REQUIRE(pipe(ends.data()) == 0);
        children.start(0, [&]() -> std::string {
            const pid_t own = getpid();
            if (write(ends[1], &own, sizeof own) != sizeof own) { return "no"; }
            for (;;) { pause(); }
        });
        REQUIRE(read(ends[0], &pid, sizeof pid) == sizeof pid);
        close(ends[0]);
        close(ends[1]);
        CHECK(kill(pid, 0) == 0);
    }
    CHECK(kill(pid, 0) != 0);
}
