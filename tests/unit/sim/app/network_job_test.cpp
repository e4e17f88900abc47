#include "sim/app/network_job.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

const SystemConfig& h800() {
    static const SystemConfig system = load_system(find_config("systems", "h800"));
    return system;
}

NetworkJob job(NetworkPattern pattern, int gpus, Bytes each = mib(4)) {
    NetworkJob j;
    j.pattern = pattern;
    j.gpus = gpus;
    j.each = each;
    return j;
}

}  // namespace

TEST_CASE("an all-to-all among 2,048 GPUs is paced by the NICs and loses no byte") {
    const NetworkAnswer a = run_network(h800(), job(NetworkPattern::all_to_all, 2048, mib(64)));
    CHECK(a.injected == a.delivered);
    const double off_node = 64.0 * 1048576 * 2040 / 2047;
    CHECK(a.on_nic == Approx(off_node * 4138 / 4096).epsilon(0.005));
    CHECK(to_seconds(a.time) == Approx(off_node * 4138 / 4096 / 50e9).epsilon(0.02));
    CHECK(a.flows < 20);
}

TEST_CASE("classes, messages and packets agree") {
    for (const NetworkPattern pattern : {NetworkPattern::all_to_all, NetworkPattern::incast, NetworkPattern::all_reduce,
                                         NetworkPattern::all_gather, NetworkPattern::reduce_scatter}) {
        NetworkJob j = job(pattern, 16, mib(8));
        const Time classes = run_network(h800(), j).time;
        for (const NetworkMode mode : {NetworkMode::messages, NetworkMode::packets}) {
            j.mode = mode;
            const NetworkAnswer a = run_network(h800(), j);
            CHECK(a.time / classes == Approx(1).epsilon(0.03));
            CHECK(a.injected == a.delivered);
        }
    }
}

TEST_CASE("dispatch and combine are those of the training chunk") {
    const NetworkAnswer v1 = run_network(h800(), job(NetworkPattern::dispatch, 64));
    CHECK(v1.time > Time::zero());
    NetworkJob few = job(NetworkPattern::dispatch, 64), bulk = few;
    few.sms = bulk.sms = 6;
    bulk.bulk_copies = true;
    CHECK(run_network(h800(), bulk).time < run_network(h800(), few).time);
    CHECK(run_network(h800(), job(NetworkPattern::combine, 64)).on_nic > v1.on_nic);
    NetworkJob beside = job(NetworkPattern::dispatch, 64);
    beside.hbm_load = 0.9;
    CHECK(run_network(h800(), beside).time > v1.time);
}

TEST_CASE("a rack of 72 GPUs needs no NIC") {
    NetworkJob j = job(NetworkPattern::all_to_all, 72, mib(64));
    j.topology = NetworkTopology::nvl72;
    const NetworkAnswer a = run_network(h800(), j);
    CHECK(a.on_nic == 0);
    CHECK(to_seconds(a.time) < 64.0 * 1048576 / 600e9);
}

TEST_CASE("what cannot be is refused with its reason") {
    CHECK_THROWS_WITH(run_network(h800(), job(NetworkPattern::all_to_all, 12)), Catch::Contains("do not fill nodes"));
    NetworkJob j = job(NetworkPattern::all_to_all, 16);
    j.topology = NetworkTopology::node;
    CHECK_THROWS_WITH(run_network(h800(), j), Catch::Contains("one switch joins 8"));
    CHECK_THROWS_WITH(run_network(h800(), job(NetworkPattern::dispatch, 24)), Catch::Contains("do not divide"));
    j = job(NetworkPattern::dispatch, 64);
    j.sms = 140;
    CHECK_THROWS_WITH(run_network(h800(), j), Catch::Contains("140 communication SMs"));
    j = job(NetworkPattern::all_to_all, 2048);
    j.mode = NetworkMode::messages;
    CHECK_THROWS_WITH(run_network(h800(), j), Catch::Contains("too many to follow"));
    SystemConfig dead = h800();
    dead.nic.per_gpu = Bandwidth::zero();
    CHECK_THROWS_AS(run_network(dead, job(NetworkPattern::all_to_all, 16)), ModelError);
    j = job(NetworkPattern::all_to_all, 512);
    j.uplink_ratio = 0;
    CHECK_THROWS_WITH(run_network(h800(), j), Catch::Contains("without uplinks"));
    CHECK_THROWS_AS(run_network(h800(), job(NetworkPattern::all_reduce, 16, Bytes::zero())), ModelError);
}
