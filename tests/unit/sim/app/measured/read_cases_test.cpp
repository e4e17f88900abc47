#include "sim/app/measured/read_cases.hpp"

#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::h200;

namespace {

std::vector<measured::Case> cases(const std::string& json) {
    return measured::read_cases(parse_json(json, "m.json"), "m.json", h200());
}

const std::string kGemm = R"({"family": "gemm", "variant": "fp8_block", "dtype": "fp8",
    "shape": {"M": 256, "N": 512, "K": 1024}, )";

}  // namespace

TEST_CASE("broken cases are told one by one and stop no other") {
    const auto c =
        cases(R"({"cases": [)" + kGemm + R"("us": 0, "sm_mhz": 1500},)" + kGemm + R"("us": -3, "sm_mhz": 1},)" + kGemm +
              R"("us": 9}, 7, {"family": "fft", "dtype": "", "shape": {}, "us": 1, "sm_mhz": 1},)" + kGemm +
              R"("us": 9, "sm_mhz": 1500}]})");
    REQUIRE(c.size() == 6);
    CHECK(c[0].problem == "m.json: /cases/0/us: expected a positive number");
    CHECK(c[1].problem == "m.json: /cases/1/us: expected a positive number");
    CHECK(c[2].problem == "m.json: /cases/2: member \"sm_mhz\" is missing");
    CHECK(c[3].problem == "m.json: /cases/3: expected an object");
    CHECK(c[4].problem.find("fft") != std::string::npos);
    CHECK(c[5].problem.empty());
    CHECK(c[5].measured == 9);
    CHECK(c[5].launches.size() == 1);
    CHECK(c[5].shape.size() == 3);
}

TEST_CASE("ids are unique") {
    const auto c =
        cases(R"({"cases": [)" + kGemm + R"("us": 9, "sm_mhz": 1500},)" + kGemm + R"("us": 9, "sm_mhz": 1500}]})");
    CHECK(c[0].id == "gemm fp8_block M256 N512 K1024");
    CHECK(c[1].id == "gemm fp8_block M256 N512 K1024#2");
}

TEST_CASE("rows are judged by the median of the graph's replay") {
    const auto c =
        cases(R"({"rows": [{"grp": "dense", "kind": "fp8", "id": "a", "sms": 64, "m": 128, "n": 256, "k": 512,
        "cfg": {}, "us_graph": {"med": 12.5}, "sm_mhz": 1800},
        {"grp": "dense", "kind": "fp8", "id": "b", "sms": 64, "m": 128, "n": 256, "k": 512, "cfg": {}, "sm_mhz": 1800}]})");
    CHECK(c[0].family == "deepgemm dense");
    CHECK(c[0].measured == 12.5);
    CHECK(c[0].clock == megahertz(1800));
    CHECK(c[1].problem == "m.json: /rows/1: member \"us_graph\" is missing");
}

TEST_CASE("sections: bandwidth, quantization kernels, and what is no kernel") {
    const auto c = cases(R"({"sections": {"A": {"items": [{"id": "A.smem"}]},
        "I": {"items": [{"id": "I.kernel", "kernel": "E4M3 transpose", "rows": 1024, "cols": 2048, "bytes": 4194304,
            "mode": "same buffers, 10 back to back", "ns_event": {"med": 3000}, "sm_ghz": 1.98,
            "empty_kernel_ns_event": {"med": 2000}}]}}})");
    REQUIRE(c.size() == 2);
    CHECK_FALSE(c[0].problem.empty());
    CHECK(c[1].problem.empty());
    CHECK(c[1].measured == 3.0);
    CHECK(std::get<StreamDesc>(c[1].launches.front().kernel).reads.front().l2_resident == 1.0);
}

TEST_CASE("a document of another form is one case with its problem") {
    CHECK(cases(R"({"x": 1})").front().problem.find("neither") != std::string::npos);
    CHECK(cases(R"([])").front().problem.find("neither") != std::string::npos);
    CHECK(cases(R"({"cases": 3})").front().problem == "m.json: /cases: expected an array");
}

TEST_CASE("measurements between GPUs are told entry by entry") {
    const auto nvlink = cases(R"({"sections": {"B": {"title": "t", "copies": [{"bytes": 1}, {"bytes": 2}]}}})");
    REQUIRE(nvlink.size() == 2);
    CHECK(nvlink[0].family == "nvlink B copies");
    CHECK(nvlink[1].problem.find("between GPUs") != std::string::npos);
    const auto nccl = cases(R"({"configs": {"8": {"ranks": 2, "channels": {"coll": 8, "p2p": 8},
        "collectives": [{"op": "all_reduce"}], "errors": []}}})");
    REQUIRE(nccl.size() == 1);
    CHECK(nccl[0].problem.find("launch") != std::string::npos);
    const auto deepep = cases(R"({"rows": [{"op": "dispatch", "tokens": 4096}]})");
    CHECK(deepep[0].family == "deepep");
    CHECK_FALSE(deepep[0].problem.empty());
}
