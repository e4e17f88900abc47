#include "models/l2/sm_places.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

using namespace tessera;

namespace {

std::map<int, int> of_gpcs(const std::vector<SmPlace>& places, std::size_t first) {
    std::map<int, int> count;
    for (std::size_t i = 0; i < first; ++i) { ++count[places[i].gpc]; }
    return count;
}

}  // namespace

TEST_CASE("132 SMs in 8 GPCs: six of 16 and two of 18, halves and sides even") {
    const auto places = sm_places(132, 8, 4);
    REQUIRE(places.size() == 132);
    const auto all = of_gpcs(places, 132);
    CHECK(std::count_if(all.begin(), all.end(), [](const auto& g) { return g.second == 16; }) == 6);
    CHECK(std::count_if(all.begin(), all.end(), [](const auto& g) { return g.second == 18; }) == 2);
    const auto half = std::count_if(places.begin(), places.end(), [](const SmPlace& p) { return p.half == 0; });
    const auto side = std::count_if(places.begin(), places.end(), [](const SmPlace& p) { return p.side == 0; });
    CHECK(half == 66);
    CHECK(side == 66);
}

TEST_CASE("a grid fills the lone TPCs first, then one SM of each TPC round the GPCs") {
    const auto places = sm_places(132, 8, 4);
    CHECK(of_gpcs(places, 8) == std::map<int, int>{{0, 8}});
    auto sixteen = of_gpcs(places, 16);
    CHECK(sixteen[0] == 9);
    CHECK(sixteen[7] == 1);
    auto most = of_gpcs(places, 48);  // counted on an H200: 12 in the first GPC, 4 to 6 in the others
    CHECK(most[0] == 12);
    CHECK(most[3] == 5);
    CHECK(of_gpcs(places, 96)[0] == 16);
}

TEST_CASE("clusters lie in one GPC each, as many as the hardware reports, even over the halves") {
    const auto places = sm_places(132, 8, 4);
    CHECK(cluster_places(places, 1, 4).clusters == 132);
    // H200 micro J.clusters, max_active_clusters.
    const std::map<int, int> reported = {{2, 66}, {4, 30}, {8, 15}, {16, 7}};
    for (const auto& [size, count] : reported) {
        const ClusterPlaces c = cluster_places(places, size, 4);
        CHECK(c.clusters == count);
        REQUIRE(c.places.size() == 132);
        int fetching = 0;  // first blocks in half 0
        for (int i = 0; i < count; ++i) {
            const SmPlace& first = c.places[static_cast<std::size_t>(i * size)];
            fetching += first.half == 0 ? 1 : 0;
            for (int b = 1; b < size; ++b) { CHECK(c.places[static_cast<std::size_t>(i * size + b)].gpc == first.gpc); }
        }
        CHECK(2 * fetching >= count - 2);
        CHECK(2 * fetching <= count + 2);
    }
    CHECK_THROWS_AS(cluster_places(places, 0, 4), InternalError);
}

TEST_CASE("SMs picked evenly lie in all GPCs") {
    const auto places = sm_places(132, 8, 4);
    const auto picked = balanced_sms(places, 64);
    std::map<int, int> count;
    for (const int sm : picked) { ++count[places[static_cast<std::size_t>(sm)].gpc]; }
    for (const auto& [gpc, n] : count) { CHECK(n == 8); }
    CHECK(balanced_sms(places, 132).size() == 132);
    CHECK_THROWS_AS(balanced_sms(places, 133), InternalError);
}

TEST_CASE("one GPC holds everything, an odd SM stands alone in its TPC") {
    const auto places = sm_places(5, 1, 0);
    REQUIRE(places.size() == 5);
    for (const SmPlace& p : places) { CHECK(p.gpc == 0); }
    CHECK_THROWS_AS(sm_places(0, 1, 0), InternalError);
}
