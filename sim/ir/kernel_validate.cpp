#include "sim/base/error.hpp"
#include "sim/ir/kernel_desc.hpp"

#include <cmath>
#include <numeric>

namespace tessera {

namespace {

// Checks of one kernel; every message starts with the kernel's kind and names the field.
class Checker {
public:
    explicit Checker(std::string_view kind) : kind_(kind) {}

    void require(bool condition, const std::string& what) const {
        if (!condition) { throw ModelError(std::string(kind_) + " kernel: " + what); }
    }
    void positive(std::int64_t v, const char* field) const {
        require(v > 0, std::string(field) + " must be positive, is " + std::to_string(v));
    }
    void not_negative(std::int64_t v, const char* field) const {
        require(v >= 0, std::string(field) + " must not be negative, is " + std::to_string(v));
    }
    void not_negative(double v, const char* field) const {
        require(std::isfinite(v) && v >= 0, std::string(field) + " must be finite and not negative");
    }
    void operand(const Operand& o, const char* field) const {
        const std::string at = std::string(field) + (o.tensor.empty() ? "" : " '" + o.tensor + "'");
        positive(o.rows, (at + ".rows").c_str());
        positive(o.cols, (at + ".cols").c_str());
        not_negative(o.run.raw(), (at + ".run").c_str());
        require(o.l2_resident >= 0.0 && o.l2_resident <= 1.0, at + ".l2_resident must be in 0..1");
        require(o.near_memory_ratio > 0.0 && o.near_memory_ratio <= 2.0, at + ".near_memory_ratio must be in 0..2");
    }
    void operands(const std::vector<Operand>& list, const char* field) const {
        for (const Operand& o : list) { operand(o, field); }
    }

private:
    std::string_view kind_;
};

struct Validate {
    Checker c;

    void operator()(const GemmDesc& k) const {
        c.positive(k.m, "m");
        c.positive(k.n, "n");
        c.positive(k.k, "k");
        c.operand(k.a, "a");
        c.operand(k.b, "b");
        c.operand(k.d, "d");
        c.operands(k.scales, "scales");
        c.not_negative(std::int64_t{k.promotion_interval}, "promotion_interval");
        groups(k);
        if (k.tiling) { tiling(*k.tiling); }
    }
    void operator()(const AttentionDesc& k) const {
        c.positive(k.batch, "batch");
        c.positive(k.heads, "heads");
        c.positive(k.kv_heads, "kv_heads");
        c.require(k.heads % k.kv_heads == 0, "heads must be a multiple of kv_heads");
        c.positive(k.q_len, "q_len");
        c.positive(k.kv_len, "kv_len");
        c.positive(k.d_qk, "d_qk");
        c.positive(k.d_v, "d_v");
        c.require(k.kv_lens.empty() || static_cast<std::int64_t>(k.kv_lens.size()) == k.batch,
                  "kv_lens needs one length per batch entry");
        for (const std::int64_t length : k.kv_lens) { c.positive(length, "kv_lens"); }
        c.operands(k.reads, "reads");
        c.operands(k.writes, "writes");
    }
    void operator()(const StreamDesc& k) const {
        c.positive(k.rows, "rows");
        c.positive(k.cols, "cols");
        c.require(!k.reads.empty() || !k.writes.empty(), "neither reads nor writes anything");
        c.operands(k.reads, "reads");
        c.operands(k.writes, "writes");
        c.positive(k.tile_rows, "tile_rows");
        c.not_negative(k.tile_cols, "tile_cols");
        c.not_negative(std::int64_t{k.max_ctas}, "max_ctas");
        c.positive(k.threads, "threads");
        c.require(k.threads <= 1024, "threads must be at most 1024");
        c.require(k.registers > 0 && k.registers <= 255, "registers must be in 1..255");
        c.not_negative(k.smem.raw(), "smem");
        c.not_negative(k.load_bytes_in_flight.raw(), "load_bytes_in_flight");
        c.not_negative(k.alu_per_element, "alu_per_element");
        c.not_negative(k.cvt_per_element, "cvt_per_element");
        c.not_negative(k.sfu_per_element, "sfu_per_element");
        c.not_negative(k.smem_bytes_per_element, "smem_bytes_per_element");
        c.require(std::isfinite(k.smem_conflict) && k.smem_conflict >= 1.0, "smem_conflict must be at least 1");
        c.not_negative(std::int64_t{k.sync_steps}, "sync_steps");
        c.not_negative(std::int64_t{k.dependent_loads}, "dependent_loads");
        c.not_negative(std::int64_t{k.code_instructions}, "code_instructions");
        c.not_negative(k.warp_cycles, "warp_cycles");
        c.not_negative(k.block_cycles, "block_cycles");
    }
    void operator()(const ExchangeDesc& k) const {
        c.not_negative(k.tokens, "tokens");
        c.not_negative(k.unique_tokens, "unique_tokens");
        c.positive(k.bytes_per_token.raw(), "bytes_per_token");
        ranks(k.ranks, k.ranks_per_node, k.sms);
        c.require(std::isfinite(k.nodes_per_token) && k.nodes_per_token >= 0, "nodes_per_token must be finite");
        c.require(k.ranks_per_token >= 0 && k.ranks_per_token <= k.ranks, "ranks_per_token must be in 0..ranks");
        c.operands(k.reads, "reads");
        c.operands(k.writes, "writes");
    }
    void operator()(const BarrierDesc& k) const {
        ranks(k.ranks, k.ranks_per_node, k.sms);
        c.positive(k.round_trips, "round_trips");
        c.not_negative(k.metadata.raw(), "metadata");
    }
    void operator()(const RecordedDesc& k) const {
        c.not_negative(k.duration.raw(), "duration");
        c.not_negative(k.hbm_bytes.raw(), "hbm_bytes");
        c.not_negative(std::int64_t{k.sms}, "sms");
    }

private:
    void ranks(int count, int per_node, int sms) const {
        c.positive(count, "ranks");
        c.positive(per_node, "ranks_per_node");
        c.not_negative(std::int64_t{sms}, "sms");
    }
    void groups(const GemmDesc& k) const {
        if (k.form == GemmForm::dense) {
            c.require(k.group_sizes.empty(), "dense form takes no group_sizes");
            return;
        }
        c.require(!k.group_sizes.empty(), std::string(to_string(k.form)) + " form needs group_sizes");
        for (const std::int64_t size : k.group_sizes) { c.not_negative(size, "group_sizes"); }
        const std::int64_t sum = std::accumulate(k.group_sizes.begin(), k.group_sizes.end(), std::int64_t{0});
        const std::int64_t whole = k.form == GemmForm::grouped_k ? k.k : k.m;
        c.require(sum == whole, "group_sizes add up to " + std::to_string(sum) + ", expected " +
                                    (k.form == GemmForm::grouped_k ? "k = " : "m = ") + std::to_string(whole));
    }
    void tiling(const GemmTiling& t) const {
        c.positive(t.bm, "tiling.bm");
        c.positive(t.bn, "tiling.bn");
        c.positive(t.bk, "tiling.bk");
        c.not_negative(std::int64_t{t.stages}, "tiling.stages");
        c.positive(t.cluster, "tiling.cluster");
        c.positive(t.cluster_across, "tiling.cluster_across");
        c.positive(t.epilogue_parts, "tiling.epilogue_parts");
    }
};

}  // namespace

void validate(const KernelDesc& k) { std::visit(Validate{Checker(kind_name(k))}, k); }

}  // namespace tessera
