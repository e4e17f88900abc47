// A small comparison made by hand: two streams, two iterations, two proposals alone, all-but-one and all. Every
// figure is round, so that tests can state what the report must say without computing it.
#pragma once

#include "sim/result/run_result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tessera::sample {

inline Span span(std::string stream, std::string name, std::string op_class, double start_us, double us,
                 int iteration) {
    Span s;
    s.stream = std::move(stream);
    s.role = name;
    s.name = "I" + std::to_string(iteration) + "." + std::move(name);
    s.op_class = std::move(op_class);
    s.region = s.stream == "compute" ? "attn(F)" : "dispatch(F)";
    s.iteration = iteration;
    s.start = microseconds(start_us);
    s.end = microseconds(start_us + us);
    s.alone = microseconds(us);
    s.limiter = Limiter::tensor_core;
    s.sms = 112;
    s.traffic.hbm_read = bytes(1000000);
    s.energy_j = 0.01;
    s.critical = s.stream == "compute";
    return s;
}

inline ClassTotal class_row(std::string name, double us, double critical_us, std::int64_t megabytes, int kernels) {
    ClassTotal k;
    k.op_class = std::move(name);
    k.kernels = kernels;
    k.time = microseconds(us);
    k.critical = microseconds(critical_us);
    k.traffic.hbm_read = bytes(megabytes * 1000000);
    return k;
}

// `gemm_us` and `cast_us` per iteration; a communication kernel of 300 us runs beside them. 10 us are gaps.
inline RunResult run(std::string id, std::vector<std::string> proposals, double gemm_us, double cast_us) {
    RunResult r;
    r.id = std::move(id);
    r.proposals = std::move(proposals);
    const double iteration = gemm_us + cast_us + 5;
    r.timeline.streams = {"compute", "communication"};
    for (int i = 0; i < 2; ++i) {
        const double at = i * iteration;
        r.timeline.spans.push_back(span("compute", "q_a_proj", "gemm_fp8_fwd", at, gemm_us, i));
        r.timeline.spans.push_back(span("communication", "dispatch", "comm_dispatch", at, 300, i));
        r.timeline.spans.back().waited = microseconds(100);
        r.timeline.spans.back().critical = false;
        if (cast_us > 0) {
            r.timeline.spans.push_back(span("compute", "cast_x", "quant_per_token_cast", at + gemm_us, cast_us, i));
        }
    }
    r.time = microseconds(2 * iteration);
    r.timeline.wall = r.time;
    r.timeline.gap_time = microseconds(10);
    r.classes.push_back(class_row("gemm_fp8_fwd", 2 * gemm_us, 2 * gemm_us, 40, 2));
    if (cast_us > 0) { r.classes.push_back(class_row("quant_per_token_cast", 2 * cast_us, 2 * cast_us, 60, 2)); }
    r.classes.push_back(class_row("comm_dispatch", 600, 0, 0, 2));
    for (const ClassTotal& k : r.classes) { r.traffic += k.traffic; }
    const double wall = 2 * iteration;
    r.critical_share = {{"tensor_core", 2 * gemm_us / wall}, {"hbm", 2 * cast_us / wall}, {"gap", 10 / wall}};
    r.limiter = Limiter::tensor_core;
    r.sm_clock = megahertz(1500);
    r.average_power_w = 600;
    r.energy_j = 600 * wall * 1e-6;
    r.sm_utilization = 0.9;
    r.tensor_utilization = 0.5;
    r.hbm_utilization = 0.25;
    return r;
}

inline VariantOutcome variant(const RunResult& baseline, RunResult r, double bound) {
    VariantOutcome v;
    v.speedup = baseline.time / r.time;
    v.bound_speedup = bound;
    v.bound_reason = "the casts could vanish";
    v.result = std::move(r);
    return v;
}

// Baseline 2 x (400 + 95 + 5) us = 1 ms. warp-cast saves 100 us, group-scaled-mma 200 us, both 280 us (20 less
// than the sum).
inline Comparison comparison() {
    Comparison c;
    c.workload = "toy layer";
    c.system = "toy GPU";
    c.code_version = "test";
    c.baseline = run("baseline", {}, 400, 95);
    c.variants.push_back(variant(c.baseline, run("warp-cast", {"warp-cast"}, 400, 45), 1.25));
    c.variants.back().removed = {class_row("quant_per_token_cast", 100, 100, 30, 1)};
    c.variants.push_back(variant(c.baseline, run("group-scaled-mma", {"group-scaled-mma"}, 300, 95), 1.25));
    c.variants.back().removed = {class_row("gemm_fp8_fwd", 200, 200, 0, 0)};
    c.variants.back().added = {class_row("scale_transpose", 1, 0, 2, 1)};
    c.variants.push_back(variant(c.baseline, run("all-but-warp-cast", {"group-scaled-mma"}, 300, 95), 1.25));
    c.variants.push_back(variant(c.baseline, run("all-but-group-scaled-mma", {"warp-cast"}, 400, 45), 1.25));
    c.variants.push_back(variant(c.baseline, run("all", {"warp-cast", "group-scaled-mma"}, 300, 55), 1.6));
    c.provenance_json =
        R"({"/system/hbm/peak": {"value": "3.35 TB/s", "origin": "h800.json", "source": "H800 datasheet"},
"/workload/tokens": {"value": 4096, "origin": "default", "source": ""}})";
    return c;
}

}  // namespace tessera::sample
