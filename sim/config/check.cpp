// Rules between values; what one value may be stands in its description.
#include "sim/config/loader.hpp"

#include "sim/base/quantity_text.hpp"

namespace tessera {
namespace {

class Rules {
public:
    explicit Rules(std::string prefix) : prefix_(std::move(prefix)) {}

    void require(bool holds, const std::string& pointer, const std::string& message, const std::string& hint = {}) {
        if (!holds) { problems_.push_back({"", prefix_ + pointer, message, hint}); }
    }
    void add(std::vector<Diagnostic> more) {
        for (Diagnostic& d : more) { problems_.push_back(std::move(d)); }
    }
    std::vector<Diagnostic> take() { return std::move(problems_); }

private:
    std::string prefix_;
    std::vector<Diagnostic> problems_;
};

std::string n(std::int64_t v) { return std::to_string(v); }

void check_memory(Rules& r, const SystemConfig& c) {
    r.require(c.l2.sector <= c.l2.line && c.l2.line.raw() % c.l2.sector.raw() == 0, "/l2/sector",
              "a line of " + to_text(c.l2.line) + " is not a whole number of sectors of " + to_text(c.l2.sector));
    r.require(c.l2.slices % c.l2.partitions == 0, "/l2/slices",
              n(c.l2.slices) + " slices do not divide evenly into " + n(c.l2.partitions) + " partitions");
    r.require(
        c.l2.latency_near <= c.l2.latency_far, "/l2/latency_far",
        "a far hit of " + to_text(c.l2.latency_far) + " is faster than a near one of " + to_text(c.l2.latency_near));
    r.require(c.hbm.interleave >= c.hbm.burst && c.hbm.interleave.raw() % c.hbm.burst.raw() == 0, "/hbm/interleave",
              to_text(c.hbm.interleave) + " is not a whole number of bursts of " + to_text(c.hbm.burst));
    r.require(c.hbm.row >= c.hbm.burst && c.hbm.row.raw() % c.hbm.burst.raw() == 0, "/hbm/row",
              to_text(c.hbm.row) + " is not a whole number of bursts of " + to_text(c.hbm.burst));
    r.require(c.hbm.refresh_time < c.hbm.refresh_interval, "/hbm/refresh_time",
              "a refresh of " + to_text(c.hbm.refresh_time) + " does not fit its interval of " +
                  to_text(c.hbm.refresh_interval));
    r.require(c.hbm.activate_to_read + c.hbm.precharge <= c.hbm.row_cycle, "/hbm/row_cycle",
              "tRC of " + to_text(c.hbm.row_cycle) + " is shorter than tRCD + tRP");
    r.require(c.sm.smem.reserved_per_cta < c.sm.smem.capacity, "/sm/smem/reserved_per_cta",
              to_text(c.sm.smem.reserved_per_cta) + " leaves nothing of " + to_text(c.sm.smem.capacity));
}

void check_capabilities(Rules& r, const SystemConfig& c) {
    const Bandwidth none{};
    r.require(!c.sm.cuda.warp_cast || c.sm.cuda.warp_cast_elements_per_clk > 0, "/sm/cuda/warp_cast_elements_per_clk",
              "warp_cast needs a throughput greater than 0");
    r.require(!c.tma.cast || c.tma.cast_throughput > BytesPerCycle{}, "/tma/cast_throughput",
              "tma.cast needs a throughput greater than 0");
    r.require(!c.hbm.near_memory_cast || c.hbm.cast_throughput > none, "/hbm/cast_throughput",
              "near_memory_cast needs a throughput greater than 0");
    r.require(!c.coprocessor.present || c.coprocessor.engines > 0, "/coprocessor/engines",
              "a co-processor needs at least one engine");
    r.require(!c.coprocessor.present || c.coprocessor.copy_throughput > none, "/coprocessor/copy_throughput",
              "a co-processor needs a copy throughput greater than 0");
    r.require(!c.coprocessor.present || c.coprocessor.reduce_throughput > none, "/coprocessor/reduce_throughput",
              "a co-processor needs a reduce throughput greater than 0");
    r.require(!c.coprocessor.present || c.coprocessor.queue_depth > 0, "/coprocessor/queue_depth",
              "a co-processor needs a queue");
}

void check_clocks(Rules& r, const PowerConfig& p) {
    const auto within = [&](const char* name, Frequency f) {
        r.require(p.min_clock <= f && f <= p.max_clock, std::string("/power/") + name,
                  to_text(f) + " is not between min_clock " + to_text(p.min_clock) + " and max_clock " +
                      to_text(p.max_clock));
    };
    within("base_clock", p.base_clock);
    within("tensor_max_clock", p.tensor_max_clock);
    within("sustained_clock", p.sustained_clock);
    r.require(p.volts_at_min <= p.volts_at_max, "/power/volts_at_min", "the supply rises as the clock falls");
    r.require(!(p.peak > Power::zero()) || p.peak >= p.cap, "/power/peak",
              "the limit of the moment is below the cap on the mean");
    r.require(p.idle < p.cap, "/power/idle", to_text(p.idle) + " leaves nothing of the cap of " + to_text(p.cap));
}

void check_router(Rules& r, const WorkloadConfig& c) {
    const auto list = [&](const char* name, const std::vector<std::int64_t>& rows) {
        r.require(rows.size() == static_cast<std::size_t>(c.layers), std::string("/router/") + name,
                  "router load \"given\" needs one entry for each of " + n(c.layers) + " layers, found " +
                      n(static_cast<std::int64_t>(rows.size())));
    };
    list("forward_rows", c.router.forward_rows);
    list("backward_rows", c.router.backward_rows);
    list("forward_unique", c.router.forward_unique);
    list("backward_unique", c.router.backward_unique);
    // A token that reaches a rank makes a row for each of its experts there; then each expert's rows are padded.
    constexpr std::int64_t row_alignment = 128;
    const std::int64_t local = (c.model.routed_experts + c.parallel.redundant_experts) / c.parallel.expert_ranks;
    const std::int64_t each = std::min<std::int64_t>(local, c.model.experts_per_token);
    const auto pair = [&](const char* name, const std::vector<std::int64_t>& rows,
                          const std::vector<std::int64_t>& unique) {
        for (std::size_t i = 0; i < rows.size() && i < unique.size(); ++i) {
            const std::string at = std::string("/router/") + name + "/" + n(static_cast<std::int64_t>(i));
            r.require(unique[i] <= rows[i], at,
                      n(unique[i]) + " unique tokens cannot make only " + n(rows[i]) + " expanded rows");
            r.require(unique[i] <= c.tokens * c.parallel.expert_ranks, at,
                      n(unique[i]) + " unique tokens are more than all ranks have together");
            r.require(rows[i] <= unique[i] * each + local * (row_alignment - 1), at,
                      n(unique[i]) + " unique tokens cannot make " + n(rows[i]) + " expanded rows with " + n(each) +
                          " experts of a token on the rank");
        }
    };
    pair("forward_unique", c.router.forward_rows, c.router.forward_unique);
    pair("backward_unique", c.router.backward_rows, c.router.backward_unique);
}

void check_ranks(Rules& r, const RunConfig& c) {
    const ParallelConfig& p = c.workload.parallel;
    r.require(p.communication_sms < c.system.sm.count, "/workload/parallel/communication_sms",
              n(p.communication_sms) + " communication SMs leave none of " + n(c.system.sm.count) + " to compute");
    // The limit of exchanges may put any number of ranks on one NVLink domain.
    r.require(c.workload.kind == "exchange_limit" || p.ranks_per_node == c.system.nic.ranks_per_node,
              "/workload/parallel/ranks_per_node",
              n(p.ranks_per_node) + " ranks per node on a system with " + n(c.system.nic.ranks_per_node));
    r.require(c.simulation.simulated_ranks <= p.expert_ranks, "/simulation/simulated_ranks",
              n(c.simulation.simulated_ranks) + " is more than all " + n(p.expert_ranks) + " expert ranks");
}

}  // namespace

std::vector<Diagnostic> check(const SystemConfig& c, const std::string& prefix) {
    Rules r(prefix);
    check_memory(r, c);
    check_clocks(r, c.power);
    check_capabilities(r, c);
    return r.take();
}

namespace {

void check_attention(Rules& r, const ModelConfig& c) {
    const auto given = [&r](std::int64_t value, const char* name, const char* kind, const std::string& hint) {
        r.require(value > 0, std::string("/") + name,
                  std::string("attention \"") + kind + "\" needs " + name + " of at least 1", hint);
    };
    const auto absent = [&r](bool value, const char* name, const char* kind, const char* other) {
        r.require(!value, std::string("/") + name,
                  std::string(name) + " has no meaning with attention \"" + kind + "\"",
                  std::string("leave it out, or set \"attention\": \"") + other + "\"");
    };
    if (c.attention == AttentionKind::mla) {
        given(c.kv_rank, "kv_rank", "mla",
              "the published config calls it kv_lora_rank; models without it have \"gqa\"");
        given(c.d_nope, "d_nope", "mla", "the published config calls it qk_nope_head_dim");
        absent(c.kv_heads > 0, "kv_heads", "mla", "gqa");
        absent(c.qk_norm, "qk_norm", "mla", "gqa");
        return;
    }
    given(c.kv_heads, "kv_heads", "gqa", "the published config calls it num_key_value_heads");
    r.require(c.kv_heads < 1 || c.heads % c.kv_heads == 0, "/kv_heads",
              n(c.kv_heads) + " heads of keys and values cannot be shared evenly by " + n(c.heads) + " query heads");
    absent(c.q_rank > 0, "q_rank", "gqa", "mla");
    absent(c.kv_rank > 0, "kv_rank", "gqa", "mla");
}

void check_experts(Rules& r, const ModelConfig& c) {
    const std::string layers = n(c.moe_layers()) + " MoE layers need ";
    const char* hint = "for a model without experts, dense_layers is layers";
    r.require(c.routed_experts > 0, "/routed_experts", layers + "routed_experts of at least 1", hint);
    r.require(c.experts_per_token > 0, "/experts_per_token", layers + "experts_per_token of at least 1", hint);
    r.require(c.expert_ffn > 0, "/expert_ffn", layers + "expert_ffn of at least 1", hint);
}

}  // namespace

std::vector<Diagnostic> check(const ModelConfig& c, const std::string& prefix) {
    Rules r(prefix);
    r.require(c.dense_layers <= c.layers, "/dense_layers",
              n(c.dense_layers) + " dense layers are more than all " + n(c.layers) + " layers");
    r.require(c.dense_layers == 0 || c.dense_ffn > 0, "/dense_ffn",
              n(c.dense_layers) + " dense layers need dense_ffn of at least 1",
              "the published config calls it intermediate_size");
    check_attention(r, c);
    if (c.moe_layers() > 0) { check_experts(r, c); }
    r.require(c.routed_experts % c.expert_groups == 0, "/expert_groups",
              n(c.expert_groups) + " groups do not divide " + n(c.routed_experts) + " experts");
    r.require(c.groups_per_token <= c.expert_groups, "/groups_per_token",
              "a token may use " + n(c.groups_per_token) + " of only " + n(c.expert_groups) + " groups");
    r.require(c.experts_per_token <= c.groups_per_token * (c.routed_experts / c.expert_groups), "/experts_per_token",
              "a token uses " + n(c.experts_per_token) + " experts, but its groups hold fewer");
    return r.take();
}

namespace {

void check_schedule(Rules& r, const WorkloadConfig& c) {
    const PipelineConfig& p = c.pipeline;
    const bool both_ways = p.schedule == PipelineSchedule::dual_pipe,
               bent = p.schedule == PipelineSchedule::dual_pipe_v;
    const char* others = "1f1b and zb1p take any number";
    r.require(!both_ways || p.ranks % 2 == 0, "/pipeline/ranks",
              "DualPipe needs an even number of ranks, found " + n(p.ranks), others);
    r.require(!both_ways || p.micro_batches % 2 == 0, "/pipeline/micro_batches",
              "DualPipe needs an even number of micro-batches, found " + n(p.micro_batches), others);
    r.require(!(both_ways || bent) || p.micro_batches >= 2 * p.ranks, "/pipeline/micro_batches",
              "expected at least " + n(2 * p.ranks) + ", two for each rank, found " + n(p.micro_batches), others);
    const int stages = bent ? 2 * p.ranks : p.ranks, layers = c.model.layers + p.prediction_modules;
    r.require(layers >= stages, "/pipeline/ranks", n(layers) + " layers cannot fill " + n(stages) + " stages",
              "expected at most " + n(bent ? layers / 2 : layers));
    const auto given = static_cast<std::int64_t>(p.stage_layers.size());
    r.require(given == 0 || given == stages, "/pipeline/stage_layers",
              "expected one entry for each of " + n(stages) + " stages, found " + n(given));
    std::int64_t sum = 0;
    for (const std::int64_t l : p.stage_layers) { sum += l; }
    r.require(given == 0 || sum == layers, "/pipeline/stage_layers",
              "the stages' layers add up to " + n(sum) + ", expected " + n(layers), "prediction modules count");
}

void check_pipeline(Rules& r, const WorkloadConfig& c) {
    const PipelineConfig& p = c.pipeline;
    check_schedule(r, c);
    r.require(p.gpus % p.ranks == 0, "/pipeline/gpus",
              n(p.gpus) + " GPUs are not a whole number of pipelines of " + n(p.ranks) + " ranks");
    r.require(p.gpus % p.ranks != 0 || p.gpus / p.ranks % c.parallel.expert_ranks == 0, "/parallel/expert_ranks",
              n(p.gpus / p.ranks) + " pipelines are not a whole number of expert-parallel groups of " +
                  n(c.parallel.expert_ranks));
    r.require(p.prediction_modules == 0 || c.model.moe_layers() > 0, "/pipeline/prediction_modules",
              "a prediction module is an MoE layer, and the model has none", "set it to 0");
    r.require(c.router.load != RouterLoad::given, "/router/load",
              "row counts can be given for a train_chunk only; use balanced or seeded");
}

}  // namespace

namespace {

void check_serving(Rules& r, const ServingConfig& c) {
    r.require(!c.prefill.empty(), "/serving/prefill", "serving needs a run that gives prefill's service times");
    r.require(!c.decode.empty(), "/serving/decode", "serving needs a run that gives decode's service times");
    r.require(c.arrivals > 0, "/serving/arrivals", "expected requests per second above 0");
    const auto lengths = [&](const char* name, const LengthConfig& l) {
        r.require(l.shape != LengthShape::lognormal || l.deviation > 0, std::string("/serving/") + name + "/deviation",
                  "lognormal lengths need a deviation above 0");
    };
    lengths("input", c.input);
    lengths("output", c.output);
}

}  // namespace

std::vector<Diagnostic> check(const WorkloadConfig& c, const std::string& prefix) {
    Rules r(prefix);
    if (!c.file.empty()) { return {}; }
    if (c.kind == "serving") {
        check_serving(r, c.serving);
        return r.take();
    }
    r.add(check(c.model, prefix + "/model"));
    if (c.kind == "train_step") { check_pipeline(r, c); }
    const bool dense = c.model.moe_layers() < 1;
    const int most = dense ? c.model.layers : c.model.moe_layers();
    r.require(c.kind == "train_step" || c.layers <= most, "/layers",
              n(c.layers) + (dense ? "" : " MoE") + " layers are more than the model's " + n(most));
    r.require(!dense || c.parallel.expert_ranks == 1, "/parallel/expert_ranks",
              n(c.parallel.expert_ranks) + " ranks share experts that the model does not have", "expected 1");
    r.require(c.tokens % c.sequence == 0, "/sequence",
              n(c.tokens) + " tokens are not a whole number of sequences of " + n(c.sequence));
    const int experts = c.model.routed_experts + c.parallel.redundant_experts;
    r.require(
        experts % c.parallel.expert_ranks == 0, "/parallel/expert_ranks",
        n(c.parallel.expert_ranks) + " ranks do not divide " + n(c.model.routed_experts) + " experts" +
            (c.parallel.redundant_experts > 0 ? " and " + n(c.parallel.redundant_experts) + " redundant ones" : ""),
        "expected a divisor of " + n(experts));
    r.require(
        c.parallel.expert_ranks % c.parallel.ranks_per_node == 0 || c.parallel.expert_ranks < c.parallel.ranks_per_node,
        "/parallel/ranks_per_node",
        n(c.parallel.expert_ranks) + " expert ranks do not fill nodes of " + n(c.parallel.ranks_per_node));
    r.require(c.recipe.promotion_interval % 32 == 0, "/recipe/promotion_interval",
              n(c.recipe.promotion_interval) + " is not a multiple of 32, the k of one FP8 wgmma");
    if (c.router.load == RouterLoad::given) { check_router(r, c); }
    return r.take();
}

std::vector<Diagnostic> check(const RunConfig& c) {
    Rules r("");
    r.add(check(c.system, "/system"));
    r.add(check(c.workload, "/workload"));
    if (c.workload.file.empty() && c.workload.kind != "serving") { check_ranks(r, c); }
    const PowerConfig& power = c.system.power;
    const Frequency fixed = c.simulation.fixed_clock;
    r.require(c.simulation.clock != ClockMode::fixed || (power.min_clock <= fixed && fixed <= power.max_clock),
              "/simulation/fixed_clock",
              "clock \"fixed\" needs a fixed_clock between " + to_text(power.min_clock) + " and " +
                  to_text(power.max_clock) + ", found " + to_text(fixed));
    return r.take();
}

}  // namespace tessera
