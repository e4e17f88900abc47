#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <unistd.h>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace tessera;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

// A folder that vanishes with the test.
struct Folder {
    fs::path path = fs::temp_directory_path() / ("tessera_file_test_" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string operator/(const std::string& name) const { return (path / name).string(); }
    std::size_t entries() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
    }
};

std::string content(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string write_problem(const std::string& path) {
    try {
        write_file_atomically(path, "x");
    } catch (const ConfigError& e) {
        CHECK(e.diagnostics()[0].file == path);
        return e.what();
    }
    return "written";
}

}  // namespace

TEST_CASE("file: writing creates and replaces, and leaves nothing else behind") {
    const Folder folder;
    const std::string path = folder / "a.json";
    write_file_atomically(path, "one");
    CHECK(content(path) == "one");
    write_file_atomically(path, std::string(3'000'000, 'x'));
    CHECK(content(path).size() == 3'000'000);
    CHECK(folder.entries() == 1);
}

TEST_CASE("file: a link keeps pointing at the file it names") {
    const Folder folder;
    write_file_atomically(folder / "real", "one");
    fs::create_symlink("real", folder.path / "link");
    write_file_atomically(folder / "link", "two");
    CHECK(fs::is_symlink(folder.path / "link"));
    CHECK(content(folder / "real") == "two");
}

TEST_CASE("file: a device takes the bytes and is not replaced") {
    write_file_atomically("/dev/null", "gone");
    CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("file: places that cannot be written are named") {
    const Folder folder;
    write_file_atomically(folder / "file", "one");
    CHECK_THAT(write_problem(folder / "missing/a.json"), Contains("missing") && Contains("does not exist"));
    CHECK_THAT(write_problem(folder / "file/a.json"), Contains("not a folder"));
    CHECK_THAT(write_problem(folder.path.string()), Contains("is a folder"));
    CHECK_THAT(write_problem(""), Contains("empty"));
    CHECK_THAT(write_problem(folder / std::string(300, 'n')), Contains("cannot write"));
    if (::geteuid() != 0) {  // root may write anywhere
        fs::permissions(folder.path, fs::perms::owner_read | fs::perms::owner_exec);
        CHECK_THAT(write_problem(folder / "b.json"), Contains("Permission denied"));
        fs::permissions(folder.path, fs::perms::owner_all);
    }
    CHECK(folder.entries() == 1);
    CHECK(content(folder / "file") == "one");
}

TEST_CASE("file: reading gives the parsed value or says why not") {
    const Folder folder;
    write_file_atomically(folder / "a.json", "{\"x\": 1}");
    CHECK(read_json_file(folder / "a.json").find("x")->as_integer() == 1);
    CHECK_THROWS_WITH(read_json_file(folder / "b.json"), Contains("b.json") && Contains("no such file"));
    CHECK_THROWS_WITH(read_json_file(folder.path.string()), Contains("folder"));
    write_file_atomically(folder / "bad.json", "{");
    CHECK_THROWS_WITH(read_json_file(folder / "bad.json"), Contains("bad.json: line 1, column"));
    fs::resize_file(folder / "bad.json", (1ULL << 30U) + 1);  // sparse: no disk is used
    CHECK_THROWS_WITH(read_json_file(folder / "bad.json"), Contains("1 GiB"));
}
