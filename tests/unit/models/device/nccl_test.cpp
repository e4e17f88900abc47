#include "models/device/nccl.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

const SystemConfig& h200() {
    static const SystemConfig system = load_system(find_config("systems", "h200"));
    return system;
}

double microseconds_of(NcclOp op, int ranks, int channels, std::int64_t size) {
    return to_microseconds(nccl_time(h200(), {op, ranks, channels, bytes(size)}, megahertz(1980)));
}

constexpr NcclOp all[] = {NcclOp::all_gather, NcclOp::reduce_scatter, NcclOp::all_reduce, NcclOp::all_to_all};

}  // namespace

TEST_CASE("each collective moves what its ring must") {
    for (const NcclOp op : all) {
        for (int n : {2, 3, 4, 8}) {
            const NcclFlow f = nccl_flow(op, n, 1000.0 * n);
            double remote = 0, local = 0, read = 0;
            for (const NcclPhase& p : f.phases) { remote += p.remote, local += p.local, read += p.read; }
            const double share = (n - 1) * 1000.0;
            CHECK(remote == Approx(op == NcclOp::all_reduce ? 2 * share : share));
            CHECK(local == Approx(op == NcclOp::reduce_scatter ? 1000.0 : 1000.0 * n));  // the result
            CHECK(read >= remote);
            CHECK(f.moved() == Approx(remote + local));
        }
    }
}

TEST_CASE("collectives take longer for more bytes and less on more channels") {
    for (const NcclOp op : all) {
        for (int n : {2, 4}) {
            double last = 0;
            for (std::int64_t size = 1 << 16; size <= (std::int64_t{1} << 29); size *= 8) {
                const double now = microseconds_of(op, n, 24, size);
                CHECK(now > last);
                last = now;
            }
            CHECK(microseconds_of(op, n, 8, 1 << 28) > microseconds_of(op, n, 24, 1 << 28));
        }
    }
    // Never faster than the bytes on the wires.
    const double wire = (1 << 29) / 450.0 / 1e3;
    CHECK(microseconds_of(NcclOp::all_reduce, 2, 24, 1 << 29) > wire);
}

TEST_CASE("small calls use LL, large ones Simple, as NCCL's kernels were seen to") {
    CHECK(nccl_protocol({NcclOp::all_reduce, 2, 24, bytes(1 << 18)}) == NcclProtocol::ll);
    CHECK(nccl_protocol({NcclOp::all_reduce, 2, 24, bytes(1 << 24)}) == NcclProtocol::simple);
    CHECK(nccl_protocol({NcclOp::all_reduce, 4, 24, bytes(1 << 22)}) == NcclProtocol::ll128);
    CHECK(nccl_protocol({NcclOp::all_to_all, 2, 32, bytes(1 << 18)}) == NcclProtocol::ll);
    CHECK(nccl_protocol({NcclOp::all_to_all, 2, 8, bytes(1 << 18)}) == NcclProtocol::simple);
}

TEST_CASE("kernels have as many thread blocks as seen") {
    CHECK(nccl_blocks({NcclOp::all_gather, 2, 24, bytes(1 << 20)}) == 24);
    CHECK(nccl_blocks({NcclOp::all_gather, 2, 24, bytes(1 << 16)}) == 8);
    CHECK(nccl_blocks({NcclOp::all_reduce, 2, 24, bytes(1)}) == 1);
    CHECK(nccl_blocks({NcclOp::all_to_all, 2, 32, bytes(1 << 20)}) == 24);  // 8 at each of the two peers' places
    CHECK(nccl_blocks({NcclOp::all_to_all, 4, 32, bytes(1 << 20)}) == 28);
    CHECK(nccl_blocks({NcclOp::all_to_all, 2, 32, bytes(1 << 24)}) == 32);
    CHECK(nccl_blocks({NcclOp::all_to_all, 2, 8, bytes(1 << 20)}) == 8);
}

TEST_CASE("more channels than SMs, one rank, no bytes are refused") {
    CHECK_THROWS_AS(microseconds_of(NcclOp::all_reduce, 2, 133, 1 << 20), ModelError);
    CHECK_THROWS_AS(microseconds_of(NcclOp::all_reduce, 1, 8, 1 << 20), ModelError);
    CHECK_THROWS_AS(microseconds_of(NcclOp::all_reduce, 2, 8, 0), ModelError);
}
