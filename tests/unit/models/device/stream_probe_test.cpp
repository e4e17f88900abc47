// The units bound together, driven by a trivial program: SMs stream blocks with a few loads in flight.
#include "tests/support/bench.hpp"
#include "tests/support/round_system.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::Bench;
using tessera::testing::round_system;

namespace {

// SMs read `blocks` blocks of `bytes` in turn, `depth` outstanding each.
class Probe : public Program {
public:
    Probe(const RunScope& scope, Units& units, std::int64_t blocks, Bytes bytes, int depth)
        : scope_(scope), units_(units), blocks_(blocks), bytes_(bytes), depth_(depth) {}
    void start() override {
        MemoryRegion r;
        r.blocks = blocks_;
        r.block_bytes = bytes_;
        region_ = units_.memory.map(r);
        for (int sm = 0; sm < scope_.sms; ++sm) {
            for (int d = 0; d < depth_; ++d) { units_.wheel.at(scope_.begin, *this, static_cast<std::uint64_t>(sm)); }
        }
    }
    void on_event(Time now, std::uint64_t token) override {
        end_ = max(end_, now);
        if (next_ >= blocks_) { return; }
        MemoryRequest q;
        q.sm = static_cast<int>(token);
        q.region = region_;
        q.block = next_++;
        units_.wheel.at(units_.memory.access(q, now).done, *this, token);
    }
    bool done() const override { return next_ >= blocks_; }
    Time finish() const override { return end_; }
    std::string waiting() const override { return "probe"; }
    ProgramReport report(const UnitUse& /*use*/) const override { return {}; }

private:
    RunScope scope_;
    Units& units_;
    std::int64_t blocks_, next_ = 0;
    Bytes bytes_;
    int depth_;
    RegionId region_ = 0;
    Time end_{};
};

double stream_gbps(const SystemConfig& c, int sms, std::int64_t blocks, Bytes block, int depth) {
    Bench bench(c);
    bench.scope.sms = sms;
    Probe probe(bench.scope, bench.units(), blocks, block, depth);
    bench.run(probe);
    REQUIRE(probe.done());
    CHECK(bench.hbm().stats().read_pins == block * static_cast<double>(blocks));
    CHECK(bench.l2().stats().read == block * static_cast<double>(blocks));
    return to_double(block) * static_cast<double>(blocks) / to_nanoseconds(probe.finish() - bench.scope.begin);
}

}  // namespace

TEST_CASE("one outstanding block streams at block size over latency") {
    const SystemConfig c = round_system();
    // 1024 B over 4 channels: 256 B / 10 B/ns = 25.6 ns + 200 ns (HBM) + 200 ns (to L2, near).
    CHECK(stream_gbps(c, 1, 100, bytes(1024), 1) == Approx(1024 / 425.6).epsilon(1e-6));
}

TEST_CASE("many outstanding blocks reach the pin rate of HBM") {
    CHECK(stream_gbps(round_system(), 4, 4000, kib(4), 8) == Approx(40).epsilon(0.03));
}

TEST_CASE("more bytes in flight and more SMs never stream slower") {
    const SystemConfig c = round_system();
    double last = 0;
    for (const int depth : {1, 2, 4, 8}) {
        const double rate = stream_gbps(c, 2, 1000, kib(2), depth);
        CHECK(rate >= last * 0.999);
        last = rate;
    }
    last = 0;
    for (const int sms : {1, 2, 4}) {
        const double rate = stream_gbps(c, sms, 1000, kib(2), 2);
        CHECK(rate >= last * 0.999);
        last = rate;
    }
}

TEST_CASE("refresh costs the share that the rate was raised by") {
    SystemConfig c = round_system();
    c.hbm.refresh_time = nanoseconds(400);
    CHECK(stream_gbps(c, 4, 8000, kib(4), 8) == Approx(40).epsilon(0.04));
}
