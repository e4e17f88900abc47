#include "sim/lower/live_bytes.hpp"

#include "sim/ir/stream_kernels.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
namespace sk = tessera::stream_kernels;

namespace {

// A chain of copies of 1,000 rows of 1 KB: in -> a -> b -> c.
TaskGraph chain() {
    TaskGraph g;
    g.streams = {{"compute", StreamRole::compute, 0}};
    g.inputs = {"in"};
    const char* names[] = {"in", "a", "b", "c"};
    for (int i = 0; i < 3; ++i) {
        Task t;
        t.id = i;
        t.kernel = sk::named(sk::elementwise_scale(1000, 512), {names[i]}, {names[i + 1]});
        g.tasks.push_back(t);
    }
    return g;
}

}  // namespace

TEST_CASE("live bytes: a tensor lives from its maker to its last reader; inputs do not count") {
    CHECK(peak_live_bytes(chain()) == bytes(2 * 1024 * 1000));
    TaskGraph g = chain();
    Task late = g.tasks[0];
    late.id = 3;
    late.kernel = sk::named(sk::elementwise_add(1000, 512), {"a", "c"}, {"d"});
    g.tasks.push_back(late);
    CHECK(peak_live_bytes(g) == bytes(3 * 1024 * 1000));
    CHECK(peak_live_bytes(TaskGraph{}) == Bytes::zero());
}
