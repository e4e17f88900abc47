#include "sim/app/price_launches.hpp"

#include "models/device/device.hpp"
#include "sim/ir/stream_kernels.hpp"
#include "tests/support/gemm.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::testing;

namespace {

measured::Case case_of(const KernelDesc& kernel, double mhz = 1000) {
    measured::Case c;
    c.clock = megahertz(mhz);
    c.launches = {{kernel, 2}};
    return c;
}

}  // namespace

TEST_CASE("launches are priced as the device prices them, whatever the number of processes") {
    GemmDesc gemm = fp8_gemm(256, 256, 512);
    gemm.tiling = tile(128, 128, 128);
    const StreamDesc stream = stream_kernels::elementwise_scale(256, 1024);
    std::vector<measured::Case> cases = {case_of(gemm), case_of(stream), case_of(gemm), case_of(gemm, 1500)};
    const auto one = price_launches(cases, round_system(), false, 1);
    const auto three = price_launches(cases, round_system(), false, 3);
    DeviceTimer timer(round_system());
    KernelContext context;
    context.sms = 2;
    context.sm_clock = megahertz(1000);
    CHECK(one[0][0].time == timer.time(gemm, context).time);
    CHECK(one[1][0].time == timer.time(stream, context).time);
    CHECK(one[2][0].time == one[0][0].time);
    CHECK(one[3][0].time < one[0][0].time);
    CHECK(one[0][0].launch > Time::zero());
    for (std::size_t i = 0; i < cases.size(); ++i) {
        CHECK(three[i][0].time == one[i][0].time);
        CHECK(three[i][0].limiter == one[i][0].limiter);
    }
}

TEST_CASE("a refused kernel concerns its own case alone, cases with a problem are left out") {
    GemmDesc bad = fp8_gemm(256, 256, 512);
    bad.tiling = tile(512, 256, 128);
    measured::Case broken;
    broken.problem = "unreadable";
    const auto prices = price_launches({case_of(bad), broken, case_of(stream_kernels::elementwise_scale(256, 1024))},
                                       round_system(), false, 2);
    CHECK_FALSE(prices[0][0].problem.empty());
    CHECK(prices[1].empty());
    CHECK(prices[2][0].problem.empty());
    CHECK(price_launches({}, round_system(), false, 2).empty());
}
