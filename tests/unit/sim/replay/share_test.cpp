#include "sim/replay/share.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {
constexpr std::size_t hbm = static_cast<std::size_t>(SharedResource::hbm);
constexpr std::size_t l2 = static_cast<std::size_t>(SharedResource::l2);
ResourceRates rates(double on_hbm, double on_l2 = 0) {
    ResourceRates r{};
    r[hbm] = on_hbm;
    r[l2] = on_l2;
    return r;
}
const ResourceRates full = rates(100, 400);
Sharer sharer(ResourceRates demand, double weight) {
    Sharer s;
    s.demand = demand;
    s.weight = weight;
    return s;
}
}  // namespace

TEST_CASE("demands that fit are met") {
    std::vector<Sharer> s = {sharer(rates(60), 1), sharer(rates(40), 1)};
    share_fairly(s, full);
    CHECK(s[0].rate == 1);
    CHECK(s[1].rate == 1);
    CHECK(s[0].bound_by == -1);
}

TEST_CASE("an overloaded resource is shared by weight") {
    std::vector<Sharer> s = {sharer(rates(100), 20), sharer(rates(100), 80)};
    share_fairly(s, full);
    CHECK(s[0].rate == Approx(0.2));
    CHECK(s[1].rate == Approx(0.8));
    CHECK(s[0].bound_by == static_cast<int>(hbm));
}

TEST_CASE("who asks for less than its share leaves the rest") {
    std::vector<Sharer> s = {sharer(rates(10), 1), sharer(rates(100), 1), sharer(rates(60), 1)};
    share_fairly(s, full);
    CHECK(s[0].rate == 1);
    CHECK(s[1].rate == Approx(45.0 / 100));
    CHECK(s[2].rate == Approx(45.0 / 60));
}

// The first is held at 50 % by HBM and then uses only 100 of the L2's 400, so the third gets 300 of it.
TEST_CASE("what a slowed kernel leaves on its other resources goes to the others") {
    std::vector<Sharer> s = {sharer(rates(100, 200), 1), sharer(rates(100, 0), 1), sharer(rates(0, 400), 1)};
    share_fairly(s, full);
    CHECK(s[0].rate == Approx(0.5));
    CHECK(s[1].rate == Approx(0.5));
    CHECK(s[2].rate == Approx(0.75));
    CHECK(s[2].bound_by == static_cast<int>(l2));
}

// Silicon, H200 micro.json H.pair: a TMA copy on 20 SMs beside a TMA read on 112 keeps 521..617 of 1970 GB/s
// (4.44 TB/s together); SMs / 132 of that is 672.
TEST_CASE("the share of a few SMs beside a saturating stream follows the SMs") {
    ResourceRates capacity = rates(4440, 1e9);
    std::vector<Sharer> s = {sharer(rates(1970), 20), sharer(rates(4440), 112)};
    share_fairly(s, capacity);
    CHECK(1970 * s[0].rate == Approx(4440 * 20.0 / 132));
    CHECK(1970 * s[0].rate == Approx(617).epsilon(0.15));
}

TEST_CASE("no resource is used beyond its capacity and none is wasted") {
    for (int seed = 1; seed < 200; ++seed) {
        std::vector<Sharer> s;
        unsigned x = static_cast<unsigned>(seed);
        const auto next = [&x] { return static_cast<double>((x = x * 1664525u + 1013904223u) >> 16) / 65536.0; };
        for (int i = 0; i < 4; ++i) { s.push_back(sharer(rates(100 * next(), 400 * next()), 1 + 100 * next())); }
        share_fairly(s, full);
        double used_hbm = 0, used_l2 = 0;
        for (const Sharer& k : s) {
            used_hbm += k.rate * k.demand[hbm];
            used_l2 += k.rate * k.demand[l2];
            REQUIRE(k.rate > 0);
            REQUIRE(k.rate <= 1);
        }
        REQUIRE(used_hbm <= 100 * (1 + 1e-6));
        REQUIRE(used_l2 <= 400 * (1 + 1e-6));
        for (const Sharer& k : s) {  // a slowed kernel's resource is full
            if (k.bound_by == static_cast<int>(hbm)) { REQUIRE(used_hbm >= 100 * (1 - 1e-6)); }
            if (k.bound_by == static_cast<int>(l2)) { REQUIRE(used_l2 >= 400 * (1 - 1e-6)); }
        }
    }
}

TEST_CASE("an engine weighs as many SMs as would sustain its demand") {
    CHECK(sharing_weight(20, rates(50), full, 132) == 20);
    CHECK(sharing_weight(0, rates(50), full, 132) == Approx(66));
    CHECK(sharing_weight(0, rates(0), full, 132) > 0);
}

TEST_CASE("memory offers less while reads and writes mix, most at equal parts") {
    CHECK(mixed_rate(0) == 1);
    CHECK(mixed_rate(1) == 1);
    CHECK(mixed_rate(0.5) == Approx(3940.0 / 4611));  // a copy's share of a read's rate
    CHECK(mixed_rate(0.25) > mixed_rate(0.5));
    std::vector<Sharer> s = {sharer(rates(100), 1), sharer(rates(100), 1)};
    s[1].write_share = 1;
    share_fairly(s, full);
    CHECK(s[0].rate == Approx(0.5 * 3940 / 4611));
    CHECK(s[1].rate == Approx(s[0].rate));
    s[1].write_share = 0;
    share_fairly(s, full);
    CHECK(s[0].rate == Approx(0.5));
}

TEST_CASE("a kernel alone is never slowed by its own mix") {
    Traffic t;
    t.hbm_read = t.hbm_write = bytes(50'000'000'000);
    std::vector<Sharer> s = {sharer(demand(t, seconds(1000), full), 1)};
    s[0].write_share = write_share(t);
    CHECK(s[0].write_share == 0.5);
    share_fairly(s, full);
    CHECK(s[0].rate == 1);
    CHECK(write_share(Traffic{}) == 0);
}

TEST_CASE("a kernel paced by round trips slows as others use the memory, though its bytes would fit") {
    const std::vector<double> curve = {1, 1.5, 3};  // at 0, 1/2 and all of the HBM
    std::vector<Sharer> s = {sharer(rates(10), 20), sharer(rates(25), 112)};
    s[0].beside_hbm = &curve;
    share_fairly(s, full);
    CHECK(s[0].rate == Approx(1 / 1.25));
    CHECK(s[0].bound_by == static_cast<int>(hbm));
    CHECK(s[1].rate == 1);
    s[1].demand[hbm] = 80;
    share_fairly(s, full);
    const double slower = s[0].rate;
    CHECK(slower < 1 / 1.5);
    CHECK(slower >= 1 / 3.0);
    // Alone it keeps its speed.
    std::vector<Sharer> alone = {s[0]};
    share_fairly(alone, full);
    CHECK(alone[0].rate == 1);
}
