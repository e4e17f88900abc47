// Small task graphs in which every proposal finds something to do.
#pragma once

#include "sim/ir/stream_kernels.hpp"
#include "sim/ir/task_graph.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tessera::testing {

inline Task& add_task(TaskGraph& graph, std::string name, KernelDesc kernel, StreamId stream = 0,
                      std::vector<TaskId> deps = {}) {
    Task task;
    task.id = static_cast<TaskId>(graph.tasks.size());
    task.role = name;
    task.name = std::move(name);
    task.stream = stream;
    task.kernel = std::move(kernel);
    task.deps = std::move(deps);
    graph.tasks.push_back(std::move(task));
    return graph.tasks.back();
}

inline Operand operand(std::string tensor, DType dtype, std::int64_t rows, std::int64_t cols) {
    Operand o;
    o.tensor = std::move(tensor);
    o.dtype = dtype;
    o.rows = rows;
    o.cols = cols;
    return o;
}

inline GemmDesc block_gemm(const std::string& a, const std::string& b, const std::string& d, std::int64_t m,
                           std::int64_t n, std::int64_t k) {
    GemmDesc gemm;
    gemm.m = m;
    gemm.n = n;
    gemm.k = k;
    gemm.scale = ScaleMode::block_1x128_128x128;
    gemm.promotion_interval = 128;
    gemm.a = operand(a, DType::fp8_e4m3, m, k);
    gemm.b = operand(b, DType::fp8_e4m3, n, k);
    gemm.d = operand(d, DType::bf16, m, n);
    gemm.tiling = GemmTiling{};
    return gemm;
}

// norm -> cast -> scale transpose -> GEMM (stream 0), whose weight is transposed first; an exchange on stream 1 waits
// for the cast and a final add waits for the exchange.
inline TaskGraph cast_chain(std::int64_t rows = 512, std::int64_t cols = 1024) {
    namespace sk = stream_kernels;
    TaskGraph g;
    g.name = "cast chain";
    g.streams = {{"compute", StreamRole::compute, 112}, {"communication", StreamRole::communication, 20}};
    add_task(g, "norm", sk::named(sk::rms_norm(rows, cols, 396), {"h", "gain"}, {"x"}));
    add_task(g, "cast", sk::named(sk::per_token_cast(rows, cols), {"x"}, {"x.q", "x.s"}));
    add_task(g, "scaleT", sk::named(sk::scale_transpose(rows, cols / 128), {"x.s"}, {"x.sT"}));
    add_task(g, "weightT", sk::named(sk::transpose_fp8(cols, 2048), {"w"}, {"w.T"}));
    GemmDesc gemm = block_gemm("x.q", "w.T", "y", rows, 2048, cols);
    gemm.scales = {operand("x.sT", DType::fp32, cols / 128, rows)};
    add_task(g, "gemm", gemm);
    g.inputs = {"h", "gain", "w", "r"};
    g.outputs = {"z"};
    ExchangeDesc exchange;
    exchange.tokens = rows;
    exchange.unique_tokens = rows;
    exchange.bytes_per_token = bytes(1056);
    exchange.ranks = 64;
    exchange.nodes_per_token = 3.5;
    exchange.ranks_per_token = 7;
    exchange.sms = 20;
    add_task(g, "send", exchange, 1, {1});
    add_task(g, "add", sk::named(sk::elementwise_add(rows, 2048), {"y", "r"}, {"z"}), 0, {5});
    return g;
}

}  // namespace tessera::testing
