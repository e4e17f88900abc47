#include "sim/base/error.hpp"
#include "sim/base/json.hpp"
#include "sim/cli/program.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace tessera;

namespace {

struct Outcome {
    int code;
    std::string out, err;
};

Outcome kernel(std::vector<std::string> words) {
    words.insert(words.begin(), "kernel");
    std::ostringstream out, err;
    const int code = cli::run_program(words, out, err);
    return {code, out.str(), err.str()};
}

double time_of(const std::vector<std::string>& words) {
    std::vector<std::string> all = words;
    all.emplace_back("--json");
    return parse_json(kernel(all).out, "stdout").find("time_s")->as_double();
}

}  // namespace

TEST_CASE("a copy takes at least its bytes over the peak of HBM, and more SM clock never slows it") {
    const double at_1500 = time_of({"copy", "--rows", "4096", "--cols", "7168", "--sm-mhz", "1500"});
    CHECK(at_1500 > 2.0 * 2 * 4096 * 7168 / 3.36e12);
    CHECK(time_of({"copy", "--rows", "4096", "--cols", "7168", "--sm-mhz", "1900"}) <= at_1500);
    CHECK(time_of({"copy", "--rows", "4096", "--cols", "7168", "--sm-mhz", "1500", "--sms", "20"}) >= at_1500);
}

TEST_CASE("the same kernel twice gives the same text") {
    const std::vector<std::string> words = {"cast", "--rows", "512", "--cols", "1024", "--explain"};
    const Outcome a = kernel(words), b = kernel(words);
    CHECK(a.code == 0);
    CHECK(a.out == b.out);
    CHECK(a.out.find("where the time goes") != std::string::npos);
    CHECK(a.out.find("nan") == std::string::npos);
}

TEST_CASE("tensors that do not fit into memory and endless kernels are outside the model") {
    const Outcome big = kernel({"gemm", "--m", "16777216", "--n", "16777216", "--k", "16777216"});
    CHECK(big.code == 3);
    CHECK(big.err.find("GiB of HBM") != std::string::npos);
    const Outcome endless = kernel({"attention", "--q-len", "16777216", "--heads", "1", "--d-qk", "64", "--d-v", "64"});
    CHECK(endless.code == 3);
    CHECK(endless.err.find("FLOP") != std::string::npos);
}

TEST_CASE("wrong input is code 2, one line each") {
    CHECK(kernel({}).code == 2);
    CHECK(kernel({"gem", "--m", "1"}).err ==
          "tessera: error: command line: unknown kernel kind \"gem\" (did you mean \"gemm\"?)\n");
    CHECK(kernel({"copy", "--rows", "1", "--cols", "1", "--system", "h900"}).code == 2);
    const Outcome o = kernel({"copy", "--rows", "0", "--sms", "133"});
    CHECK(o.code == 2);
    CHECK(std::count(o.err.begin(), o.err.end(), '\n') == 3);  // rows, cols missing, sms
}
