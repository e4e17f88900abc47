#include "workloads/deepseek_v3/expert_placement.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace tessera;
using namespace tessera::deepseek_v3;

namespace {

struct Job {
    ModelConfig model;
    ParallelConfig parallel;
};

Job job(int experts, int ranks, int copies, int per_node = 8, int groups = 1) {
    Job j;
    j.model.routed_experts = experts;
    j.model.expert_groups = groups;
    j.parallel.expert_ranks = ranks;
    j.parallel.redundant_experts = copies;
    j.parallel.ranks_per_node = per_node;
    return j;
}

}  // namespace

TEST_CASE("experts without copies stand in their order") {
    const Job j = job(6, 3, 0);
    const auto slots = place_experts(j.model, j.parallel, std::vector<double>(6, 1.0));
    CHECK(slots[0] == std::vector<ExpertSlot>{{0, 0}});
    CHECK(slots[3] == std::vector<ExpertSlot>{{1, 1}});
    CHECK(slots[5] == std::vector<ExpertSlot>{{2, 1}});
}

TEST_CASE("copies go to the experts with the most load, and ranks are packed evenly: a case by hand") {
    // Loads 8, 4, 2, 2 with two copies: 8 is split into 4 and 4, then the first of the 4s at hand again: 8/3 three
    // times.
    const Job j = job(4, 2, 2);
    const auto slots = place_experts(j.model, j.parallel, {8, 4, 2, 2});
    CHECK(slots[0].size() == 3);
    CHECK(slots[1].size() == 1);
    // Heaviest first: 4 to rank 0, 8/3 to rank 1, 8/3 to rank 1, 8/3 to rank 0, 2 to rank 1 (5.33 < 6.67), 2 to rank 0.
    CHECK(slots[1] == std::vector<ExpertSlot>{{0, 0}});
    CHECK(slots[0] == std::vector<ExpertSlot>{{1, 0}, {1, 1}, {0, 1}});
    CHECK(slots[2] == std::vector<ExpertSlot>{{1, 2}});
    CHECK(slots[3] == std::vector<ExpertSlot>{{0, 2}});
}

TEST_CASE("groups and their copies stay on their nodes") {
    const Job j = job(64, 16, 16, 8, 4);
    std::vector<double> popularity(64, 1.0);
    for (std::size_t e = 0; e < 64; ++e) { popularity[e] += static_cast<double>(e % 7); }
    const auto slots = place_experts(j.model, j.parallel, popularity);
    std::set<std::pair<int, int>> used;
    for (std::size_t e = 0; e < slots.size(); ++e) {
        for (const ExpertSlot& s : slots[e]) {
            CHECK(s.rank / 8 == static_cast<int>(e) / 32);
            CHECK(used.insert({s.rank, s.slot}).second);
            CHECK(s.slot < 5);
        }
    }
    CHECK(used.size() == 80);
}

TEST_CASE("experts and copies that ranks cannot share evenly are refused") {
    const Job uneven = job(10, 4, 0), copies = job(8, 4, 2);
    CHECK_THROWS_AS(place_experts(uneven.model, uneven.parallel, std::vector<double>(10, 1.0)), ModelError);
    CHECK_THROWS_AS(place_experts(copies.model, copies.parallel, std::vector<double>(8, 1.0)), ModelError);
}
