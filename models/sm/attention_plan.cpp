#include "models/sm/attention_plan.hpp"

#include "sim/base/error.hpp"
#include "sim/ir/decode_schedule.hpp"

#include <algorithm>

namespace tessera {
namespace {

constexpr std::int64_t kWarpgroup = 128;  // threads
constexpr std::int64_t kRows = 64;        // of one wgmma
constexpr double kBarrier = 39.0;         // cycles, 256 threads (micro G.barrier __syncthreads)
constexpr double kProxyFence = 33.0;      // generic stores before wgmma or TMA reads them (micro G.barrier)
constexpr double kShuffleStep = 31.2;     // shuffle and maximum (micro F.alu shfl_then_fmax)
// Registers of a consumer thread when a producer warpgroup gives up its own (65,536 = 240 x 256 + 24 x 128 and a rest),
// and those that addresses, row statistics and loop state take.
constexpr double kConsumerRegisters = 240, kOtherRegisters = 24;
constexpr std::int64_t kStatic = 1024;  // mbarriers and row statistics in shared memory

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

struct Machine {
    const SmConfig& sm;
    std::int64_t smem;  // bytes of one thread block at most
    double drain;       // wgmma group to readable accumulators
    double load;        // until L2 answers
    // Cycles that one warpgroup (a warp per scheduler) needs for `n` thread instructions per thread on each pipe.
    double alu(double n) const { return n / lanes(sm.cuda.fp32_lanes); }
    double half(double n) const { return n / lanes(sm.cuda.fp32_lanes / 2); }
    double exp(double n) const { return n / lanes(sm.cuda.sfu_lanes); }
    double convert(double n) const { return n / lanes(sm.cuda.convert_lanes); }
    double port(double bytes) const { return bytes / sm.smem.bandwidth.raw(); }

private:
    static double lanes(double of_sm) { return of_sm / static_cast<double>(kWarpgroup); }
};

Machine machine(const SystemConfig& system) {
    const std::int64_t smem = system.sm.smem.capacity.raw() - system.sm.smem.reserved_per_cta.raw();
    return {system.sm, smem, system.sm.tensor.wgmma_latency.raw(), system.l2.latency_far.raw()};
}

std::int64_t element_bytes(const AttentionDesc& k) { return bits(k.dtype) / 8; }

MmaShape mma(const AttentionDesc& k, std::int64_t m, std::int64_t n, std::int64_t depth) {
    MmaShape s;
    s.m = m;
    s.n = n;
    s.k = depth;
    s.dtype = k.dtype;
    return s;
}

double mac_per_clk(const AttentionDesc& k, const TensorCoreConfig& t) {
    return is_fp8(k.dtype) ? t.fp8_mac_per_clk : t.bf16_mac_per_clk;
}

double tensor_cycles(const AttentionPlan& p, double mac_per_clk) {
    double macs = 0;
    for (const MmaShape& s : p.mmas) {
        macs += static_cast<double>(s.m) * static_cast<double>(s.n) * static_cast<double>(s.k);
    }
    return macs / mac_per_clk;
}

// Row maximum of `n` values a thread: half-rate maxima, then two shuffle steps over the four lanes of a row.
double row_max(const Machine& m, double n) { return m.half(n) + 2 * kShuffleStep; }

bool sparse(const AttentionDesc& k) {
    return k.pass == AttentionPass::decode && !k.reads.empty() && k.reads.front().access == Access::gathered;
}

bool pipelined(const AttentionDesc& k) { return k.style == AttentionStyle::pipelined; }

void forward(AttentionPlan& p, const AttentionDesc& k, const Machine& m) {
    const std::int64_t b = element_bytes(k), row = (k.d_qk + k.d_v) * b;
    p.tile_rows = 2 * kRows;
    p.stages = 2;
    const std::int64_t fixed = p.tile_rows * k.d_qk * b + kStatic;
    const std::int64_t fits = (m.smem - fixed) / (p.stages * row) / 16 * 16;
    if (fits < 16) { throw ModelError("attention forward: heads are too wide for shared memory"); }
    p.step_rows = std::min<std::int64_t>(128, fits);
    p.mmas = {mma(k, p.tile_rows, p.step_rows, k.d_qk), mma(k, p.tile_rows, k.d_v, p.step_rows)};
    const double s = static_cast<double>(kRows * p.step_rows / kWarpgroup);  // scores a thread
    const double o = static_cast<double>(kRows * k.d_v / kWarpgroup);        // outputs a thread
    // One warpgroup's turn; both turns of a step are serial.
    const double turn =
        pipelined(k) ? m.drain + 2 * kBarrier + 2 * kShuffleStep : 2 * m.drain + 2 * kBarrier + row_max(m, s);
    p.exposed_cycles = 2 * turn;
    p.masked_cycles = 2 * m.half(2 * s);                // compare and select
    p.work.alu = (2 * s + 2 * s + o) * 2 * kWarpgroup;  // maxima at half rate, scale, sum, rescale of O
    p.work.sfu = s * 2 * kWarpgroup;
    p.work.convert = s / 2 * 2 * kWarpgroup;
    p.streamed = bytes(p.step_rows * row);
    p.stationary = bytes(p.tile_rows * k.d_qk * b);
    p.output = bytes(p.tile_rows * k.d_v * b);
    p.output_in_way = fixed + p.stages * p.step_rows * row + p.output.raw() > m.smem;
    p.fill_cycles = m.exp(s) + m.alu(2 * s) + m.convert(s / 2);
    p.drain_cycles = m.alu(o) + m.convert(o / 2) + m.port(to_double(p.output)) + kBarrier + kProxyFence;
}

void backward(AttentionPlan& p, const AttentionDesc& k, const Machine& m) {
    const std::int64_t b = element_bytes(k);
    p.tile_rows = 2 * kRows;  // keys
    p.step_rows = kRows;      // queries
    const std::int64_t scores = p.tile_rows * p.step_rows;
    const std::int64_t stage = p.step_rows * (k.d_qk + k.d_v) * b;
    const std::int64_t dq = p.step_rows * k.d_qk * 4;
    const std::int64_t staged = (pipelined(k) ? 1 : 2) * scores * b;  // dS, and P unless it stays in registers
    const std::int64_t fixed = p.tile_rows * (k.d_qk + k.d_v) * b + staged + dq + kStatic;
    p.stages = static_cast<int>(std::clamp<std::int64_t>((m.smem - fixed) / stage, 1, 2));
    p.reload_exposed = p.stages == 1;
    p.mmas = {mma(k, p.tile_rows, p.step_rows, k.d_qk), mma(k, p.tile_rows, p.step_rows, k.d_v),
              mma(k, p.tile_rows, k.d_v, p.step_rows), mma(k, p.tile_rows, k.d_qk, p.step_rows),
              mma(k, p.step_rows, k.d_qk, p.tile_rows)};
    const double s = static_cast<double>(scores / (2 * kWarpgroup));  // scores a thread, both warpgroups at once
    // Both warpgroups want the same pipes at the same time: twice the cycles of one. The two warps of a scheduler keep
    // different pipes busy.
    double exponentials = 2 * std::max(m.exp(s), m.alu(s)), ds = 2 * std::max(m.alu(2 * s), m.convert(s));
    double drains = 5;
    if (pipelined(k)) {
        const double mma = static_cast<double>(scores * k.d_v) / mac_per_clk(k, m.sm.tensor);  // of dP, and of dV
        ds = std::max(0.0, ds - mma);
        const double registers = static_cast<double>(p.tile_rows * (k.d_qk + k.d_v) / (2 * kWarpgroup)) + 2 * s;
        if (registers + kOtherRegisters <= kConsumerRegisters) { exponentials = std::max(0.0, exponentials - mma); }
        drains = 3;  // S, dP, and the three sums together
    }
    p.exposed_cycles = exponentials + ds + m.port(static_cast<double>(staged + dq)) + drains * m.drain + 4 * kBarrier +
                       2 * kProxyFence;
    p.masked_cycles = 2 * m.half(2 * s);
    p.work.alu = 3 * s * 2 * kWarpgroup;
    p.work.sfu = s * 2 * kWarpgroup;
    p.work.convert = s * 2 * kWarpgroup;
    p.smem = bytes(staged + 2 * dq);
    p.streamed = bytes(stage + p.step_rows * 2 * 4);  // Q, dO and the two row statistics
    p.reduced = bytes(dq);
    p.stationary = bytes(p.tile_rows * (k.d_qk + k.d_v) * b);
    p.output = p.stationary;
    p.output_in_way = fixed + p.stages * stage + p.output.raw() > m.smem;
    const double out = static_cast<double>(p.tile_rows * (k.d_qk + k.d_v) / (2 * kWarpgroup));
    p.drain_cycles = 2 * m.convert(out / 2) + m.port(to_double(p.output)) + kBarrier + kProxyFence;
}

// FlashMLA's sparse kernel: one warpgroup multiplies Q K^T and does the softmax, then both multiply P V; a third one
// fetches the chosen rows, converts them from FP8 and, where two thread blocks have the heads of one query, does half
// of them and gives its half to the other block. Nothing of a step overlaps but the fetch for the step after the next:
// two buffers go round between the warpgroups.
void gathered_keys(AttentionPlan& p, const AttentionDesc& k, const Machine& m, double s, double o) {
    constexpr double cluster_hand_over = 951;  // there and back, two CTAs of a cluster (micro G.barrier)
    constexpr double buffers = 2;
    const Operand& kv = k.reads.front();
    const double pair = k.heads / k.kv_heads > kRows ? 2 : 1;
    const double softmax = row_max(m, s) + m.half(2 * s) + m.alu(2 * s) + m.exp(s) + m.convert(s / 2);
    const double serial = 2 * m.drain + 3 * kBarrier + softmax + 2 * m.alu(o) +
                          m.port(static_cast<double>(kRows * p.step_rows * element_bytes(k))) + kProxyFence;
    const double mma = tensor_cycles(p, mac_per_clk(k, m.sm.tensor));
    const double values = static_cast<double>(p.step_rows * k.d_qk) / pair;               // that this block fetches
    const double stored = pair * m.port(values * static_cast<double>(element_bytes(k)));  // for itself and the other
    // FP8 to FP16 pairs, to FP32, to BF16 pairs.
    const double converted = is_fp8(kv.dtype) ? 2 * values : 0.0;
    const double produce = 2 * m.load + converted / m.sm.cuda.convert_lanes + stored;
    const double round = (mma + serial + produce + (pair > 1 ? cluster_hand_over : 0.0)) / buffers;
    p.exposed_cycles = std::max(serial, round - mma);
    p.work.convert += converted;
    p.streamed = storage(kv.dtype, p.step_rows * kv.cols);
}

void decode(AttentionPlan& p, const AttentionDesc& k, const Machine& m) {
    const std::int64_t b = element_bytes(k);
    // Latent attention keeps one tensor: V is the first d_v columns of K.
    const bool shared_kv = k.kv_heads == 1 && k.d_qk > k.d_v;
    const std::int64_t row = (shared_kv ? k.d_qk : k.d_qk + k.d_v) * b;
    p.tile_rows = kRows;
    const std::int64_t fixed = p.tile_rows * k.d_qk * b + kStatic;
    p.stages = 2;
    const std::int64_t fits = (m.smem - fixed) / (p.stages * row) / 16 * 16;
    if (fits < 16) { throw ModelError("attention decode: heads are too wide for shared memory"); }
    p.step_rows = std::min<std::int64_t>(64, fits);
    p.mmas = {mma(k, p.tile_rows, p.step_rows, k.d_qk), mma(k, p.tile_rows, k.d_v, p.step_rows)};
    // The warpgroups take turns with the key blocks; each holds half of the columns of O and rescales them.
    const double s = static_cast<double>(kRows * p.step_rows / kWarpgroup);
    const double o = static_cast<double>(kRows * k.d_v / (2 * kWarpgroup));
    p.exposed_cycles = 2 * m.drain + 2 * kBarrier + row_max(m, s) + m.alu(o) +
                       m.port(static_cast<double>(kRows * p.step_rows * b)) + kProxyFence;
    // In turns, as FlashMLA's first release: one warpgroup scores a block and does its softmax, then both multiply.
    if (!pipelined(k)) { p.exposed_cycles += m.exp(s) + m.alu(2 * s) + m.convert(s / 2); }
    p.work.alu = (4 * s + 2 * o) * kWarpgroup;
    p.work.sfu = s * kWarpgroup;
    p.work.convert = s / 2 * kWarpgroup;
    p.streamed = bytes(p.step_rows * row);
    p.stationary = bytes(p.tile_rows * k.d_qk * b);
    p.output = bytes(p.tile_rows * k.d_v * b);
    p.partial_output = bytes(p.tile_rows * k.d_v * 4);  // FP32 sums of a share of the keys
    p.drain_cycles = m.alu(o) + m.port(to_double(p.partial_output)) + kBarrier + kProxyFence;
    if (sparse(k)) { gathered_keys(p, k, m, s, o); }
}

// Queries are the last q_len of kv_len positions.
void forward_tiles(AttentionPlan& p, const AttentionDesc& k) {
    const std::int64_t heads = k.batch * k.heads, rows = ceil_div(k.q_len, p.tile_rows);
    const std::int64_t group = k.heads / k.kv_heads, all = ceil_div(k.kv_len, p.step_rows);
    p.streams = k.batch * k.kv_heads;
    p.steps_per_stream = all;
    for (std::int64_t h = 0; h < heads; ++h) {
        for (std::int64_t at = 0; at < rows; ++at) {
            const std::int64_t i = p.shortest_first ? at : rows - 1 - at;
            AttentionTile t;
            t.block = t.owned = static_cast<std::int64_t>(p.tiles.size());
            t.stream = h / group;
            const std::int64_t last = std::min(k.q_len, (i + 1) * p.tile_rows) + k.kv_len - k.q_len;
            const std::int64_t first_open = std::max<std::int64_t>(0, i * p.tile_rows + k.kv_len - k.q_len + 1);
            t.steps = k.causal ? std::clamp<std::int64_t>(ceil_div(last, p.step_rows), 1, all) : all;
            t.masked = k.causal ? t.steps - std::min(t.steps, first_open / p.step_rows) : 0;
            p.tiles.push_back(t);
        }
    }
}

void backward_tiles(AttentionPlan& p, const AttentionDesc& k) {
    const std::int64_t columns = ceil_div(k.kv_len, p.tile_rows), all = ceil_div(k.q_len, p.step_rows);
    const std::int64_t offset = k.kv_len - k.q_len;
    p.streams = k.batch * k.heads;
    p.steps_per_stream = all;
    for (std::int64_t h = 0; h < p.streams; ++h) {
        for (std::int64_t j = 0; j < columns; ++j) {
            AttentionTile t;
            t.block = t.owned = static_cast<std::int64_t>(p.tiles.size());
            t.stream = h;
            const std::int64_t from = std::max<std::int64_t>(0, j * p.tile_rows - offset);
            const std::int64_t open = std::max<std::int64_t>(0, (j + 1) * p.tile_rows - offset);
            t.first = k.causal ? std::min(all - 1, from / p.step_rows) : 0;
            t.steps = all - t.first;
            t.masked = k.causal ? std::min(t.steps, ceil_div(open, p.step_rows) - t.first) : 0;
            p.tiles.push_back(t);
        }
    }
}

// The keys of all sequences are dealt to parts of the GPU; a part of one row tile is a thread block. It starts a new
// tile at each sequence that it meets. In a sparse kernel every query has keys of its own.
void decode_tiles(AttentionPlan& p, const AttentionDesc& k, int sms) {
    const bool own_keys = sparse(k);
    const std::int64_t rows = (own_keys ? 1 : k.q_len) * k.heads / k.kv_heads;
    const std::int64_t row_tiles = ceil_div(rows, p.tile_rows), queries = own_keys ? k.q_len : 1;
    p.streams = k.batch * queries * k.kv_heads;
    std::vector<std::int64_t> blocks;
    for (std::int64_t i = 0; i < p.streams; ++i) {
        const auto request = static_cast<std::size_t>(i / (queries * k.kv_heads));
        blocks.push_back(ceil_div(k.kv_lens.empty() ? k.kv_len : k.kv_lens[request], p.step_rows));
    }
    p.steps_per_stream = *std::max_element(blocks.begin(), blocks.end());
    const std::int64_t parts = std::max<std::int64_t>(1, sms / row_tiles);
    const std::vector<DecodePiece> pieces = decode_schedule(blocks, parts);
    for (std::int64_t r = 0; r < row_tiles; ++r) {
        for (const DecodePiece& piece : pieces) {
            AttentionTile t;
            t.block = r * parts + piece.part;
            t.stream = piece.request;
            t.owned = r * p.streams + t.stream;
            t.first = piece.first;
            t.steps = piece.blocks;
            t.whole = piece.whole;
            p.tiles.push_back(t);
        }
    }
}

}  // namespace

AttentionPlan plan_attention(const AttentionDesc& k, const SystemConfig& system, int sms) {
    const Machine m = machine(system);
    AttentionPlan p;
    switch (k.pass) {
        case AttentionPass::forward:
            k.style == AttentionStyle::warp_mma ? plan_warp_mma(p, k, system, m.smem) : forward(p, k, m);
            forward_tiles(p, k);
            break;
        case AttentionPass::backward:
            k.style == AttentionStyle::warp_mma ? plan_warp_mma(p, k, system, m.smem) : backward(p, k, m);
            backward_tiles(p, k);
            break;
        case AttentionPass::decode:
            decode(p, k, m);
            decode_tiles(p, k, sms);
            break;
    }
    for (const AttentionTile& t : p.tiles) { p.owned_blocks = std::max(p.owned_blocks, t.owned + 1); }
    p.mma_cycles_per_step = tensor_cycles(p, mac_per_clk(k, system.sm.tensor));
    return p;
}

}  // namespace tessera
