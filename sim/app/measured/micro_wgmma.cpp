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
    out.probe = [loop](const SystemConfig& system, Frequency clock) {
        return Prediction{probe_cycles(system, clock, loop) / loop.iterations, "latency"};
    };
}

void promotion(const JsonCursor& item, Case& out) {
    PromotionLoop loop;
    const std::int64_t rows = item.count("wg_rows"), kind = item.at("promo").integer();
    if (rows % 64 != 0 || rows > 256) { item.at("wg_rows").fail("a warpgroup multiplies slices of 64 rows"); }
    if (kind < 0 || kind > 2) { item.at("promo").fail("expected 0, 1 or 2"); }
    loop.warpgroups = static_cast<int>(std::min<std::int64_t>(item.count("warpgroups"), 16));
    loop.slices = static_cast<int>(rows / 64);
    loop.n = static_cast<int>(std::min<std::int64_t>(item.count("n"), 256));
    loop.promotes = kind > 0;
    loop.two_sets = kind == 2;
    loop.ordered = item.at("ordered").integer() != 0;
    out.unit = "cycles";
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    out.measured = item.at("cycles_per_kblock").positive("med");
    out.variant = item.text("promotion") + (loop.ordered ? ", in turn" : "");
    out.shape = {{"rows", rows}, {"warpgroups", loop.warpgroups}, {"sms", sms_of(item.at("sms"))}};
    out.probe = [loop](const SystemConfig& system, Frequency clock) {
        return Prediction{probe_cycles(system, clock, loop) / loop.kblocks, loop.promotes ? "promotion" : "tensor"};
    };
}

// Two consumer warpgroups of 64x128 that wait for each stage (gemm.cuh).
PromotionLoop fed_loop(bool promotes) {
    PromotionLoop loop;
    loop.warpgroups = 2;
    loop.promotes = promotes;
    loop.stage_wait = true;
    loop.filled = 2 * 128 * 128;
    return loop;
}

void mainloop(const JsonCursor& item, Case& out) {
    const PromotionLoop loop = fed_loop(item.at("promotion").integer() != 0);
    out.unit = "cycles";
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    out.measured = item.at("cycles_per_kblock").positive("med");
    out.variant = loop.promotes ? "promoted" : "in the Tensor Cores";
    out.shape = {
        {"m", item.count("m")}, {"n", item.count("n")}, {"k", item.count("k")}, {"sms", sms_of(item.at("sms"))}};
    out.probe = [loop](const SystemConfig& system, Frequency clock) {
        return Prediction{probe_cycles(system, clock, loop) / loop.kblocks, loop.promotes ? "promotion" : "tensor"};
    };
}

// The rate at the clock that the load settled at.
void sustained(const JsonCursor& item, Case& out) {
    const std::string what = item.text("what");
    out.unit = "TFLOP/s";
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    out.measured = item.at("tflops").positive("med");
    out.variant = what;
    const auto rate = [](const SystemConfig& s, Frequency f, double flop, double cycles) {
        return Prediction{flop * s.sm.count * f.raw() / cycles / 1e12, "tensor"};
    };
    if (what.find("main loop 128x128x128") != std::string::npos) {
        const PromotionLoop loop = fed_loop(what.find("with promotion") != std::string::npos);
        out.probe = [loop, rate](const SystemConfig& s, Frequency f) {
            return rate(s, f, 2.0 * 128 * 128 * 128 * loop.kblocks, probe_cycles(s, f, loop));
        };
        return;
    }
    WgmmaLoop loop;
    loop.dtype = what.rfind("bf16", 0) == 0 ? DType::bf16 : DType::fp8_e4m3;
    if (what.find("m64n256") == std::string::npos) { throw ModelError("a sustained load of an unknown kind"); }
    loop.n = 256;
    loop.warpgroups = 2;
    out.probe = [loop, rate](const SystemConfig& s, Frequency f) {
        const double count = static_cast<double>(loop.iterations) * loop.group * loop.warpgroups;
        const double k = loop.dtype == DType::bf16 ? 16 : 32;
        return rate(s, f, 2.0 * 64 * loop.n * k * count, probe_cycles(s, f, loop));
    };
}

}  // namespace

std::vector<MicroQuantity> wgmma_quantities(const std::string& id) {
    if (id == "E.wgmma_throughput") { return {{"", throughput}}; }
    if (id == "E.wgmma_latency") { return {{"", latency}}; }
    if (id == "E.promotion") { return {{"", promotion}}; }
    if (id == "E.mainloop_tma_fp8") { return {{"", mainloop}}; }
    if (id == "E.sustained") { return {{"", sustained}}; }
    return {};
}

}  // namespace tessera::measured
