// covers: launch_order.cpp
#include "sim/traces/dependencies.hpp"

#include <catch2/catch.hpp>

using namespace tessera::traces;

namespace {

// Kernels {stream, launch, start, duration} in us, in order of start.
struct K {
    int stream, launch, start, duration;
};

struct Case {
    RecordedTrace trace;
    std::vector<RecordedKernel> kernels;
    std::vector<std::int64_t> launched;
    explicit Case(const std::vector<K>& list, const std::vector<int>& waits = {}) {
        for (const K& k : list) {
            RecordedKernel r;
            r.stream = k.stream;
            r.start_ns = k.start * 1000;
            r.duration_ns = k.duration * 1000;
            kernels.push_back(r);
            launched.push_back(k.launch < 0 ? -1 : k.launch * 1000);
        }
        for (const int w : waits) { trace.calls.push_back({HostCall::Kind::wait_event, 1, w * 1000, w}); }
    }
    Dependencies find() const { return find_dependencies(trace, kernels, launched); }
};

using After = std::vector<std::vector<int>>;

}  // namespace

TEST_CASE("one stream needs no events") {
    const Dependencies d = Case({{7, 0, 10, 5}, {7, 1, 16, 5}}, {3}).find();
    CHECK(d.source == "one stream");
    CHECK(d.after == After{{}, {}});
}

TEST_CASE("a wait before a switch of streams orders the next stream after the last one") {
    // compute 0, wait, communication 1, wait, compute 2
    const Dependencies d = Case({{7, 0, 100, 50}, {27, 12, 152, 40}, {7, 22, 194, 10}}, {10, 20}).find();
    CHECK(d.source == "host calls");
    CHECK(d.after == After{{}, {0}, {1}});
    CHECK(d.unused == 0);
}

TEST_CASE("a wait amid launches of one stream forks to a side stream that was joined before") {
    // fork: 23 waits for 7; then launches alternate; join
    const Dependencies d =
        Case({{7, 0, 100, 50}, {7, 12, 152, 40}, {23, 14, 153, 60}, {7, 30, 215, 10}, {7, 31, 226, 5}}, {10, 20})
            .find();
    CHECK(d.after == After{{}, {}, {0}, {2}, {}});
}

TEST_CASE("of two waits without a launch between them the first is the later stream's") {
    // 27 runs 0; waits at 10 (for 7) and 12 (for 27); then 27 and 7 are launched
    const Dependencies d =
        Case({{27, 0, 100, 50}, {7, 2, 100, 80}, {7, 16, 182, 10}, {27, 14, 183, 20}}, {10, 12}).find();
    CHECK(d.after == After{{}, {}, {0}, {1}});
}

TEST_CASE("no guess contradicts the recorded times") {
    // the kernel launched last on the other stream still ran when the waiting one started: the one before counts
    const Dependencies d = Case({{7, 0, 100, 50}, {7, 2, 151, 400}, {27, 12, 160, 40}}, {10}).find();
    CHECK(d.after == After{{}, {}, {0}});
}

TEST_CASE("waits that the profiler wrote out are taken as they are") {
    Case c({{7, 0, 100, 50}, {7, 2, 151, 20}, {27, 12, 180, 40}});
    c.trace.calls = {{HostCall::Kind::record_event, 1, 1000, 5}, {HostCall::Kind::wait_event, 1, 10000, 6}};
    c.trace.waits = {{27, 7, 5, 6}};
    const Dependencies d = c.find();
    CHECK(d.source == "recorded waits");
    CHECK(d.after == After{{}, {}, {0}});  // recorded before the second launch
}

TEST_CASE("without host calls times tell what waited") {
    const Dependencies d =
        Case({{7, -1, 100, 50}, {27, -1, 152, 40}, {7, -1, 155, 10}, {7, -1, 195, 10}, {27, -1, 300, 10}}).find();
    CHECK(d.source == "times");
    CHECK(d.after == After{{}, {0}, {}, {1}, {}});  // the last one started long after anything ended
}
