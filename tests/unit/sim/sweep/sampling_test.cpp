// covers: axis.cpp
#include "sim/sweep/sampling.hpp"

#include "sim/base/json.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

using namespace tessera;
using namespace tessera::sweep;

namespace {

Axis list(const std::string& path, std::vector<std::string> values) {
    Axis a;
    a.path = path;
    a.values = std::move(values);
    return a;
}

Axis range(const std::string& path, double from, double to, int count, bool logarithmic = false) {
    Axis a;
    a.path = path;
    a.from = from;
    a.to = to;
    a.count = count;
    a.unit = "GB/s";
    a.logarithmic = logarithmic;
    return a;
}

double number(const std::string& json) {
    const JsonValue v = parse_json(json, "test");
    return v.is_string() ? std::stod(v.as_string()) : v.as_double();
}

}  // namespace

TEST_CASE("a range has its ends and what lies between") {
    const Axis linear = range("a", 100, 400, 4), logarithmic = range("a", 100, 800, 4, true);
    CHECK(linear.level(0) == "\"100 GB/s\"");
    CHECK(linear.level(1) == "\"200 GB/s\"");
    CHECK(linear.level(3) == "\"400 GB/s\"");
    CHECK(logarithmic.level(1) == "\"200 GB/s\"");
    CHECK(logarithmic.level(3) == "\"800 GB/s\"");
    Axis whole = range("a", 1, 3, 0);
    whole.unit.clear();
    whole.whole = true;
    std::set<std::string> seen;
    for (const double share : {0.0, 0.3, 0.34, 0.6, 0.67, 0.999999}) { seen.insert(whole.at(share)); }
    CHECK(seen == std::set<std::string>{"1", "2", "3"});
    Axis stepped = range("a", 128, 1024, 5);
    stepped.step = 128;
    for (const double share : {0.11, 0.53, 0.97}) { CHECK(std::fmod(number(stepped.at(share)), 128) == 0); }
}

TEST_CASE("a grid has every combination once, the last axis fastest") {
    SweepConfig c;
    c.axes = {range("x", 1, 3, 3), list("y", {"false", "true"})};
    const Sampler sampler(c);
    REQUIRE(sampler.size() == 6);
    CHECK(sampler.settings(0) == std::vector<Setting>{{"x", "\"1 GB/s\""}, {"y", "false"}});
    CHECK(sampler.settings(1) == std::vector<Setting>{{"x", "\"1 GB/s\""}, {"y", "true"}});
    CHECK(sampler.settings(5) == std::vector<Setting>{{"x", "\"3 GB/s\""}, {"y", "true"}});
    std::set<std::string> seen;
    for (std::size_t p = 0; p < 6; ++p) { seen.insert(sampler.settings(p)[0].value + sampler.settings(p)[1].value); }
    CHECK(seen.size() == 6);
}

TEST_CASE("a Latin hypercube has one point in each part of every axis, and depends on its seed alone") {
    SweepConfig c;
    c.method = Method::latin_hypercube;
    c.sampled = 20;
    c.axes = {range("x", 0, 20, 0), range("y", 0, 20, 0)};
    const Sampler sampler(c), again(c);
    for (std::size_t a = 0; a < 2; ++a) {
        std::set<int> parts;
        for (std::size_t p = 0; p < 20; ++p) {
            parts.insert(static_cast<int>(number(sampler.settings(p)[a].value)));
            CHECK(sampler.settings(p) == again.settings(p));
        }
        CHECK(parts.size() == 20);
    }
    c.seed = 2;
    CHECK_FALSE(Sampler(c).settings(0) == sampler.settings(0));
}

TEST_CASE("Sobol's sequence begins as published and fills boxes evenly") {
    SweepConfig c;
    c.method = Method::sobol;
    c.sampled = 63;  // with the corner at zero, which is left out, a whole net
    c.axes = {range("x", 0, 1, 0), range("y", 0, 1, 0)};
    const Sampler sampler(c);
    // Second to fourth points of the sequence: (1/2, 1/2), (3/4, 1/4), (1/4, 3/4).
    CHECK(number(sampler.settings(0)[0].value) == 0.5);
    CHECK(number(sampler.settings(0)[1].value) == 0.5);
    CHECK(number(sampler.settings(1)[0].value) + number(sampler.settings(1)[1].value) == 1.0);
    int boxes[8][8] = {};
    boxes[0][0] = 1;
    for (std::size_t p = 0; p < 63; ++p) {
        const auto s = sampler.settings(p);
        ++boxes[static_cast<int>(8 * number(s[0].value))][static_cast<int>(8 * number(s[1].value))];
    }
    for (const auto& row : boxes) {
        for (const int n : row) { CHECK(n == 1); }
    }
}

TEST_CASE("the order of running has every point once and neighbours far apart") {
    const std::vector<std::size_t> order = scattered(100);
    CHECK(std::set<std::size_t>(order.begin(), order.end()).size() == 100);
    CHECK(order.size() == 100);
    CHECK(scattered(8) == std::vector<std::size_t>{0, 4, 2, 6, 1, 5, 3, 7});
    CHECK(scattered(1) == std::vector<std::size_t>{0});
    CHECK(scattered(0).size() <= 1);
}
