#include "sim/app/measured/framework_ops.hpp"

#include "sim/base/error.hpp"
#include "sim/ir/kernel_desc.hpp"
#include "tests/unit/sim/app/measured/fixture.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::measured;
using tessera::testing::Text;

namespace {

std::vector<std::int64_t> grids(const std::string& family, const std::string& shape) {
    const Text t(shape);
    std::vector<std::int64_t> blocks;
    for (const Launch& l : framework_launches(family, t.at())) {
        CHECK_NOTHROW(validate(l.kernel));
        blocks.push_back(std::get<StreamDesc>(l.kernel).rows);
    }
    return blocks;
}

}  // namespace

TEST_CASE("grids of the router in eager mode, as a profiler shows them") {
    CHECK(grids("router_topk_torch", R"({"T": 128, "E": 256})") ==
          std::vector<std::int64_t>{32, 128, 1024, 1024, 4, 128, 128, 1, 1, 128, 32, 32, 32, 32, 128, 128, 1, 2, 4, 1});
    CHECK(grids("router_topk_torch", R"({"T": 4096, "E": 256})") ==
          std::vector<std::int64_t>{1024, 4096, 32768, 2048, 128,  4096, 820, 32, 16,  4096,
                                    1024, 1024, 1024,  1024, 4096, 820,  32,  64, 128, 32});
    CHECK_THROWS_AS(grids("router_topk_torch", R"({"T": 4, "E": 12})"), ConfigError);
}

TEST_CASE("a sort of 64-bit keys takes eight passes, each after a clear") {
    const auto small = grids("sort_expert_ids_torch", R"({"n": 32768})");
    REQUIRE(small.size() == 6 + 2 * 8);
    CHECK(small[4] == 924);
    CHECK(small[7] == 8);
    CHECK(grids("sort_expert_ids_torch", R"({"n": 262144})")[7] == 57);
}

TEST_CASE("counting: twice the numbers take twice as long at the counters") {
    const Text a(R"({"n": 262144})"), b(R"({"n": 524288})");
    const auto one = framework_launches("count_experts_torch", a.at()),
               two = framework_launches("count_experts_torch", b.at());
    const double first = std::get<StreamDesc>(one[1].kernel).warp_cycles;
    CHECK(first > 262144 / 8);  // never faster than one addition a clock on each of eight lines
    CHECK(std::get<StreamDesc>(two[1].kernel).warp_cycles == Approx(2 * first).epsilon(0.02));
    CHECK(framework_launches("cast_1x128", a.at()).empty());
}
