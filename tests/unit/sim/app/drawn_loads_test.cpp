#include "sim/app/drawn_loads.hpp"

#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("drawn loads: the same as drawn anew, and one draw for equal workloads") {
    WorkloadConfig w = load_run_config(find_config("runs", "deepseek_v3_prefill")).workload;
    w.router = RouterConfig{};
    w.router.load = RouterLoad::seeded;
    w.router.spread = 0.1;
    const auto& first = drawn_loads(w, 4);
    const auto fresh = deepseek_v3::rank_loads(w, 4);
    REQUIRE(first.size() == fresh.size());
    for (std::size_t r = 0; r < fresh.size(); ++r) { CHECK(first[r].forward_rows == fresh[r].forward_rows); }
    CHECK(&drawn_loads(w, 4) == &first);
    CHECK(&drawn_loads(w, 3) != &first);
    w.router.seed = 9;
    CHECK(drawn_loads(w, 4).front().forward_rows != fresh.front().forward_rows);
}
