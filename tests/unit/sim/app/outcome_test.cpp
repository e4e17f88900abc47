#include "sim/app/outcome.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

ClassTotal total(const std::string& name, double ms, std::int64_t read, double operations = 0) {
    ClassTotal c;
    c.op_class = name;
    c.kernels = 10;
    c.time = milliseconds(ms);
    c.traffic.hbm_read = bytes(read);
    c.flops = flops(operations);
    return c;
}

RunResult result(double ms, double mhz, std::vector<ClassTotal> classes) {
    RunResult r;
    r.time = milliseconds(ms);
    r.sm_clock = megahertz(mhz);
    r.classes = std::move(classes);
    return r;
}

class Saves : public Proposal {
public:
    explicit Saves(double ms) : ms_(ms) {}
    std::string_view slug() const override { return "saves"; }
    std::string_view readme() const override { return ""; }
    GainBound bound(const RunResult&, const SystemConfig&) const override { return {milliseconds(ms_), "test"}; }
    AreaParts area(const SystemConfig&, const ParameterValues&) const override {
        return {{Die::gpu, {1, 2, 4}, "test", "test"}};
    }

private:
    double ms_;
};

// Peak: 2 x 4096 x 100 SMs x 1 GHz = 819.2 TFLOP/s.
SystemConfig system_of_100_sms() {
    SystemConfig s;
    s.sm.count = 100;
    s.sm.tensor.fp8_mac_per_clk = 4096;
    s.power.max_clock = megahertz(1000);
    return s;
}

}  // namespace

TEST_CASE("the bound is the baseline less what the proposals could save") {
    const Saves ten(10), thirty(30);
    const RunResult base = result(100, 1500, {total("gemm", 50, 0, 819.2e12 * 0.02)});
    const RunResult variant = result(95, 1500, {});
    const SystemConfig system = system_of_100_sms();
    CHECK(bound_of(base, variant, {{&ten, {}}}, system).speedup == Approx(100.0 / 90));
    CHECK(bound_of(base, variant, {{&ten, {}}, {&thirty, {}}}, system).speedup == Approx(100.0 / 60));
    CHECK(bound_of(base, variant, {{&ten, {}}, {&thirty, {}}}, system).reason == "saves: test; saves: test");
}

TEST_CASE("no bound goes below all operations at the peak") {
    const Saves all(100);
    const RunResult base = result(100, 1500, {total("gemm", 50, 0, 819.2e12 * 0.02)});  // 20 ms at the peak
    CHECK(bound_of(base, base, {{&all, {}}}, system_of_100_sms()).speedup == Approx(5.0));
}

// The exchange of 90 ms may go, but the compute stream beside it keeps 50 ms alone on half of the SMs.
TEST_CASE("no bound goes below what is left on the longest stream") {
    class SavesCommunication : public Saves {
    public:
        SavesCommunication() : Saves(0) {}
        GainBound bound(const RunResult& r, const SystemConfig&) const override {
            Time sum{};
            for (const Span& s : r.timeline.spans) { sum += s.stream == "comm" ? s.end - s.start : Time::zero(); }
            return {sum, "exchange"};
        }
    };
    RunResult base = result(100, 1500, {});
    base.timeline.streams = {"compute", "comm"};
    Span compute, exchange;
    compute.stream = "compute";
    compute.sms = 50;
    compute.end = milliseconds(100);
    compute.alone = milliseconds(100);
    exchange.stream = "comm";
    exchange.end = exchange.alone = milliseconds(90);
    base.timeline.spans = {compute, exchange};
    const SavesCommunication proposal;
    const VariantBound b = bound_of(base, base, {{&proposal, {}}}, system_of_100_sms());
    CHECK(b.speedup == Approx(2.0));
    CHECK(b.reason.find("longest stream") != std::string::npos);
}

TEST_CASE("a variant that clocks higher is measured against a baseline at its clock") {
    const Saves ten(10);
    const RunResult base = result(100, 1000, {}), variant = result(80, 1250, {});
    const VariantBound b = bound_of(base, variant, {{&ten, {}}}, system_of_100_sms());
    CHECK(b.speedup == Approx(100.0 / (80 - 10)));
    CHECK(b.reason.find("1000 to 1250 MHz") != std::string::npos);
    CHECK(bound_of(base, result(80, 900, {}), {{&ten, {}}}, system_of_100_sms()).speedup == Approx(100.0 / 90));
}

TEST_CASE("what vanished and what appeared is told apart per class and quantity") {
    const RunResult base = result(100, 1500, {total("gemm", 50, 1000), total("cast", 5, 400), total("norm", 2, 50)});
    const RunResult after = result(97, 1500, {total("gemm", 51, 1500), total("norm", 2, 50)});
    const std::vector<ClassTotal> removed = surplus(base, after), added = surplus(after, base);
    REQUIRE(removed.size() == 1);
    CHECK(removed[0].op_class == "cast");
    CHECK(removed[0].kernels == 10);
    CHECK(removed[0].time == milliseconds(5));
    REQUIRE(added.size() == 1);
    CHECK(added[0].op_class == "gemm");
    CHECK(added[0].time == milliseconds(1));
    CHECK(added[0].traffic.hbm_read == bytes(500));
    CHECK(added[0].kernels == 0);
}
