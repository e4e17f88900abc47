// Small kernels that the IR tests share.
#pragma once

#include "sim/ir/kernel_desc.hpp"
#include "sim/ir/task_graph.hpp"

#include <string>
#include <utility>

namespace tessera::fixtures {

inline Operand operand(std::string tensor, DType dtype, std::int64_t rows, std::int64_t cols) {
    Operand o;
    o.tensor = std::move(tensor);
    o.dtype = dtype;
    o.rows = rows;
    o.cols = cols;
    return o;
}

inline GemmDesc gemm(std::int64_t m, std::int64_t n, std::int64_t k) {
    GemmDesc g;
    g.m = m;
    g.n = n;
    g.k = k;
    g.a = operand("a", DType::fp8_e4m3, m, k);
    g.b = operand("b", DType::fp8_e4m3, n, k);
    g.d = operand("d", DType::bf16, m, n);
    return g;
}

inline StreamDesc copy(std::int64_t rows, std::int64_t cols) {
    StreamDesc s;
    s.rows = rows;
    s.cols = cols;
    s.reads = {operand("in", DType::bf16, rows, cols)};
    s.writes = {operand("out", DType::bf16, rows, cols)};
    return s;
}

inline AttentionDesc attention(AttentionPass pass) {
    AttentionDesc a;
    a.pass = pass;
    a.heads = a.kv_heads = 128;
    a.q_len = a.kv_len = 4096;
    a.d_qk = 192;
    a.d_v = 128;
    return a;
}

inline ExchangeDesc exchange() {
    ExchangeDesc e;
    e.tokens = 4096;
    e.unique_tokens = 30146;
    e.bytes_per_token = bytes(7392);
    e.ranks = 64;
    e.nodes_per_token = 4;
    e.ranks_per_token = 7.36;
    e.sms = 20;
    return e;
}

inline Task task(TaskId id, std::string name, StreamId stream = 0) {
    Task t;
    t.id = id;
    t.name = std::move(name);
    t.stream = stream;
    t.kernel = copy(8, 128);
    return t;
}

// Two streams, one task each, the second waits for the first.
inline TaskGraph two_tasks() {
    TaskGraph g;
    g.name = "two";
    g.streams = {{"compute", StreamRole::compute, 0}, {"communication", StreamRole::communication, 20}};
    g.tasks = {task(0, "first", 0), task(1, "second", 1)};
    g.tasks[1].deps = {0};
    return g;
}

}  // namespace tessera::fixtures
