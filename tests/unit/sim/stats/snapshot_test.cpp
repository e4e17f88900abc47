#include "sim/stats/snapshot.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("snapshot: groups nest and print value, unit and description") {
    StatGroup root("gpu");
    root.add("energy", "J", "all of it", stat_value(joules(2)));
    StatGroup& hbm = root.child("hbm");
    root.child("l2");  // the reference to the first child stays valid
    hbm.add("read", "B", "at the pins", stat_value(bytes(64)));
    CHECK(root.find("hbm/read")->value.as_integer() == 64);
    CHECK(root.find("energy")->value.as_double() == 2);
    CHECK(root.find("hbm/write") == nullptr);
    CHECK(root.find("nic/read") == nullptr);
    CHECK(write_json(root.to_json(), 0) ==
          R"({"energy":{"value":2.0,"unit":"J","description":"all of it"},)"
          R"("hbm":{"read":{"value":64,"unit":"B","description":"at the pins"}},"l2":{}})");
}

TEST_CASE("snapshot: a name is used once and is a name") {
    StatGroup g("hbm");
    g.add("read", "B", "", stat_value(bytes(1)));
    g.child("bank0");
    CHECK_THROWS_AS(g.add("read", "B", "", stat_value(bytes(1))), InternalError);
    CHECK_THROWS_AS(g.add("bank0", "B", "", stat_value(bytes(1))), InternalError);
    CHECK_THROWS_AS(g.child("read"), InternalError);
    CHECK_THROWS_AS(g.child("a/b"), InternalError);
    CHECK_THROWS_AS(g.child(""), InternalError);
}
