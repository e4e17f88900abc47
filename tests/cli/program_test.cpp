// The installed program as a user meets it: a process with exit code, stdout and stderr.
#include "sim/base/json.hpp"
#include "sim/cli/experiment.hpp"
#include "sim/cli/verbs.hpp"
#include "tests/support/small_experiment.hpp"
#include "tests/support/temporary_folder.hpp"

#include <sys/wait.h>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iterator>
#include <set>

using namespace tessera;
using testing::on_small;
using testing::TemporaryFolder;

namespace {

struct Outcome {
    int code;
    std::string out, err;
};

std::string text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool holds(const std::string& whole, const std::string& part) { return whole.find(part) != std::string::npos; }

std::ptrdiff_t lines(const std::string& s) { return std::count(s.begin(), s.end(), '\n'); }

// `command` stands for the words after the program's name, as typed in a shell.
Outcome shell(const std::string& command, const std::string& environment = {}) {
    const TemporaryFolder folder;
    const std::string out = folder.path() + "/out", err = folder.path() + "/err";
    const std::string line =
        "cd " + folder.path() + " && " + environment + " " + TESSERA_PROGRAM + " " + command + " >" + out + " 2>" + err;
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text(out), text(err)};
}

std::string joined(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& w : words) { line += cli::shell_quoted(w) + " "; }
    return line;
}

}  // namespace

TEST_CASE("results go to stdout, everything else to stderr") {
    const Outcome o = shell("kernel copy --rows 64 --cols 128 --json");
    CHECK(o.code == 0);
    CHECK(o.err.empty());
    CHECK(parse_json(o.out, "stdout").find("time_s")->as_double() > 0);
    CHECK(shell("--version").out.rfind("tessera ", 0) == 0);
}

TEST_CASE("wrong input: code 2, one line per problem, nothing on stdout") {
    for (const char* command :
         {"comparee", "kernel gem", "kernel gemm --m 1 --n 1", "run nowhere.json",
          "run deepseek_v3_train_chunk --set nonsense", "run deepseek_v3_train_chunk --set 'system.hbm.peak=\"3 TB\"'",
          "explain nothing", "schema nothing", "compare --out /dev/null", "kernel copy --rows nan --cols 1",
          "kernel copy --rows 1e30 --cols 1"}) {
        const Outcome o = shell(command);
        INFO(command);
        CHECK(o.code == 2);
        CHECK(o.out.empty());
        CHECK(lines(o.err) == 1);
        CHECK(o.err.rfind("tessera: error: ", 0) == 0);
    }
}

TEST_CASE("outside the model: code 3") { CHECK(shell("kernel gemm --m 16777216 --n 16777216 --k 16777216").code == 3); }

TEST_CASE("a full disk on stdout is not success") {
    CHECK(std::system((std::string(TESSERA_PROGRAM) + " list > /dev/full 2> /dev/null").c_str()) != 0);
}

TEST_CASE("the examples of help run") {
    // Minutes, files of the user's, or results of such: tested by themselves.
    const std::set<std::string> elsewhere = {"compare", "run", "validate", "report", "sweep", "import", "export"};
    for (const cli::Verb& v : cli::verbs()) {
        if (elsewhere.count(v.name) != 0) { continue; }
        for (const auto& example : v.examples) {
            const TemporaryFolder folder;
            INFO(example.first);
            const std::string words = example.first.substr(std::string("tessera ").size());
            std::string command = words.substr(0, words.find(" >"));
            const std::size_t out = command.find("--out ");
            if (out != std::string::npos) { command.insert(out + 6, folder.path() + "/"); }
            CHECK(shell(command).code == 0);
        }
    }
}

TEST_CASE("without matplotlib: a clear message, and a report without plots") {
    const TemporaryFolder folder;
    folder.write("path/matplotlib.py", "raise ImportError('taken away by a test')\n");
    const std::string out = folder.path() + "/out";
    const std::string words =
        joined(on_small({"compare", "--out", out, "--set", R"(compare.proposals=["warp-cast"])"}));
    const Outcome o = shell(words, "PYTHONPATH=" + folder.path() + "/path");
    CHECK(o.code == 0);
    CHECK(holds(o.err, "plots left out: matplotlib is not installed"));
    CHECK_FALSE(std::filesystem::exists(out + "/plots"));
    CHECK(holds(text(out + "/report.html"), "<svg"));
    CHECK_FALSE(holds(text(out + "/report.html"), "id=\"plots\""));
}

TEST_CASE("an older report is replaced, other files of the folder stay") {
    const TemporaryFolder folder;
    folder.write("out/report.html", "old");
    folder.write("out/notes.txt", "mine");
    const std::string out = folder.path() + "/out";
    CHECK(shell(joined(on_small({"compare", "--quiet", "--out", out, "--set", R"(compare.proposals=["warp-cast"])"})))
              .code == 0);
    CHECK(holds(text(out + "/report.html"), "<!DOCTYPE html>"));
    CHECK(text(out + "/notes.txt") == "mine");
    for (const auto& entry : std::filesystem::directory_iterator(out)) {
        CHECK(entry.path().filename().string().front() != '.');
    }
}
