#include "sim/sweep/store.hpp"

#include "sim/base/error.hpp"
#include "tests/support/temporary_folder.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace tessera;
using namespace tessera::sweep;
using tessera::testing::TemporaryFolder;

namespace {

Record record(int i, Status status = Status::done) {
    Record r{"key" + std::to_string(i), Stage::simulation, status, status == Status::done ? "" : "why", {}};
    if (status == Status::done) {
        r.result = JsonValue::object();
        r.result.set("time_s", JsonValue::number(0.5 * i));
    }
    return r;
}

std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void set_content(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

}  // namespace

TEST_CASE("a record comes back from its line") {
    for (const Record& r : {record(3), record(4, Status::skipped), record(5, Status::memory)}) {
        const Record back = record_from(to_line(r), "test");
        CHECK(to_line(back) == to_line(r));
        CHECK(back.status == r.status);
        CHECK(back.reason == r.reason);
    }
    for (const char* bad : {"{}", "[]", "{\"key\":\"a\",\"stage\":\"x\",\"status\":\"done\"}",
                            "{\"key\":\"a\",\"stage\":\"simulation\",\"status\":\"done\"}", "{\"key\":1}", "{"}) {
        CHECK_THROWS_AS(record_from(bad, "test"), ConfigError);
    }
}

TEST_CASE("what was added is there after opening again, and goes on only if asked to") {
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/store.jsonl";
    {
        Store store(path, "1", false);
        store.add(record(1));
        store.add(record(2, Status::skipped));
        store.add(record(3, Status::time));
        CHECK_THROWS_WITH(Store(path, "1", true), Catch::Contains("another sweep is writing"));
    }
    CHECK_THROWS_WITH(Store(path, "1", false), Catch::Contains("earlier sweep") && Catch::Contains("--resume"));
    CHECK_THROWS_WITH(Store(path, "2", true), Catch::Contains("another version") && Catch::Contains("1"));
    const Store store(path, "1", true);
    CHECK(store.has(Stage::simulation, "key1"));
    CHECK_FALSE(store.has(Stage::estimate, "key1"));
    CHECK(store.get(Stage::simulation, "key1").result.find("time_s")->as_double() == 0.5);
    CHECK(store.get(Stage::simulation, "key2").reason == "why");
    CHECK_FALSE(store.has(Stage::simulation, "key3"));  // it hit a limit: worth another try
    CHECK(store.knows(Stage::simulation, "key3"));
}

TEST_CASE("a store cut off at any byte keeps every whole line and takes more") {
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/store.jsonl";
    {
        Store store(path, "1", false);
        for (int i = 1; i <= 3; ++i) { store.add(record(i)); }
    }
    const std::string whole = content(path);
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        set_content(path, whole.substr(0, cut));
        std::size_t lines = 0;
        for (std::size_t i = 0; i < cut; ++i) { lines += whole[i] == '\n' ? 1 : 0; }
        {
            Store store(path, "1", true);
            for (int i = 1; i <= 3; ++i) {
                const bool there = lines > static_cast<std::size_t>(i);
                CHECK(store.has(Stage::simulation, "key" + std::to_string(i)) == there);
                if (!there) { store.add(record(i)); }
            }
        }
        CHECK(content(path) == whole);
    }
}

TEST_CASE("a damaged line and a file of another kind are refused by name") {
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/store.jsonl";
    set_content(path, "{\"schema\":\"tessera.sweep.store/1\",\"code\":\"1\"}\n{\"key\":\"a\",\"st\n");
    CHECK_THROWS_WITH(Store(path, "1", true), Catch::Contains("line 2"));
    set_content(path, "index,time\n1,2\n");
    CHECK_THROWS_AS(Store(path, "1", true), ConfigError);
    set_content(path, "{\"schema\":\"other\",\"code\":\"1\"}\n");
    CHECK_THROWS_WITH(Store(path, "1", true), Catch::Contains("no store of a sweep"));
    CHECK_THROWS_AS(Store(folder.path(), "1", true), ConfigError);
    CHECK_THROWS_AS(Store(folder.path() + "/missing/store.jsonl", "1", true), ConfigError);
}

TEST_CASE("a full disk leaves the points before it, whole") {
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/store.jsonl";
    // In a child: a limit on the size of files, for which writes fail as on a full disk.
    const pid_t pid = fork();
    if (pid == 0) {
        signal(SIGXFSZ, SIG_IGN);
        const rlimit most{300, 300};
        setrlimit(RLIMIT_FSIZE, &most);
        int added = 0;
        try {
            Store store(path, "1", false);
            for (; added < 100; ++added) { store.add(record(added)); }
        } catch (const ConfigError& e) {
            const std::string said = e.what();
            _exit(said.find("cannot be written") != std::string::npos && said.find("--resume") != std::string::npos
                      ? added
                      : 99);
        }
        _exit(98);
    }
    int status = 0;
    REQUIRE(waitpid(pid, &status, 0) == pid);
    REQUIRE(WIFEXITED(status));
    const int added = WEXITSTATUS(status);
    REQUIRE(added > 0);
    REQUIRE(added < 90);
    CHECK(content(path).back() == '\n');
    const Store store(path, "1", true);
    for (int i = 0; i < added; ++i) { CHECK(store.has(Stage::simulation, "key" + std::to_string(i))); }
    CHECK_FALSE(store.knows(Stage::simulation, "key" + std::to_string(added)));
}

TEST_CASE("a store in memory keeps what it is given") {
    Store store;
    store.add(record(1));
    CHECK(store.has(Stage::simulation, "key1"));
    CHECK(to_line(store.get(Stage::simulation, "key1")) == to_line(record(1)));
    CHECK_THROWS_AS(store.get(Stage::simulation, "key2"), InternalError);
}
