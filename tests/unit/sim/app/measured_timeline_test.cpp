#include "sim/app/measured_timeline.hpp"

#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

using namespace tessera;
using Catch::Matchers::Contains;

namespace {

const std::string kShipped = std::string(TESSERA_SOURCE_DIR) + "/workloads/deepseek_v3/h800_train";

MeasuredTimeline shipped() { return read_measured_timeline(kShipped); }

// A folder with the two files of a data set, removed at the end.
class Folder {
public:
    Folder(const std::string& measured, const std::string& tolerances)
        : path_(std::filesystem::temp_directory_path() / "tessera_measured_timeline_test") {
        std::filesystem::create_directories(path_);
        write_file_atomically((path_ / "measured.json").string(), measured);
        write_file_atomically((path_ / "tolerances.json").string(), tolerances);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

constexpr char kTolerances[] = R"({"wall": 0.1, "class": 0.2, "class_share_of_wall": 0.01,
                                  "deviations": [{"class": "c", "why": "because"}]})";

}  // namespace

TEST_CASE("measured timeline: the shipped data agree with the totals of their analysis") {
    const MeasuredTimeline m = shipped();
    CHECK(m.wall_us == 129012);
    std::size_t launches = 0;
    for (const MeasuredKernel& k : m.kernels) {
        CHECK(k.us.size() == 4);
        for (const auto& iteration : k.us) { launches += iteration.size(); }
    }
    CHECK(launches == 983);  // 963 kernels, 12 memsets, 8 copies
    double sum = 0;
    for (const auto& [name, us] : m.class_us) {
        sum += us;
        if (name == "gemm_fp8_wgrad") { CHECK(us == 27494); }
        if (name == "comm_combine") { CHECK(us == 49448); }
    }
    CHECK(sum == Approx(236800).epsilon(0.01));  // compute 124 ms and communication 114 ms busy
}

TEST_CASE("measured timeline: tolerances are stated in the data") {
    const MeasuredTimeline m = shipped();
    CHECK(m.wall_tolerance == 0.10);
    CHECK(m.class_tolerance == 0.20);
    CHECK(m.class_threshold == 0.01);
    for (const auto& [name, why] : m.known_reasons) {
        INFO(name);
        CHECK(std::any_of(m.class_us.begin(), m.class_us.end(), [&](const auto& c) { return c.first == name; }));
    }
}

TEST_CASE("measured timeline: a small set is read as written") {
    const Folder f(R"({"source": "s", "wall_us": 9, "classes": [{"class": "c", "us": 7}],
                       "kernels": [{"region": "r", "role": "k", "class": "c", "us": [[1, 2], [3]], "wall_us": [3, 3]}]})",
                   kTolerances);
    const MeasuredTimeline m = read_measured_timeline(f.path());
    CHECK(m.class_us == std::vector<std::pair<std::string, double>>{{"c", 7}});
    REQUIRE(m.kernels.size() == 1);
    CHECK(m.kernels[0].us == std::vector<std::vector<double>>{{1, 2}, {3}});
    CHECK(m.kernels[0].group_us == std::vector<double>{3, 3});
    CHECK(m.known_reasons.at("c") == "because");
}

TEST_CASE("measured timeline: problems name file and place") {
    CHECK_THROWS_AS(read_measured_timeline("no/such/folder"), ConfigError);
    const Folder missing(R"({"source": "s", "wall_us": 9, "classes": [{"us": 7}], "kernels": []})", kTolerances);
    CHECK_THROWS_WITH(read_measured_timeline(missing.path()), Contains("/classes/0") && Contains("class"));
    const Folder negative(R"({"source": "s", "wall_us": -9, "classes": [], "kernels": []})", kTolerances);
    CHECK_THROWS_WITH(read_measured_timeline(negative.path()), Contains("/wall_us") && Contains("positive"));
    const Folder wrong(R"({"source": 1, "wall_us": 9, "classes": [], "kernels": []})", kTolerances);
    CHECK_THROWS_WITH(read_measured_timeline(wrong.path()), Contains("/source") && Contains("string"));
}
