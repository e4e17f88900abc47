#include "sim/cli/program.hpp"

#include "sim/base/json.hpp"
#include "tests/support/small_sweep.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

using namespace tessera;
using namespace tessera::cli;
using namespace tessera::testing;

namespace fs = std::filesystem;

namespace {

struct Answer {
    int code = 0;
    std::string out, err;
};

Answer ask(std::vector<std::string> words) {
    words.insert(words.begin(), "sweep");
    words.emplace_back("--quiet");
    std::ostringstream out, err;
    const int code = run_program(words, out, err);
    return {code, out.str(), err.str()};
}

std::string content(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// One kernel's worth of simulation: one point and the reference.
constexpr char one_point[] = R"("axes": [{"path": "proposals.unified-fabric", "values": [true]}])";

}  // namespace

TEST_CASE("a sweep leaves results, one file per point and a store that goes on") {
    const TemporaryFolder folder;
    const std::string file = small_sweep(folder, one_point), out = folder.path() + "/out";
    const Answer first = ask({file, "--out", out, "-j", "2"});
    INFO(first.err);
    REQUIRE(first.code == 0);
    CHECK_THAT(first.out, Catch::Contains("1 points, 1 simulated"));
    const JsonValue results = parse_json(content(out + "/results.json"), "results.json");
    CHECK(results.find("points")->items().size() == 1);
    CHECK(write_json(parse_json(content(out + "/points/000000.json"), "point")) ==
          write_json(results.find("points")->items()[0]));
    CHECK_FALSE(content(out + "/results.csv").empty());
    CHECK_THAT(content(out + "/report.html"), Catch::Contains("tessera sweep: small"));

    CHECK(ask({file, "--out", out}).code == 2);
    const std::string before = content(out + "/results.json");
    const Answer again = ask({file, "--out", out, "--resume", "--json"});
    CHECK(again.code == 0);
    CHECK(again.out == before);
    CHECK(content(out + "/results.json") == before);
}

TEST_CASE("wrong words, files and folders are errors of the user") {
    const TemporaryFolder folder;
    const std::string file = small_sweep(folder, one_point);
    CHECK(ask({}).code == 2);
    CHECK(ask({folder.path() + "/none.json"}).code == 2);
    CHECK_THAT(ask({"factoral"}).err, Catch::Contains("factorial"));
    CHECK_THAT(ask({file, "--resume"}).err, Catch::Contains("--out"));
    CHECK(ask({file, "--out", file}).code == 2);
    CHECK(ask({file, "--work", "9"}).code == 2);
    const std::string bad =
        small_sweep(folder, R"("axes": [{"path": "system.hbm.peek", "values": ["4 TB/s"]}])", "bad.json");
    const Answer unknown = ask({bad});
    CHECK(unknown.code == 2);
    CHECK_THAT(unknown.err, Catch::Contains("bad.json: /axes/0/values/0") && Catch::Contains("did you mean"));
    CHECK(ask({file, "--out", "/proc/none/out"}).code == 2);  // nobody may write there, root included
    if (geteuid() != 0) {
        fs::create_directory(folder.path() + "/locked");
        chmod((folder.path() + "/locked").c_str(), 0500);
        CHECK(ask({file, "--out", folder.path() + "/locked/out"}).code == 2);
    }
}

TEST_CASE("a disk that fills up while results are written keeps every point") {
    const TemporaryFolder folder;
    const std::string file = small_sweep(folder, one_point), out = folder.path() + "/out";
    // In a child: a limit on the size of files, for which writes fail as on a full disk. The store fits, the page not.
    const pid_t pid = fork();
    if (pid == 0) {
        signal(SIGXFSZ, SIG_IGN);
        const rlimit most{6000, 6000};
        setrlimit(RLIMIT_FSIZE, &most);
        const Answer full = ask({file, "--out", out});
        _exit(full.code == 2 && full.err.find("cannot") != std::string::npos ? 7 : 8);
    }
    int status = 0;
    REQUIRE(waitpid(pid, &status, 0) == pid);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 7);
    CHECK_FALSE(fs::exists(out + "/results.json"));  // whole or not at all
    const std::string store = content(out + "/store.jsonl");
    CHECK(std::count(store.begin(), store.end(), '\n') == 3);  // its head, the reference, the point
    const Answer again = ask({file, "--out", out, "--resume"});
    INFO(again.err);
    CHECK(again.code == 0);
    CHECK(content(out + "/store.jsonl") == store);  // nothing was simulated again
    CHECK(fs::exists(out + "/report.html"));
}

TEST_CASE("the words for clusters: what is pending, as files of their own") {
    const TemporaryFolder folder;
    const std::string file = small_sweep(folder, one_point), out = folder.path() + "/out";
    const Answer pending = ask({file, "--out", out, "--pending"});
    INFO(pending.err);
    REQUIRE(pending.code == 0);
    const JsonValue v = parse_json(pending.out, "pending");
    CHECK(v.find("stage")->as_string() == "simulation");
    CHECK(v.find("points")->items().size() == 2);
    const JsonValue portable = parse_json(ask({file, "--portable"}).out, "portable");
    CHECK(portable.find("sweep")->find("base")->as_string() == "base.json");
    CHECK(portable.find("base")->find("workload")->find("tokens")->as_integer() == 512);
    const Answer work = ask({file, "--work", "1"});
    REQUIRE(work.code == 0);
    CHECK(parse_json(work.out, "work").find("record")->find("status")->as_string() == "done");
}
