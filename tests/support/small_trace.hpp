// A small trace as a profiler would write it: two streams, a fork and a join, a cast before a GEMM, an unknown kernel.
#pragma once

#include "sim/base/json.hpp"

#include <string>

namespace tessera::testing {

inline std::string kernel_event(const std::string& name, int stream, int start, int duration, int correlation,
                                int blocks, int smem = 0) {
    return R"({"ph":"X","cat":"kernel","name":)" + write_json(JsonValue::string(name), 0) + R"(,"pid":0,"tid":)" +
           std::to_string(stream) + R"(,"ts":)" + std::to_string(start) + R"(,"dur":)" + std::to_string(duration) +
           R"(,"args":{"device":0,"stream":)" + std::to_string(stream) + R"(,"correlation":)" +
           std::to_string(correlation) + R"(,"registers per thread":32,"shared memory":)" + std::to_string(smem) +
           R"(,"grid":[)" + std::to_string(blocks) + R"(,1,1],"block":[128,1,1]}})";
}

inline std::string call_event(const std::string& name, int at, int correlation, int thread = 1) {
    return R"({"ph":"X","cat":"cuda_runtime","name":")" + name + R"(","pid":9,"tid":)" + std::to_string(thread) +
           R"(,"ts":)" + std::to_string(at) + R"(,"dur":2,"args":{"correlation":)" + std::to_string(correlation) + "}}";
}

inline std::string range_event(const std::string& name, int start, int duration, int thread = 1) {
    return R"({"ph":"X","cat":"user_annotation","name":")" + name + R"(","pid":9,"tid":)" + std::to_string(thread) +
           R"(,"ts":)" + std::to_string(start) + R"(,"dur":)" + std::to_string(duration) + R"(,"args":{}})";
}

// Stream 7: cast (100 us), GEMM (200 us), join wait, mystery (50 us). Stream 20: side kernel forked after the cast.
inline std::string small_trace() {
    std::string events;
    for (
        const std::string& e :
        {range_event("step", 0, 90), call_event("cudaLaunchKernel", 10, 1), call_event("cudaStreamWaitEvent", 20, 2),
         call_event("cudaLaunchKernel", 25, 3), call_event("cudaLaunchKernel", 30, 4),
         call_event("cudaStreamWaitEvent", 40, 5), call_event("cudaLaunchKernel", 50, 6),
         std::string(
             R"({"ph":"X","cat":"cpu_op","name":"aten::mm","pid":9,"tid":1,"ts":5,"dur":3,"args":{"Stack":["a","b"]}})"),
         kernel_event("cast<bf16, 1024>(bf16 const*)", 7, 1000, 100, 1, 4096),
         kernel_event("side<float>(float*)", 20, 1103, 150, 3, 132),
         kernel_event("gemm<128>(Params)", 7, 1102, 200, 4, 112, 1024),
         kernel_event("void ns::mystery<int>(int)", 7, 1305, 50, 6, 64)}) {
        events += (events.empty() ? "" : ",\n") + e;
    }
    return R"({"schemaVersion":1,"deviceProperties":[{"id":0,"name":"GPU X","numSms":132}],)"
           R"("distributedInfo":{"rank":3,"world_size":8},"traceEvents":[)" +
           events + R"(],"traceName":"small"})";
}

// Rules for it: everything but the mystery.
inline std::string small_rules() {
    return R"({"schema": "tessera.rules/1", "name": "small", "constants": {"tokens": 4096},
  "rules": [
    {"name": "cast<*, {cols}>*", "role": "cast_x", "class": "quant_per_token_cast", "pass": "forward",
     "sets": {"rows": "grid_x"}, "kernel": {"kind": "per_token_cast", "rows": "grid_x", "cols": "cols"}},
    {"name": "gemm<*", "class": "gemm_fp8_fwd", "sms": "blocks",
     "kernel": {"kind": "gemm", "m": "rows", "n": "n", "k": "smem", "a": "fp8_e4m3", "b": "fp8_e4m3",
                "scale": "block_1x128_128x128", "promotion_interval": 128},
     "in": {"step": [{"role": "proj", "when": "smem == 1024", "let": {"n": "tokens / 2"}}]}},
    {"name": "side*", "role": "side", "class": "residual_eltwise",
     "kernel": {"kind": "elementwise_scale", "rows": "tokens", "cols": 2048}}
  ]})";
}

}  // namespace tessera::testing
