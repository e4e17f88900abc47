#include "models/numerics/parallel.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <vector>

using namespace tessera::numerics;

TEST_CASE("every piece is done once, whatever the number of threads") {
    for (const int threads : {0, 1, 2, 7, 64}) {
        std::vector<int> done(50);
        run_parallel(50, threads, [&](int i) { ++done[static_cast<std::size_t>(i)]; });
        CHECK(done == std::vector<int>(50, 1));
    }
    run_parallel(0, 2, [](int) { FAIL("there is nothing to do"); });
}

TEST_CASE("an exception in a thread reaches the caller") {
    for (const int threads : {1, 3}) {
        CHECK_THROWS_AS(run_parallel(9, threads,
                                     [](int i) {
                                         if (i == 5) { throw std::runtime_error("five"); }
                                     }),
                        std::runtime_error);
    }
}
