#include "sim/base/json_reader.hpp"

#include "tests/support/described_sample.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace tessera;
using sample::Whole;
using tessera::testing::TemporaryFolder;

namespace {

std::string base_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

std::string with_minimum(const std::string& more) {
    return R"({"name": "w", "rate": "1 GB/s", "part": {"count": 1}, "inner": {"count": 1})" + more + "}";
}

Whole read(const std::string& path, const std::vector<std::string>& sets = {},
           std::map<std::string, Provenance>* provenance = nullptr) {
    JsonReader reader(&base_name);
    Whole whole;
    reader.read_file(path, whole);
    for (const std::string& s : sets) { reader.apply_set(s, whole); }
    reader.finish(whole);
    if (provenance != nullptr) { *provenance = reader.provenance(); }
    return whole;
}

std::vector<std::string> complaints(const std::string& path, const std::vector<std::string>& sets = {}) {
    std::vector<std::string> out;
    try {
        read(path, sets);
    } catch (const ConfigError& e) {
        for (const Diagnostic& d : e.diagnostics()) { out.push_back(to_string(d)); }
    }
    return out;
}

// The complaints about `more` added to a file that is right without it.
std::vector<std::string> complaints_about(const std::string& more) {
    const TemporaryFolder folder;
    return complaints(folder.write("w.json", with_minimum(",\n" + more)));
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("every kind of value is read", "[base][reader]") {
    const TemporaryFolder folder;
    const Whole w = read(folder.write("w.json", R"({
        "$schema": "x", "name": "n", "on": true, "total": 9007199254740993, "seed": 3, "share": 1,
        "colour": "green", "rate": "3.35 TB/s", "size": "2 KiB", "rows": [1, 2, 3],
        "options": {"a": {"x": 1, "y": "4 B/clk"}, "b": {}},
        "part": {"count": 2, "delay": "8 ns"}, "inner": {"count": 3}})"));
    CHECK(w.name == "n");
    CHECK(w.on);
    CHECK(w.total == 9007199254740993);
    CHECK(w.seed == 3);
    CHECK(w.share == 1.0);
    CHECK(w.colour == sample::Colour::green);
    CHECK(w.rate.raw() == 3.35e12);
    CHECK(w.size == kib(2));
    CHECK(w.rows == std::vector<std::int64_t>{1, 2, 3});
    CHECK(w.options == NamedOptions{{"a", {{"x", "1"}, {"y", "\"4 B/clk\""}}}, {"b", {}}});
    CHECK(w.part.delay == nanoseconds(8));
    CHECK(w.inner.count == 3);
}

TEST_CASE("each bad value has its own message", "[base][reader]") {
    const auto only = [](const std::string& more, const std::string& expected) {
        INFO(more);
        CHECK(complaints_about(more) == Lines{expected});
    };
    only(R"("on": 1)", "w.json: /on: line 2, column 7: expected true or false, found 1 (whether it runs)");
    only(R"("total": 3.7)", "w.json: /total: line 2, column 10: expected a whole number, found 3.7 (sum of all)");
    only(R"("total": -1)", "w.json: /total: line 2, column 10: -1 is too small (must be at least 0)");
    only(R"("seed": "5")", "w.json: /seed: line 2, column 9: expected a whole number, found \"5\" (of the draw)");
    only(R"("share": 1.5)", "w.json: /share: line 2, column 10: 1.5 is too large (must be at most 1)");
    only(R"("share": 0)", "w.json: /share: line 2, column 10: 0 is too small (must be greater than 0)");
    only(R"("share": "1 %")",
         "w.json: /share: line 2, column 10: expected a plain number, found \"1 %\" (part of one)");
    only(R"("share": null)", "w.json: /share: line 2, column 10: expected a plain number, found null (part of one)");
    only(R"("colour": "gren")",
         "w.json: /colour: line 2, column 11: expected one of red, green, found \"gren\" (did you mean \"green\"?)");
    only(R"("colour": 1)", "w.json: /colour: line 2, column 11: expected one of red, green, found 1 (of the paint)");
    only(R"("size": 5)",
         "w.json: /size: line 2, column 9: 5 has no unit (a size is a text with its unit, like \"5 KiB\"; accepted "
         "units: B, kB, KiB, MB, MiB, GB, GiB, TB, TiB)");
    only(R"("size": [5])",
         "w.json: /size: line 2, column 9: expected a size, found an array (accepted units: B, kB, "
         "KiB, MB, MiB, GB, GiB, TB, TiB)");
    only(R"("size": "-1 KiB")", "w.json: /size: line 2, column 9: \"-1 KiB\" is too small (must be at least 0 B)");
    only(R"("size": "1.3 B")", "w.json: /size: line 2, column 9: \"1.3 B\" is not a whole number of bytes");
    only(R"("rows": 3)", "w.json: /rows: line 2, column 9: expected an array of whole numbers, found 3 (one by one)");
    only(R"("rows": [1, "2"])",
         "w.json: /rows/1: line 2, column 13: expected a whole number, found \"2\" (one by one)");
    only(R"("options": 3)",
         "w.json: /options: line 2, column 12: expected a list of names or an object from names to parameters, found "
         "3 (by name)");
    only(R"("options": {"a/b": 3})",
         "w.json: /options/a~1b: line 2, column 20: expected an object of parameters, found 3 (by name)");
    only(R"("options": [3])", "w.json: /options: line 2, column 13: expected a name, found 3 (by name)");
    only(R"("totl": 3)", "w.json: /totl: line 2, column 9: unknown key \"totl\" (did you mean \"total\"?)");
    only(R"("a/b": 3)",
         "w.json: /a~1b: line 2, column 8: unknown key \"a/b\" (allowed: \"name\", \"on\", \"total\", "
         "\"seed\", \"share\", \"colour\", \"rate\", \"size\" and 4 more)");
}

TEST_CASE("a duplicate key is refused", "[base][reader]") {
    const auto lines = complaints_about(R"("on": true, "on": false)");
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find("key \"on\" is given twice") != std::string::npos);
}

TEST_CASE("all problems come at once", "[base][reader]") {
    const TemporaryFolder folder;
    const Lines lines = complaints(folder.write("w.json", R"({"name": "", "rate": "0 B/s", "shares": 1,
        "part": 7, "inner": {"count": 99, "dely": 1}})"));
    CHECK(lines == Lines{"w.json: /name: line 1, column 10: expected a text that is not empty (what it is called)",
                         "w.json: /rate: line 1, column 22: \"0 B/s\" is too small (must be greater than 0 GB/s)",
                         "w.json: /part: line 2, column 17: expected an object or the path of a file, found an integer "
                         "(a part that may be a file)",
                         "w.json: /inner/count: line 2, column 39: 99 is too large (must be at most 10)",
                         "w.json: /inner/dely: line 2, column 51: unknown key \"dely\" (did you mean \"delay\"?)",
                         "w.json: /shares: line 1, column 41: unknown key \"shares\" (did you mean \"share\"?)"});
}

TEST_CASE("missing values are named, a missing section once", "[base][reader]") {
    const TemporaryFolder folder;
    CHECK(complaints(folder.write("w.json", R"({"rate": "1 B/s", "part": {"delay": "1 s"}})")) ==
          Lines{"w.json: /name: missing value: what it is called", "w.json: /part/count: missing value: how many",
                "w.json: /inner: missing section: a part of this file"});
}

TEST_CASE("files extend files and include files; later values win", "[base][reader]") {
    const TemporaryFolder folder;
    folder.write("base/base.json", with_minimum(R"(, "total": 1, "rows": [1, 2], "options": {"a": {"x": 1}})"));
    folder.write("parts/slow.json", R"({"count": 4, "delay": "9 s"})");
    folder.write("parts/slower.json", R"({"extends": "slow.json", "count": 5})");
    const std::string path = folder.write("w.json", R"({"extends": "base/base.json", "name": "top", "rows": [3],
        "options": {"a": {"y": 2}, "b": {}}, "part": "parts/slower.json", "inner": {"delay": "1 ns"}})");
    const Whole w = read(path);
    CHECK(w.name == "top");
    CHECK(w.total == 1);
    CHECK(w.rows == std::vector<std::int64_t>{3});                                 // lists are replaced
    CHECK(w.options == NamedOptions{{"a", {{"x", "1"}, {"y", "2"}}}, {"b", {}}});  // objects are merged
    CHECK(w.part.count == 5);
    CHECK(w.part.delay == seconds(9));
    CHECK(w.inner.count == 1);
    CHECK(w.inner.delay == nanoseconds(1));
}

