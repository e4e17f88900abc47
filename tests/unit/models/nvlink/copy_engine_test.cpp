#include "models/nvlink/copy_engine.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

NvlinkConfig links() { return load_system(find_config("systems", "h200")).nvlink; }

Time alone(const NvlinkConfig& c, const EngineCopies& w) { return engine_copies_time(c, w, Time::zero()); }

}  // namespace

TEST_CASE("copies of a stream follow each other, a batch starts once") {
    const NvlinkConfig c = links();
    EngineCopies w;
    w.copies = 32;
    w.size = bytes(1 << 20);
    const Time bytes_alone = w.size / stream_rate(wire_params(c), WireUser::copy_engine) * 32.0;
    CHECK(alone(c, w) == c.copy_engine.start + c.copy_engine.per_copy * 32.0 + bytes_alone);
    w.call = CopyCall::batch;
    CHECK(alone(c, w) == c.copy_engine.batch_start + bytes_alone);
    w.call = CopyCall::single;
    w.pull = true;
    CHECK(alone(c, w) > c.copy_engine.pull_floor * 32.0);
}

TEST_CASE("streams to one peer take turns, streams to different peers do not") {
    const NvlinkConfig c = links();
    EngineCopies w;
    w.copies = 4;
    w.size = bytes(1 << 20);
    const Time one = alone(c, w);
    w.streams_per_peer = 2;
    CHECK(alone(c, w) == one * 2.0);
    w.streams_per_peer = 1;
    w.peers = c.copy_engine.count;
    CHECK(alone(c, w) == one);  // the wires apart
    CHECK(engine_copies_time(c, w, milliseconds(1)) > milliseconds(1));
    w.peers = c.copy_engine.count + 1;
    CHECK(alone(c, w) == one * 2.0);
}

TEST_CASE("a kernel waits for the engine it set off") {
    const NvlinkConfig c = links();
    CHECK(triggered_copy_time(c, Bytes::zero(), true) == c.copy_engine.trigger_host);
    CHECK(triggered_copy_time(c, bytes(1 << 20), false) > triggered_copy_time(c, bytes(16), false));
    CHECK(triggered_copy_time(c, bytes(16), false) > triggered_copy_time(c, bytes(16), true));
}

TEST_CASE("copies without engines or bytes are refused") {
    NvlinkConfig c = links();
    EngineCopies w;
    CHECK_THROWS_AS(alone(c, w), ModelError);
    w.size = bytes(1);
    c.copy_engine.count = 0;
    CHECK_THROWS_AS(alone(c, w), ModelError);
}
