#include "sim/app/parallel.hpp"

#include "sim/base/error.hpp"

#include <unistd.h>
#include <catch2/catch.hpp>
#include <csignal>

using namespace tessera;

namespace {
std::vector<Work> numbers(int n) {
    std::vector<Work> list;
    for (int i = 0; i < n; ++i) {
        list.push_back({"work " + std::to_string(i), [i] { return std::string(100'000, static_cast<char>('a' + i)); }});
    }
    return list;
}
}  // namespace

TEST_CASE("answers come back in order whatever the number of children") {
    const std::vector<Work> list = numbers(7);
    const std::vector<std::string> one = run_in_processes(list, 1), three = run_in_processes(list, 3);
    CHECK(one == three);
    CHECK(one.at(6) == std::string(100'000, 'g'));
}

TEST_CASE("children see what the parent knows and leave no trace in it") {
    int known = 42;
    const auto answers = run_in_processes({{"child", [&] { return std::to_string(known++); }}}, 1);
    CHECK(answers.at(0) == "42");
    CHECK(known == 42);
}

TEST_CASE("progress is reported as children end") {
    std::vector<std::size_t> done;
    run_in_processes(numbers(3), 2, [&](std::size_t n, std::size_t total, const std::string&) {
        done.push_back(n);
        CHECK(total == 3);
    });
    CHECK(done == std::vector<std::size_t>{1, 2, 3});
}

TEST_CASE("a child's error keeps its kind and gains the name") {
    const auto failing = [](std::function<std::string()> f) { return std::vector<Work>{{"variant x", std::move(f)}}; };
    CHECK_THROWS_AS(run_in_processes(failing([]() -> std::string { throw ModelError("too odd"); }), 2), ModelError);
    CHECK_THROWS_WITH(run_in_processes(failing([]() -> std::string { throw ModelError("too odd"); }), 2),
                      "variant x: too odd");
    CHECK_THROWS_AS(run_in_processes(failing([]() -> std::string { throw InternalError("bug"); }), 1), InternalError);
    try {
        run_in_processes(failing([]() -> std::string { throw ConfigError("f.json", "/a", "wrong", "try b"); }), 1);
        FAIL("no error");
    } catch (const ConfigError& e) {
        CHECK(e.diagnostics().at(0).pointer == "/a");
        CHECK(e.diagnostics().at(0).message == "variant x: wrong");
        CHECK(e.diagnostics().at(0).hint == "try b");
    }
}

TEST_CASE("a child that dies is named") {
    const std::vector<Work> dies = {{"variant x", []() -> std::string {
                                         raise(SIGKILL);
                                         return "";
                                     }}};
    CHECK_THROWS_WITH(run_in_processes(dies, 1), Catch::Contains("variant x") && Catch::Contains("signal 9"));
    const std::vector<Work> leaves = {{"variant y", []() -> std::string { _exit(3); }}};
    CHECK_THROWS_WITH(run_in_processes(leaves, 1), Catch::Contains("variant y") && Catch::Contains("without"));
}
