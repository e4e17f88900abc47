#include "sim/app/numeric_error.hpp"

#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

TaskGraph graph_of(ScaleMode scale, int promotion, std::int64_t k = 2048) {
    GemmDesc g;
    g.m = g.n = 4096;
    g.k = k;
    g.scale = scale;
    g.promotion_interval = promotion;
    g.a = {"a", DType::fp8_e4m3, g.m, g.k};
    g.b = {"b", DType::fp8_e4m3, g.n, g.k};
    Task t;
    t.kernel = g;
    TaskGraph graph;
    graph.tasks.push_back(t);
    return graph;
}

}  // namespace

TEST_CASE("the switches of the proposals change the accuracy as they should") {
    SystemConfig system = load_system(find_config("systems", "h800"));
    const TaskGraph blocks = graph_of(ScaleMode::block_1x128_128x128, 128);
    const double today = numeric_error(blocks, system);
    CHECK(today > 1e-5);
    CHECK(today < 1e-3);
    CHECK(numeric_error(blocks, system) == today);
    SystemConfig wide = system;
    wide.sm.tensor.accumulator_fraction_bits = 34;
    CHECK(numeric_error(blocks, wide) < today / 100);
    SystemConfig scaled = system;
    scaled.sm.tensor.group_scaling = true;
    CHECK(numeric_error(blocks, scaled) > today);  // 13 bits and no promotion
    scaled.sm.tensor.accumulator_fraction_bits = 34;
    CHECK(numeric_error(blocks, scaled) < today / 10);
    CHECK(numeric_error(graph_of(ScaleMode::none, 0), system) > today);
    CHECK(numeric_error(graph_of(ScaleMode::block_1x128_1x128, 128), system) == Approx(today).epsilon(0.2));
}

TEST_CASE("the GEMM with the most operations counts; without FP8 GEMMs there is nothing to say") {
    const SystemConfig system = load_system(find_config("systems", "h800"));
    TaskGraph both = graph_of(ScaleMode::none, 0);
    const double alone = numeric_error(both, system);
    both.tasks.push_back(graph_of(ScaleMode::block_1x128_128x128, 128, 256).tasks.front());
    CHECK(numeric_error(both, system) == alone);
    CHECK(numeric_error(TaskGraph{}, system) == -1);
}
