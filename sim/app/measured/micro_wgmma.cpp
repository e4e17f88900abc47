#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/micro.hpp"

#include "models/device/probes.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera::measured {
namespace {

WgmmaLoop wgmma_loop(const JsonCursor& item) {
    WgmmaLoop loop;
    const std::string type = item.text("type"), a_from = item.text("a_from");
    if (type != "e4m3" && type != "bf16") { item.at("type").fail("expected e4m3 or bf16"); }
    if (a_from != "shared" && a_from != "registers") { item.at("a_from").fail("expected shared or registers"); }
    loop.dtype = type == "bf16" ? DType::bf16 : DType::fp8_e4m3;
    loop.a_in_registers = a_from == "registers";
    const std::int64_t n = item.count("n");
    if (n > 256) { item.at("n").fail("a wgmma has at most 256 columns"); }
    loop.n = static_cast<int>(n);
    return loop;
}

void describe(const JsonCursor& item, const WgmmaLoop& loop, Case& out) {
    out.variant = item.text("type") + ", A from " + item.text("a_from");
    out.shape = {{"n", loop.n}};
    out.unit = "cycles";
    out.clock = clock_in_ghz(item.at("sm_ghz"));
}

// Instructions of a commit group as the program unrolls them (wg_family.cuh: 16 up to N 32, 8 up to 64, then 4).
int committed_together(int n) { return n <= 32 ? 16 : n <= 64 ? 8 : 4; }

void throughput(const JsonCursor& item, Case& out) {
    WgmmaLoop loop = wgmma_loop(item);
    describe(item, loop, out);
    loop.warpgroups = static_cast<int>(std::min<std::int64_t>(item.count("warpgroups"), 16));
    loop.group = committed_together(loop.n);
    const int sms = sms_of(item.at("sms"));
    out.shape.insert(out.shape.end(),
                     {{"warpgroups", loop.warpgroups}, {"sets", item.count_or("accumulator_sets", 1)}, {"sms", sms}});
    out.measured = item.at("cycles_per_instruction_per_sm").positive("med");
    out.probe = [loop](const SystemConfig& system, Frequency clock) {
        const double instructions = static_cast<double>(loop.iterations) * loop.group * loop.warpgroups;
        return Prediction{probe_cycles(system, clock, loop) / instructions, "tensor"};  // every SM does the same
    };
}

void latency(const JsonCursor& item, Case& out) {
    WgmmaLoop loop = wgmma_loop(item);
    describe(item, loop, out);
    loop.group = static_cast<int>(std::min<std::int64_t>(item.count("group"), 64));
    loop.drain = true;
    loop.iterations = 100;
    out.shape.emplace_back("group", loop.group);
    out.measured = item.at("cycles").positive("med");
    if (!loop.a_in_registers && loop.n == 256) { out.variant += std::string(", ") + kCalibration; }
    out.probe = [loop](const SystemConfig& system, Frequency clock) {
        return Prediction{probe_cycles(system, clock, loop) / loop.iterations, "latency"};
    };
}

}  // namespace

std::vector<MicroQuantity> wgmma_quantities(const std::string& id) {
    if (id == "E.wgmma_throughput") { return {{"", throughput}}; }
    if (id == "E.wgmma_latency") { return {{"", latency}}; }
    return {};
}

}  // namespace tessera::measured
