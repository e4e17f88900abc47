#include "models/coprocessor/coprocessor.hpp"

#include "sim/engine/sim_session.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("jobs go to the engines in turn") {
    SimSession session([] {});
    {
        CoprocessorConfig config;
        config.present = true;
        config.engines = 2;
        config.copy_throughput = config.reduce_throughput = gb_per_second(1);
        config.start_latency = nanoseconds(50);
        config.queue_depth = 4;
        Coprocessor engines("engines", config);
        session.elaborate();
        engines.reset(Time::zero());
        const EngineJob job{bytes(100), Bytes::zero()};
        CHECK(engines.post(job, Time::zero()) == nanoseconds(150));
        CHECK(engines.post(job, Time::zero()) == nanoseconds(150));
        CHECK(engines.post(job, Time::zero()) == nanoseconds(250));
        CHECK(engines.stats().jobs == 3);
        CHECK(engines.stats().copied == bytes(300));
    }
}
