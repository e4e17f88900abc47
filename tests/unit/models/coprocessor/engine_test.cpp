#include "models/coprocessor/engine.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

CoprocessorConfig two_engines(int depth) {
    CoprocessorConfig c;
    c.present = true;
    c.engines = 2;
    c.copy_throughput = gb_per_second(10);    // 100 ns per 1000 bytes
    c.reduce_throughput = gb_per_second(20);  // 50 ns per 1000 bytes
    c.start_latency = nanoseconds(1000);
    c.queue_depth = depth;
    return c;
}

}  // namespace

TEST_CASE("a deep queue hides the start of all jobs but the first") {
    const EngineParams p = engine_params(two_engines(64));
    const EngineJob job{bytes(1000), bytes(2000)};
    CHECK(engine_service(p, job) == nanoseconds(200));
    CHECK(engines_time(p, job, 1) == nanoseconds(1200));
    CHECK(engines_time(p, job, 20) == nanoseconds(1000 + 10 * 200));
    CHECK(engines_time(p, job, 0) == Time::zero());
}

TEST_CASE("a queue of one pays the start of every job") {
    const EngineParams p = engine_params(two_engines(1));
    CHECK(engines_time(p, {bytes(1000), Bytes::zero()}, 6) == nanoseconds(3 * 1100));
}

TEST_CASE("the closed form is what posting the jobs one by one gives") {
    for (int depth : {1, 2, 3, 5, 64}) {
        const EngineParams p = engine_params(two_engines(depth));
        const EngineJob job{bytes(1500), bytes(0)};
        for (std::int64_t jobs : {1, 2, 7, 24, 101}) {
            EngineState state;
            EngineStats stats;
            engine_reset(p, state, Time::zero());
            Time end;
            for (std::int64_t j = 0; j < jobs; ++j) { end = max(end, engine_post(p, state, stats, job, Time::zero())); }
            INFO(depth << " deep, " << jobs << " jobs");
            CHECK(end == engines_time(p, job, jobs));
            CHECK(stats.jobs == jobs);
            CHECK(stats.copied == bytes(1500 * jobs));
        }
    }
}

TEST_CASE("more engines, throughput or queue is never slower") {
    const EngineJob job{bytes(4096), bytes(8192)};
    const auto time = [&](const CoprocessorConfig& c) { return engines_time(engine_params(c), job, 1000); };
    const Time base = time(two_engines(2));
    CoprocessorConfig better = two_engines(2);
    better.engines = 3;
    CHECK(time(better) < base);
    better = two_engines(2);
    better.copy_throughput = gb_per_second(11);
    CHECK(time(better) < base);
    CHECK(time(two_engines(8)) <= base);
}

TEST_CASE("an absent or empty co-processor is refused") {
    CoprocessorConfig c = two_engines(1);
    c.present = false;
    CHECK_THROWS_AS(engine_params(c), ModelError);
    c = two_engines(0);
    CHECK_THROWS_AS(engine_params(c), ModelError);
    c = two_engines(1);
    c.copy_throughput = Bandwidth::zero();
    CHECK_THROWS_AS(engine_params(c), ModelError);
}
