// The completion scripts and the manual page in the programs that they are written for. bash is always there; zsh,
// fish and groff are tried where they are installed.
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

using tessera::testing::TemporaryFolder;

namespace {

std::string output_of(const std::string& command) {
    const TemporaryFolder folder;
    const std::string out = folder.path() + "/out";
    const int status = std::system((command + " >" + out + " 2>&1").c_str());
    std::ifstream file(out, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    return status == 0 ? text : "failed: " + text;
}

bool installed(const std::string& program) {
    const bool there = std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) == 0;
    if (!there) { WARN(program << " is not installed: skipped"); }
    return there;
}

// A folder with the script, and a program named tessera on the path of the shell.
struct Shell {
    explicit Shell(const std::string& name) : script(folder.path() + "/script." + name) {
        std::filesystem::create_symlink(TESSERA_PROGRAM, folder.path() + "/tessera");
        REQUIRE(output_of(std::string(TESSERA_PROGRAM) + " completion " + name + " | tee " + script).size() > 100);
    }
    std::string run(const std::string& program, const std::string& text) {
        folder.write("try", text);
        return output_of("cd " + folder.path() + " && PATH=" + folder.path() + ":$PATH " + program + " ./try");
    }
    TemporaryFolder folder;
    std::string script;
};

// What bash offers for the words, as readline would split them, one per line.
std::string offered(Shell& shell, const std::string& words) {
    return shell.run("bash",
                     "source " + shell.script + "\nCOMP_WORDS=(" + words +
                         ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_tessera\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
}

}  // namespace

TEST_CASE("bash completes verbs, names, values and files") {
    Shell shell("bash");
    shell.folder.write("mine.json", "{}");
    CHECK(offered(shell, "tessera expl") == "explain\n");
    CHECK(offered(shell, "tessera explain warp") == "warp-cast\n");
    CHECK(offered(shell, "tessera kernel gemm --dtype ''") == "fp8\nbf16\nfp32\n");
    CHECK(offered(shell, "tessera kernel gemm --dtype = b") == "bf16\n");
    CHECK(offered(shell, "tessera kernel gemm --dtype =") == "fp8\nbf16\nfp32\n");
    CHECK(offered(shell, "tessera run mi") == "mine.json\n");
    CHECK(offered(shell, "tessera nonsense x") == "\n");
}

TEST_CASE("zsh reads its script") {
    if (!installed("zsh")) { return; }
    const Shell shell("zsh");
    CHECK(output_of("zsh -n " + shell.script).empty());
}

TEST_CASE("fish completes") {
    if (!installed("fish")) { return; }
    Shell shell("fish");
    CHECK(shell.run("fish --no-config", "source " + shell.script + "\ncomplete -C 'tessera explain warp'") ==
          "warp-cast\n");
}

TEST_CASE("the manual page has no warnings") {
    if (!installed("groff")) { return; }
    CHECK(output_of(std::string(TESSERA_PROGRAM) + " man | groff -man -ww -z -Tutf8").empty());
}
