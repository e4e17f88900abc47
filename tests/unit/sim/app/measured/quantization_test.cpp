#include "sim/app/measured/quantization.hpp"

#include "sim/base/error.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::Text;

TEST_CASE("the quantization kernels of the microbenchmarks") {
    for (const char* name :
         {"per-token 1x128 BF16->E4M3", "128x128 block BF16->E4M3", "per-channel 128x1 BF16->E4M3 + transpose",
          "E4M3 transpose", "E4M3 1x128 -> dequantize, transpose, requantize 128x1"}) {
        INFO(name);
        CHECK_NOTHROW(validate(KernelDesc(quantization_kernel(name, 4096, 7168))));
        CHECK(quantization_kernel(name, 4096, 7168).warp_cycles > 0);
    }
    CHECK(quantization_kernel("per-token 1x128 BF16->E4M3", 4096, 7168).writes.front().run == bytes(64));
    CHECK_THROWS_AS(quantization_kernel("E2M1", 4096, 7168), ModelError);
}

TEST_CASE("calls back to back share the events, and are launched no faster than the host can") {
    const char* item = R"({"kernel": "E4M3 transpose", "rows": 128, "cols": 7168, "mode": "%", "bytes": 1835008,
                           "ns_event": {"med": 4000}, "empty_kernel_ns_event": {"med": 2000}, "sm_ghz": 1.98})";
    const auto read = [&](const std::string& mode) {
        std::string text = item;
        text.replace(text.find('%'), 1, mode);
        const Text t(text);
        Case c;
        quantization_case(t.at(), c);
        return c;
    };
    const Case cold = read("after an L2 flush"), hot = read("same buffers, 10 back to back");
    CHECK(cold.overhead == nanoseconds(2000));
    CHECK(cold.at_least == Time::zero());
    CHECK(to_nanoseconds(hot.overhead) == Approx(200));
    CHECK(hot.stream_gaps == 1);
    CHECK(to_nanoseconds(hot.at_least) == Approx(200 + 3840));
    CHECK(std::get<StreamDesc>(hot.launches.front().kernel).reads.front().l2_resident == 1.0);
    CHECK(std::get<StreamDesc>(cold.launches.front().kernel).reads.front().l2_resident == 0.0);
}

TEST_CASE("a check counts the outputs that the model's conversion reproduces") {
    for (const char* name : {"per-token 1x128 BF16->E4M3", "128x128 block BF16->E4M3", "E4M3 transpose"}) {
        const Text item(std::string(R"({"rows": 256, "cols": 384, "mismatched_values": 0, "kernel": ")") + name +
                        "\"}");
        Case c;
        quantization_check(item.at(), c);
        CHECK(c.measured == 256 * 384);
        CHECK(c.judged == Judged::bit_for_bit);
        CHECK(c.probe(SystemConfig{}, megahertz(1000)).value == 256 * 384);
    }
    const Text wrong(R"({"kernel": "E4M3 transpose", "rows": 2, "cols": 2, "mismatched_values": 5})");
    Case c;
    CHECK_THROWS_AS(quantization_check(wrong.at(), c), ConfigError);
}