TEST_CASE("a section given as a file replaces what was there", "[base][reader]") {
    const TemporaryFolder folder;
    folder.write("part.json", R"({"count": 4})");
    folder.write("base.json",
                 R"({"name": "w", "rate": "1 B/s", "part": {"count": 1, "delay": "9 s"}, "inner": {"count": 1}})");
    CHECK(read(folder.write("a.json", R"({"extends": "base.json", "part": "part.json"})")).part.delay == Time::zero());
    const Whole extended =
        read(folder.write("b.json", R"({"extends": "base.json", "part": {"extends": "part.json", "count": 6}})"));
    CHECK(extended.part.delay == Time::zero());
    CHECK(extended.part.count == 6);
    CHECK(read(folder.write("c.json", R"({"extends": "base.json", "part": {"count": 2}})")).part.delay == seconds(9));
}

TEST_CASE("files that extend each other are refused with the chain", "[base][reader]") {
    const TemporaryFolder folder;
    folder.write("b.json", R"({"extends": "c.json"})");
    folder.write("c.json", R"({"extends": "a.json"})");
    CHECK(complaints(folder.write("a.json", R"({"extends": "b.json"})")) ==
          Lines{"c.json: /extends: line 1, column 13: files extend each other in a circle: a.json -> b.json -> c.json "
                "-> a.json"});
}

