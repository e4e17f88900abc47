// Predicted against measured times of memory-bound and attention kernels on an H200, at the measured SM clock.
#include "models/device/device.hpp"
#include "tests/support/systems.hpp"
#include "tests/validation/silicon_streams.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>

using namespace tessera;
using tessera::testing::h200;
using tessera::testing::SiliconCase;

namespace {

std::string data(const char* file) { return std::string(TESSERA_SOURCE_DIR) + "/../shared/silicon/h200/" + file; }

bool present(const char* file) { return std::ifstream(data(file)).good(); }

double quantile(std::vector<double> v, double q) {
    std::sort(v.begin(), v.end());
    return v[std::min(v.size() - 1, static_cast<std::size_t>(q * static_cast<double>(v.size())))];
}

// Prints a line per family; returns the absolute errors of all cases.
std::vector<double> judge(const std::vector<SiliconCase>& cases) {
    DeviceTimer device(h200());
    std::map<std::string, std::vector<double>> families;
    std::vector<double> all;
    for (const SiliconCase& c : cases) {
        KernelContext context;
        context.sm_clock = c.clock;
        const double error = (device.time(c.kernel, context).time + c.gap) / c.measured - 1.0;
        families[c.family].push_back(error);
        all.push_back(std::abs(error));
    }
    std::printf("%-58s %5s %7s %7s %7s %7s\n", "family", "cases", "median", "p90", "worst", "signed");
    for (const auto& [family, errors] : families) {
        std::vector<double> size;
        double sum = 0;
        for (const double e : errors) {
            size.push_back(std::abs(e));
            sum += e;
        }
        std::printf("%-58s %5zu %6.1f%% %6.1f%% %6.1f%% %+6.1f%%\n", family.c_str(), errors.size(),
                    100 * quantile(size, 0.5), 100 * quantile(size, 0.9), 100 * quantile(size, 1.0),
                    100 * sum / static_cast<double>(errors.size()));
    }
    return all;
}

}  // namespace

TEST_CASE("stream kernels of the Triton set stay within their tolerance", "[validation]") {
    if (!present("kernels.json")) {
        WARN("skipped: ../shared/silicon/h200/kernels.json is not there");
        return;
    }
    const std::vector<double> errors =
        judge(tessera::testing::stream_cases_of_kernels(read_json_file(data("kernels.json"))));
    REQUIRE(errors.size() > 50);
    CHECK(quantile(errors, 0.5) < 0.06);
    CHECK(quantile(errors, 0.9) < 0.16);
}

TEST_CASE("software quantization kernels stay within their tolerance", "[validation]") {
    if (!present("micro.json")) {
        WARN("skipped: ../shared/silicon/h200/micro.json is not there");
        return;
    }
    const std::vector<double> errors =
        judge(tessera::testing::stream_cases_of_micro(read_json_file(data("micro.json"))));
    REQUIRE(errors.size() == 35);
    CHECK(quantile(errors, 0.5) < 0.12);
    CHECK(quantile(errors, 0.9) < 0.27);
}

TEST_CASE("attention kernels stay within their tolerance", "[validation]") {
    if (!present("kernels.json") || !present("flashmla.json")) {
        WARN("skipped: ../shared/silicon/h200/kernels.json or flashmla.json is not there");
        return;
    }
    std::vector<SiliconCase> cases = tessera::testing::attention_cases_of_kernels(read_json_file(data("kernels.json")));
    const std::vector<SiliconCase> more =
        tessera::testing::attention_cases_of_flashmla(read_json_file(data("flashmla.json")));
    cases.insert(cases.end(), more.begin(), more.end());
    const std::vector<double> errors = judge(cases);
    REQUIRE(errors.size() >= 13);
    CHECK(quantile(errors, 0.5) < 0.06);
    CHECK(quantile(errors, 0.9) < 0.12);
}
