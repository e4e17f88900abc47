#include "sim/sweep/attribution.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>
#include <numeric>

using namespace tessera;
using namespace tessera::sweep;

TEST_CASE("players that do not meet are worth what they save alone") {
    const double own[] = {3, -1, 5};
    std::vector<double> saved(8, 0);
    for (std::size_t s = 0; s < 8; ++s) {
        for (std::size_t i = 0; i < 3; ++i) { saved[s] += (s >> i & 1) != 0 ? own[i] : 0; }
    }
    const std::vector<double> values = shapley_values(saved);
    for (std::size_t i = 0; i < 3; ++i) { CHECK(values[i] == Approx(own[i])); }
    for (const auto& row : shapley_interactions(saved)) {
        for (const double v : row) { CHECK(v == Approx(0).margin(1e-12)); }
    }
    CHECK(best_of_size(saved) == std::vector<std::uint32_t>{0, 4, 5, 7});
}

TEST_CASE("two who do the same work share it and interact negatively") {
    // Either saves 6, both still 6; a third saves 1 by itself.
    std::vector<double> saved(8, 0);
    for (std::size_t s = 0; s < 8; ++s) { saved[s] = ((s & 3) != 0 ? 6 : 0) + ((s & 4) != 0 ? 1 : 0); }
    const std::vector<double> values = shapley_values(saved);
    CHECK(values[0] == Approx(3));
    CHECK(values[1] == Approx(3));
    CHECK(values[2] == Approx(1));
    const auto pairs = shapley_interactions(saved);
    CHECK(pairs[0][1] == Approx(-6));
    CHECK(pairs[1][0] == Approx(-6));
    CHECK(pairs[0][2] == Approx(0).margin(1e-12));
    CHECK(best_of_size(saved) == std::vector<std::uint32_t>{0, 1, 5, 7});
}

TEST_CASE("the glove game: Shapley's own numbers, and the values add up to the whole") {
    // One left glove (player 0), two right ones: a pair is worth 1. Shapley values 2/3, 1/6, 1/6.
    std::vector<double> saved(8, 0);
    for (const std::size_t s : {3, 5, 7}) { saved[s] = 1; }
    const std::vector<double> values = shapley_values(saved);
    CHECK(values[0] == Approx(2.0 / 3));
    CHECK(values[1] == Approx(1.0 / 6));
    CHECK(values[2] == Approx(1.0 / 6));
    CHECK(std::accumulate(values.begin(), values.end(), 0.0) == Approx(1));
}

TEST_CASE("a game without the value of every subset is refused") {
    CHECK_THROWS_AS(shapley_values(std::vector<double>(6, 0)), InternalError);
    CHECK(shapley_values({0.0}).empty());
    CHECK(best_of_size({0.0}) == std::vector<std::uint32_t>{0});
}
