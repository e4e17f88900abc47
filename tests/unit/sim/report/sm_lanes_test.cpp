#include "sim/report/sm_lanes.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

Span span(int start, int end, int sms, const char* op_class = "gemm") {
    Span s;
    s.start = microseconds(start);
    s.end = microseconds(end);
    s.sms = sms;
    s.op_class = op_class;
    return s;
}

}  // namespace

TEST_CASE("SMs with one history are one lane, kernels of the links lie at the end") {
    Timeline t;
    t.spans = {span(0, 10, 20, "comm_dispatch"), span(0, 10, 112), span(10, 20, 132)};
    const auto lanes = report::sm_lanes(t, 132);
    REQUIRE(lanes.size() == 2);
    CHECK(lanes[0].name == "SMs 0-111");
    CHECK(lanes[0].spans == std::vector<std::size_t>{1, 2});
    CHECK(lanes[1].name == "SMs 112-131");
    CHECK(lanes[1].spans == std::vector<std::size_t>{0, 2});
}

TEST_CASE("what finds no free SM is in no lane") {
    Timeline t;
    t.spans = {span(0, 10, 4), span(5, 8, 4), span(5, 8, 1), span(10, 11, 1)};
    const auto lanes = report::sm_lanes(t, 5);
    REQUIRE(lanes.size() == 3);
    CHECK(lanes[0].name == "SM 0");
    CHECK(lanes[1].name == "SMs 1-3");
    CHECK(lanes[2].name == "SM 4");
    CHECK(lanes[2].spans == std::vector<std::size_t>{1});  // one of the four it wanted; the third found none
    CHECK(report::sm_lanes(t, 0).empty());
}
