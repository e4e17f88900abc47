#include "sim/cli/program.hpp"

#include "sim/base/json.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <sstream>

using namespace tessera;
using testing::TemporaryFolder;

namespace {

struct Outcome {
    int code;
    std::string out, err;
};

Outcome numerics_words(std::vector<std::string> words) {
    words.insert(words.begin(), "numerics");
    std::ostringstream out, err;
    const int code = cli::run_program(words, out, err);
    return {code, out.str(), err.str()};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const std::vector<std::string> kSmall = {"--m", "64", "--n", "128", "--k", "512"};

Outcome small(std::vector<std::string> words) {
    words.insert(words.end(), kSmall.begin(), kSmall.end());
    return numerics_words(words);
}

}  // namespace

TEST_CASE("gemm states its error as text and as JSON, and the same seed gives the same bytes") {
    const Outcome text = small({"gemm", "--data", "heavy_tail"});
    CHECK(text.code == 0);
    CHECK(holds(text.out, "relative Frobenius"));
    const Outcome a = small({"gemm", "--json", "--seed", "3"}), b = small({"gemm", "--json", "--seed", "3"});
    CHECK(a.out == b.out);
    CHECK(parse_json(a.out, "stdout").find("arithmetic_error")->find("relative_frobenius")->as_double() > 0);
    CHECK(small({"gemm", "--json", "--seed", "4"}).out != a.out);
    const JsonValue exact =
        parse_json(small({"gemm", "--arch", "exact", "--a-group", "none", "--promotion", "0", "--json"}).out, "stdout");
    CHECK(exact.find("arithmetic_error")->find("max_over_sum_of_absolutes")->as_double() < 6e-8);  // half an ulp
}

TEST_CASE("with time, the same switch has a time, bytes and energy") {
    const JsonValue v = parse_json(small({"gemm", "--with-time", "--inside", "--json"}).out, "stdout");
    CHECK(v.find("time_s")->as_double() > 1e-7);
    CHECK(v.find("energy_j")->as_double() > 0);
    CHECK(v.find("hbm_bytes")->as_integer() >= 2 * 64 * 512);
    CHECK(small({"gemm", "--with-time", "--format", "fp16"}).code == 3);
}

TEST_CASE("cast and dot") {
    CHECK(holds(small({"cast", "--a-group", "1x32", "--scales", "ue8m0"}).out, "bits_per_value            8.25"));
    CHECK(small({"cast", "--format", "ue8m0"}).code == 2);
    const TemporaryFolder folder;
    std::string ones = "[1";
    for (int i = 1; i < 32; ++i) { ones += ", 1"; }
    const std::string a = folder.write("a.json", ones + "]"), b = folder.write("b.json", ones + ", 1]");
    CHECK(holds(numerics_words({"dot", "--a", a, "--b", a}).out, "result 32, float64 32"));
    CHECK(numerics_words({"dot", "--a", a, "--b", b}).code == 2);
    CHECK(numerics_words({"dot", "--a", a}).code == 2);
}

TEST_CASE("sweep writes JSON, CSV and, where matplotlib is there, plots") {
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/out";
    const Outcome o = small({"sweep", "--over", "promotion", "--data", "normal", "--with-time", "--out", path});
    CHECK(o.code == 0);
    CHECK(holds(o.out, "never"));
    const JsonValue v = read_json_file(path + "/numerics.json");
    CHECK(v.find("points")->items().size() == 5);
    CHECK(std::filesystem::exists(path + "/numerics.csv"));
    if (std::filesystem::exists("/usr/lib/python3/dist-packages/matplotlib")) {
        CHECK(std::filesystem::exists(path + "/pareto.png"));
        CHECK(std::filesystem::exists(path + "/error_by_promotion.svg"));
    }
}

TEST_CASE("every mistake is the user's, with a hint") {
    CHECK(holds(numerics_words({"swep"}).err, "did you mean \"sweep\"?"));
    CHECK(numerics_words({}).code == 2);
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"gemm", "--format", "e3m4"},
                                               {"gemm", "--arch", "pascal"},
                                               {"gemm", "--data", "uniform"},
                                               {"gemm", "--bits", "65"},
                                               {"gemm", "--a-group", "1x48"},
                                               {"gemm", "--scales", "int8"},
                                               {"gemm", "--promotion", "100"},
                                               {"gemm", "--m", "60"},
                                               {"gemm", "--k", "500"},
                                               {"sweep", "--over", "colour"},
                                               {"gemm", "--output", "e4m3"},
                                               {"gemm", "--rounding", "up"},
                                               {"gemm", "--out", "/proc/none"}}) {
        INFO(words[1] << " " << words[2]);
        const Outcome o = numerics_words(words);
        CHECK(o.code == 2);
        CHECK(o.out.empty());
    }
}
