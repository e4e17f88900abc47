// covers: sim/app/measured/link_latency.cpp sim/app/measured/link_streams.cpp sim/app/measured/link_engines.cpp
// covers: sim/app/measured/link_rows.cpp sim/app/measured/link_beside.cpp sim/app/measured/collectives.cpp
// covers: sim/app/measured/deepep_cases.cpp sim/app/measured/published_exchanges.cpp
#include "sim/app/measured/links.hpp"

#include "sim/app/measured/read_cases.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::Text;

namespace {

const SystemConfig& h200() {
    static const SystemConfig system = load_system(find_config("systems", "h200"));
    return system;
}

std::vector<Case> shipped(const std::string& name) {
    const std::string file = "tests/validation/h200_links/" + name + ".json";
    return read_cases(read_json_file(file), file, h200());
}

std::vector<Case> section(const std::string& name, const std::string& json) {
    return link_section(name, Text("{" + json + "}").at());
}

}  // namespace

TEST_CASE("every recorded quantity between GPUs has a prediction") {
    for (const char* name :
         {"nvlink_2gpu", "nvlink_4gpu", "nccl_2gpu", "nccl_4gpu", "deepep_2gpu", "deepep_4gpu", "deepep_h800"}) {
        const std::vector<Case> cases = shipped(name);
        CHECK(cases.size() > 20);
        std::set<std::string> ids;
        for (const Case& c : cases) {
            INFO(name << ": " << c.id << ": " << c.problem);
            CHECK(c.problem.empty());
            CHECK(ids.insert(c.id).second);
            REQUIRE(c.probe);
            const Prediction p = c.probe(h200(), c.clock);
            CHECK(std::isfinite(p.value));
            CHECK(p.value > 0);
            CHECK(c.measured > 0);
        }
    }
}

TEST_CASE("an entry with several quantities becomes several cases, judged as what they are") {
    const std::vector<Case> cases = section("E", R"("beside": [
        {"kind": "mma", "what": "alone", "pattern": "all", "sms_comm": 0, "policy": 0, "comm": "none", "n_comp": 132,
         "units": 132000, "bytes_per_gpu": 0, "t_comp_ns": {"med": 1000000}, "sm_mhz": 1500, "slowdown": 1},
        {"kind": "mma", "what": "sm_steady", "pattern": "all", "sms_comm": 32, "policy": 0, "comm": "tma_push",
         "n_comp": 100, "units": 132000, "bytes_per_gpu": 0, "t_comp_ns": {"med": 1}, "sm_mhz": 1650, "slowdown": 1.2,
         "comm_gbps": {"med": 350}}])");
    REQUIRE(cases.size() == 3);
    CHECK(cases[1].judged == Judged::by_difference);
    CHECK(cases[1].probe(h200(), {}).value == Approx(1.2));  // 132 / 100 SMs at 1500 / 1650 of the clock
    CHECK(cases[2].unit == "GB/s");
    CHECK(cases[2].judged == Judged::by_ratio);
}

TEST_CASE("broken entries say what is wrong and stop no other") {
    const std::vector<Case> cases = section("C", R"("uni1": [17,
        {"method": "ldst_push", "sms": 0, "bytes": 65536, "peers": 1, "gpus": 1, "rounds": 1, "mode": "stream", "chunk": 0,
         "gbps": {"med": 1}},
        {"method": "ldst_push", "sms": 1, "bytes": 65536, "peers": 1, "gpus": 1, "rounds": 128, "mode": "stream", "chunk": 0,
         "gbps": {"med": 44.9}}])");
    REQUIRE(cases.size() == 3);
    CHECK(!cases[0].problem.empty());
    CHECK(!cases[1].problem.empty());
    REQUIRE(cases[2].problem.empty());
    CHECK(cases[2].probe(h200(), {}).value == Approx(44.9).epsilon(0.1));
    CHECK(!section("C", R"("unheard_of": [{}])").front().problem.empty());
    CHECK(!section("Z", R"("list": [{"x": 1}])").front().problem.empty());
}

TEST_CASE("more SMs than the GPU has is refused when asked") {
    const std::vector<Case> cases = section("C", R"("uni1": [
        {"method": "ldst_push", "sms": 200, "bytes": 65536, "peers": 1, "gpus": 1, "rounds": 1, "mode": "stream",
         "chunk": 0, "gbps": {"med": 1}}])");
    CHECK_THROWS_AS(cases.front().probe(h200(), {}), ModelError);
}

TEST_CASE("published figures: a system of their own, the second release, first bytes through leaf and spines") {
    const std::vector<Case> cases = published_deepep_cases(Text(R"({"system": "h800", "published": [
        {"op": "dispatch", "release": "v1a", "ranks": 16, "tokens": 8192, "sms": 12, "row_bytes": 7392,
         "nodes_per_token": 1.992, "ranks_per_token": 6.523, "gbps": 40},
        {"op": "dispatch", "release": "v2", "system": "h100", "ranks": 16, "tokens": 8192, "sms": 12,
         "row_bytes": 7392, "nodes_per_token": 1.992, "ranks_per_token": 6.523, "gbps": 90},
        {"network": "roce", "bytes": 64, "us": 3.6}, {"network": "roce", "bytes": 64, "spines": true, "us": 5.6},
        {"network": "nvlink", "bytes": 64, "us": 3.33},
        {"network": "token ring", "bytes": 64, "us": 1}, {"network": "roce", "system": "none", "bytes": 64, "us": 1}]})")
                                                               .at());
    REQUIRE(cases.size() == 7);
    CHECK(cases[1].probe(h200(), {}).value > 1.2 * cases[0].probe(h200(), {}).value);
    CHECK(cases[3].probe(h200(), {}).value > cases[2].probe(h200(), {}).value + 1);
    CHECK(cases[2].variant == "calibration");  // the network model's own constants
    CHECK(cases[4].variant == "nvlink");
    CHECK(cases[4].probe(h200(), {}).value == Approx(3.33).epsilon(0.3));
    CHECK(cases[5].problem.find("token ring") != std::string::npos);
    CHECK_FALSE(cases[6].problem.empty());
}
