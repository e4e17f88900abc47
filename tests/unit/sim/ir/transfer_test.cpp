#include "sim/ir/transfer.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

TransferDesc sound() {
    TransferDesc t;
    t.region = t.moved = bytes(1 << 20);
    t.step = bytes(2048);
    return t;
}

}  // namespace

TEST_CASE("a sound loop is accepted, on every engine") {
    TransferDesc t = sound();
    CHECK_NOTHROW(validate(t));
    t.engine = TransferEngine::bulk;
    CHECK_NOTHROW(validate(t));
    t.engine = TransferEngine::chase;
    CHECK_NOTHROW(validate(t));
}

TEST_CASE("each member that cannot be is named") {
    TransferDesc t = sound();
    t.blocks = 0;
    CHECK_THROWS_WITH(validate(t), Catch::Contains("block"));
    t = sound();
    t.batch = 0;
    CHECK_THROWS_WITH(validate(t), Catch::Contains("load between two waits"));
    t = sound();
    t.region = bytes(1024);
    CHECK_THROWS_WITH(validate(t), Catch::Contains("region"));
    t = sound();
    t.moved = bytes(0);
    CHECK_THROWS_AS(validate(t), ModelError);
    t = sound();
    t.engine = TransferEngine::chase;
    t.lanes = 2;
    CHECK_THROWS_WITH(validate(t), Catch::Contains("chases"));
}