TEST_CASE("files that cannot be read are problems like others", "[base][reader]") {
    const TemporaryFolder folder;
    CHECK(complaints(folder.path() + "/none.json") == Lines{"none.json: no such file"});
    CHECK(complaints(folder.write("a.json", R"({"extends": "none.json", "totl": 1})")) ==
          Lines{"a.json: /extends: line 1, column 13: no such file: none.json (paths are relative to the file that "
                "names them)",
                "a.json: /totl: line 1, column 34: unknown key \"totl\" (did you mean \"total\"?)"});
    folder.write("broken.json", "{\"count\": }");
    const Lines lines = complaints(folder.write("b.json", R"({"part": "broken.json"})"));
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].rfind("broken.json: ", 0) == 0);
    CHECK(complaints(folder.write("c.json", "[1]")) ==
          Lines{"c.json: line 1, column 1: expected an object, found an array"});
    CHECK(complaints(folder.write("d.json", with_minimum(R"(, "extends": 4)"))) ==
          Lines{"d.json: /extends: line 1, column 89: expected the path of a file, found an integer"});
}

TEST_CASE("--set is typed like the file and names slips", "[base][reader]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("w.json", with_minimum(""));
    const std::string part = folder.write("part.json", R"({"count": 9, "delay": "2 s"})");
    const Whole w = read(path, {"total=5", "rate=2 GB/s", "rate=\"3 GB/s\"", "inner.count=4", "colour=green",
                                "rows=[4, 5]", "options.a-b.x=1 B", "part=" + part, "part.count=8"});
    CHECK(w.total == 5);
    CHECK(w.rate.raw() == 3e9);
    CHECK(w.inner.count == 4);
    CHECK(w.colour == sample::Colour::green);
    CHECK(w.rows == std::vector<std::int64_t>{4, 5});
    CHECK(w.options == NamedOptions{{"a-b", {{"x", "\"1 B\""}}}});
    CHECK(w.part.count == 8);
    CHECK(w.part.delay == seconds(2));

    CHECK(complaints(path, {"inner.cuont=4", "total=x", "rate=3", "nonsense", "=3", "inner=3"}) ==
          Lines{"--set inner.cuont: /inner/cuont: unknown key \"cuont\" (did you mean \"count\"?)",
                "--set total: /total: expected a whole number, found \"x\" (sum of all)",
                "--set rate: /rate: 3 has no unit (a bandwidth is a text with its unit, like \"3 GB/s\"; accepted "
                "units: B/s, kB/s, KiB/s, MB/s, MiB/s, GB/s, GiB/s, TB/s, TiB/s, Gbit/s, Tbit/s)",
                "--set nonsense: expected path=value (for example system.hbm.stacks=6)",
                "--set =3: expected path=value (for example system.hbm.stacks=6)",
                "--set inner: /inner: expected an object, found an integer (a part of this file)"});
}

TEST_CASE("provenance tells the file and the source of each value", "[base][reader]") {
    const TemporaryFolder folder;
    folder.write("part.json", R"({"count": 2, "delay": "1 s", "sources": {"count, delay": "a stopwatch"}})");
    const std::string path = folder.write("w.json", R"({"name": "w", "rate": "1 B/s",
        "part": {"extends": "part.json", "count": 3, "sources": {"count": "a guess"}}, "inner": {"count": 1}})");
    std::map<std::string, Provenance> from;
    read(path, {"part.delay=5 s", "options.a.x=1"}, &from);
    CHECK(from.at("/name").origin == "w.json");
    CHECK(from.at("/name").source.empty());
    CHECK(from.at("/part/count").origin == "w.json");
    CHECK(from.at("/part/count").source == "a guess");
    CHECK(from.at("/part/delay").origin == "--set");
    CHECK(from.at("/part/delay").source.empty());  // the stopwatch measured another value
    CHECK(from.at("/options/a/x").origin == "--set");
    CHECK(from.count("/total") == 0);
    from.clear();
    read(path, {}, &from);
    CHECK(from.at("/part/delay").origin == "part.json");
    CHECK(from.at("/part/delay").source == "a stopwatch");
}

TEST_CASE("sources must be texts about values that are there", "[base][reader]") {
    CHECK(complaints_about(R"("total": 1, "sources": {"totl": "x", "total": ""})") ==
          Lines{"w.json: /sources/total: line 2, column 47: expected a text that names the source",
                "w.json: /sources: line 2, column 24: a source for \"totl\", which this section does not set (did you "
                "mean \"total\"?)"});
    CHECK(complaints_about(R"("total": 1, "sources": {"total": "x", "total, name": "y"})") ==
          Lines{"w.json: /sources/total, name: line 2, column 54: a second source for \"total\""});
    CHECK(complaints_about(R"("sources": "x")") ==
          Lines{"w.json: /sources: line 2, column 12: expected an object from value names to texts, found a string"});
}
