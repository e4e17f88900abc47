#include "models/network/collectives.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::network;

namespace {

FabricShape shape(int gpus) {
    static const SystemConfig h800 = load_system(find_config("systems", "h800"));
    return fabric_shape(h800, gpus, Wiring::planes);
}

}  // namespace

TEST_CASE("a ring moves what every ring must: twice the buffer less a share for an all-reduce") {
    const CollectiveTime all = collective_time(shape(64), Collective::all_reduce, mib(64));
    CHECK(all.on_nvlink == Approx(2 * 7.0 / 8 * 64 * 1048576));
    CHECK(all.on_network == Approx(2 * 7.0 / 8 / 8 * 64 * 1048576));
    const CollectiveTime half = collective_time(shape(64), Collective::all_gather, mib(64));
    const CollectiveTime other = collective_time(shape(64), Collective::reduce_scatter, mib(64));
    CHECK((half.total + other.total) / all.total == Approx(1).epsilon(1e-9));
    CHECK(collective_time(shape(8), Collective::all_reduce, mib(64)).on_network == 0);
}

TEST_CASE("a step by step count of the messages gives the same time") {
    for (const int gpus : {8, 16, 64}) {
        const Fabric f = build(shape(gpus));
        for (const Collective kind : {Collective::all_reduce, Collective::all_gather}) {
            Time sum;
            for (const RingPhase& p : ring_phases(kind, 8, gpus / 8, 64.0 * 1048576)) {
                sum += send_fluid(f.graph, ring_step(f, p), f.shape.packets).last * static_cast<double>(p.steps);
            }
            // Messages within a node carry the network's headers too, 1 %.
            CHECK(collective_time(f.shape, kind, mib(64)).total / sum == Approx(1).epsilon(0.012));
        }
    }
}

TEST_CASE("more bandwidth is never slower, and dead links are refused") {
    FabricShape s = shape(128);
    Time last = Time::max();
    for (const double scale : {0.5, 1.0, 2.0, 8.0}) {
        FabricShape faster = s;
        faster.nic = s.nic * scale;
        const Time now = collective_time(faster, Collective::all_reduce, mib(16)).total;
        CHECK(now <= last);
        last = now;
    }
    s.nvlink = Bandwidth::zero();
    CHECK_THROWS_AS(collective_time(s, Collective::all_reduce, mib(1)), ModelError);
}
