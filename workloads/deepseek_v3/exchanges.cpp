#include "workloads/deepseek_v3/exchanges.hpp"

#include "workloads/deepseek_v3/rank_load.hpp"

namespace tessera::deepseek_v3 {

namespace {

constexpr std::int64_t kScaleGroup = 128;

ExchangeDesc exchange(const ChunkBuilder& b, ExchangeKind kind, Bytes bytes_per_token) {
    const RoutingExpectation routing = b.sent();
    ExchangeDesc e;
    e.kind = kind;
    e.tokens = b.tokens();
    e.unique_tokens = b.unique_tokens();
    e.bytes_per_token = bytes_per_token;
    e.ranks = b.parallel().expert_ranks;
    e.ranks_per_node = b.parallel().ranks_per_node;
    e.nodes_per_token = routing.nodes_per_token;
    e.ranks_per_token = routing.ranks_per_token;
    e.bulk_copies = b.parallel().exchange_kernels == ExchangeKernels::deepep_v2;
    e.busiest_relay = b.busiest_relay();
    e.sms = b.parallel().communication_sms;
    return e;
}

void append(std::vector<Operand>& list, const std::vector<Operand>& more) {
    list.insert(list.end(), more.begin(), more.end());
}

}  // namespace

Bytes dispatch_bytes_per_token(const ModelConfig& m) {
    return storage(DType::fp8_e4m3, m.hidden) + storage(DType::fp32, (m.hidden + kScaleGroup - 1) / kScaleGroup);
}

Bytes combine_bytes_per_token(const ModelConfig& m) { return storage(DType::bf16, m.hidden); }

Operand routing_operand(const std::string& tensor, DType dtype, std::int64_t rows, std::int64_t cols) {
    Operand o;
    o.tensor = tensor;
    o.dtype = dtype;
    o.rows = rows;
    o.cols = cols;
    return o;
}

TaskId dispatch(ChunkBuilder& b, const Op& op, const Fp8Tensor& x, const Fp8Tensor& received, TaskId after,
                const std::vector<Operand>& also_sent, const std::vector<Operand>& also_received) {
    const std::int64_t hidden = b.model().hidden, groups = (hidden + kScaleGroup - 1) / kScaleGroup;
    ExchangeDesc e = exchange(b, ExchangeKind::dispatch, dispatch_bytes_per_token(b.model()));
    e.reads = {routing_operand(x.values, DType::fp8_e4m3, e.tokens, hidden),
               routing_operand(x.scales, DType::fp32, e.tokens, groups)};
    e.writes = {routing_operand(received.values, DType::fp8_e4m3, e.unique_tokens, hidden),
                routing_operand(received.scales, DType::fp32, e.unique_tokens, groups)};
    append(e.reads, also_sent);
    append(e.writes, also_received);
    return b.add(op, e, e.sms, {after});
}

TaskId combine(ChunkBuilder& b, const Op& op, const std::string& y, const std::vector<std::string>& biases,
               const std::string& out, TaskId after, const std::vector<Operand>& also_sent,
               const std::vector<Operand>& also_received) {
    ExchangeDesc e = exchange(b, ExchangeKind::combine, combine_bytes_per_token(b.model()));
    const std::int64_t hidden = b.model().hidden;
    e.reduce = true;
    e.reads = {routing_operand(y, DType::bf16, e.unique_tokens, hidden)};
    for (const std::string& bias : biases) { e.reads.push_back(routing_operand(bias, DType::bf16, e.tokens, hidden)); }
    e.writes = {routing_operand(out, DType::bf16, e.tokens, hidden)};
    append(e.reads, also_sent);
    append(e.writes, also_received);
    return b.add(op, e, e.sms, {after});
}

TaskId notify(ChunkBuilder& b, const std::string& role, TaskPass pass, bool fresh) {
    const ParallelConfig& p = b.parallel();
    const int nodes = (p.expert_ranks + p.ranks_per_node - 1) / p.ranks_per_node;
    BarrierDesc k;
    k.ranks = p.expert_ranks;
    k.ranks_per_node = p.ranks_per_node;
    // DeepEP launches one block per node and one for the NVLink part when counts are exchanged, and the blocks of
    // the exchange itself to clear its queues when they are cached (internode.cu).
    k.sms = fresh ? 1 + nodes : p.communication_sms;
    // Counts per rank and per local expert of every rank in the node, 4 bytes each.
    const std::int64_t counts = fresh ? p.expert_ranks + b.model().routed_experts + nodes : 0;
    k.metadata = storage(DType::int32, counts + p.ranks_per_node);
    return b.add({role, "comm_notify", pass}, k, k.sms);
}

}  // namespace tessera::deepseek_v3
