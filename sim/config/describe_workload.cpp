#include "sim/config/describe.hpp"

namespace tessera {

void describe(FieldVisitor& v, ModelConfig& c) {
    constexpr double wide = 1 << 24, many = 1 << 20;
    v.field(required("name", "short name of the model, shown in reports"), c.name);
    v.field(required("layers", "transformer layers").between(1, 10000), c.layers);
    v.field(required("dense_layers", "leading layers with a dense FFN").between(0, 10000), c.dense_layers);
    v.field(required("hidden", "width of the residual stream").between(1, wide), c.hidden);
    v.field(optional("dense_ffn", "inner width of a dense FFN; needed if there are dense layers").between(0, wide),
            c.dense_ffn);
    v.field(optional("expert_ffn", "inner width of one expert; needed if there are MoE layers").between(0, wide),
            c.expert_ffn);
    v.field(required("vocab", "vocabulary").between(1, 1e9), c.vocab);
    v.field(optional("routed_experts", "routed experts of one MoE layer; needed if there are any").between(0, many),
            c.routed_experts);
    v.field(optional("shared_experts", "shared experts of one MoE layer").between(0, many), c.shared_experts);
    v.field(optional("experts_per_token", "routed experts that each token uses; needed if there are MoE layers")
                .between(0, many),
            c.experts_per_token);
    v.field(optional("expert_groups", "groups of experts, one per node; 1: no limit").between(1, many),
            c.expert_groups);
    v.field(optional("groups_per_token", "groups a token may use").between(1, many), c.groups_per_token);
    v.choice(optional("attention", "mla: latent attention; gqa: heads of keys and values, shared by query heads"),
             c.attention, {{"mla", AttentionKind::mla}, {"gqa", AttentionKind::gqa}});
    v.field(required("heads", "query heads").between(1, many), c.heads);
    v.field(optional("kv_heads", "gqa: heads of keys and values").between(0, many), c.kv_heads);
    v.field(optional("qk_norm", "gqa: RMSNorm over each head of queries and keys"), c.qk_norm);
    v.field(optional("q_rank", "mla: width of the query latent; 0: queries straight from the residual stream")
                .between(0, wide),
            c.q_rank);
    v.field(optional("kv_rank", "mla: width of the key-value latent").between(0, wide), c.kv_rank);
    v.field(optional("d_nope", "query and key width per head without rotation").between(0, wide), c.d_nope);
    v.field(required("d_rope", "rotated query and key width per head").between(1, wide), c.d_rope);
    v.field(required("d_v", "value width per head").between(1, wide), c.d_v);
}

void describe(FieldVisitor& v, ParallelConfig& c) {
    v.field(required("expert_ranks", "ranks that share the experts (EP)").between(1, 1 << 20), c.expert_ranks);
    v.field(required("ranks_per_node", "ranks of one node").between(1, 1024), c.ranks_per_node);
    v.field(required("communication_sms", "SMs held by dispatch and combine; the rest computes").between(0, 4096),
            c.communication_sms);
    v.field(optional("redundant_experts", "copies of hot experts beside the model's own").between(0, 1 << 20),
            c.redundant_experts);
    v.choice(optional("exchange_kernels", "whose kernels drive dispatch and combine"), c.exchange_kernels,
             {{"deepep-v1", ExchangeKernels::deepep_v1}, {"deepep-v2", ExchangeKernels::deepep_v2}});
}

void describe(FieldVisitor& v, RouterConfig& c) {
    v.choice(required("load", "how tokens spread over ranks: evenly, drawn by rank, drawn token by token, or as given"),
             c.load,
             {{"balanced", RouterLoad::balanced},
              {"seeded", RouterLoad::seeded},
              {"tokens", RouterLoad::tokens},
              {"given", RouterLoad::given}});
    v.field(optional("seed", "of the random draw"), c.seed);
    v.field(optional("spread", "relative standard deviation of a rank's expanded rows").between(0, 1), c.spread);
    v.field(optional("zipf", "tokens: the i-th most popular expert is chosen in proportion to i^-zipf; 0: all alike")
                .between(0, 4),
            c.zipf);
    v.field(optional("forward_rows", "given: rows of rank 0 after expansion, per layer, forward"), c.forward_rows);
    v.field(optional("backward_rows", "given: the same, backward"), c.backward_rows);
    v.field(optional("forward_unique", "given: unique tokens that rank 0 receives, per layer, forward"),
            c.forward_unique);
    v.field(optional("backward_unique", "given: the same, backward"), c.backward_unique);
}

void describe(FieldVisitor& v, RecipeConfig& c) {
    v.field(optional("promotion_interval", "elements of k between promotions to FP32").between(1, 1 << 20),
            c.promotion_interval);
    v.field(optional("store_swiglu_input_fp8", "SwiGLU's input is stored in FP8 for the backward pass"),
            c.store_swiglu_input_fp8);
    v.field(optional("store_attention_output_e5m6", "attention's output is stored in E5M6 for the backward pass"),
            c.store_attention_output_e5m6);
    v.field(optional("recompute_norms", "RMSNorm is computed again in the backward pass"), c.recompute_norms);
    v.field(optional("recompute_up_projections", "q_b and kv_b are computed again in the backward pass"),
            c.recompute_up_projections);
    v.field(optional("recompute_swiglu", "SwiGLU is computed again in the backward pass"), c.recompute_swiglu);
    v.field(optional("cast_kv_input_twice", "x is cast for q_a and once more for kv_a"), c.cast_kv_input_twice);
    v.field(optional("cache_transposed_weights", "transposed weights are kept instead of made in every micro-batch"),
            c.cache_transposed_weights);
}

void describe(FieldVisitor& v, PipelineConfig& c) {
    v.choice(optional("schedule", "order of forward and backward pieces"), c.schedule,
             {{"1f1b", PipelineSchedule::one_f_one_b},
              {"zb1p", PipelineSchedule::zb1p},
              {"dualpipe", PipelineSchedule::dual_pipe},
              {"dualpipev", PipelineSchedule::dual_pipe_v}});
    v.field(optional("ranks", "ranks of one pipeline").between(1, 4096), c.ranks);
    v.field(optional("gpus", "GPUs of the whole job").between(1, 1 << 24), c.gpus);
    v.field(optional("micro_batches", "micro-batches of one pipeline in one step").between(1, 1 << 20),
            c.micro_batches);
    v.field(optional("prediction_modules", "multi-token prediction modules after the last layer").between(0, 64),
            c.prediction_modules);
    v.field(optional("stage_layers", "layers of each stage, prediction modules included; empty: filled from the front"),
            c.stage_layers);
}

void describe(FieldVisitor& v, TrainingMemoryConfig& c) {
    v.field(optional("weight", "bytes of a weight on every rank that uses it").between(0, 64), c.weight);
    v.field(optional("gradient", "bytes of a gradient accumulator").between(0, 64), c.gradient);
    v.field(optional("master", "bytes of a master weight, spread over the data-parallel ranks").between(0, 64),
            c.master);
    v.field(optional("moments", "bytes of both moments of a weight, spread likewise").between(0, 64), c.moments);
    v.field(optional("reserved", "memory of a GPU for contexts, communication buffers and fragmentation"), c.reserved);
}

void describe(FieldVisitor& v, InferenceConfig& c) {
    v.field(optional("kv_length", "decode: tokens of a request in the cache when a step begins").between(1, 1 << 24),
            c.kv_length);
    v.field(optional("acceptance", "decode: probability that a drafted token is accepted").between(0, 1), c.acceptance);
    v.field(optional("weight_bytes", "bytes of a weight that quantized GEMMs read").between(0, 8), c.weight_bytes);
    v.field(
        optional("table_bytes", "bytes of a weight of embedding, head, router and absorbed projections").between(0, 8),
        c.table_bytes);
    v.field(optional("kv_bytes", "bytes of a value in the KV cache").between(0, 8), c.kv_bytes);
    v.field(optional("page", "tokens of a page of the KV cache").between(1, 1 << 16), c.page);
    v.field(
        optional("overlapped_softmax", "decode: the attention kernel hides its softmax (FlashMLA since April 2025)"),
        c.overlapped_softmax);
    v.field(optional("cuda_graph", "decode: kernels are nodes of a replayed graph"), c.cuda_graph);
    v.field(optional("step_overhead", "decode: from the end of a step to the start of the next"), c.step_overhead);
    v.field(optional("reserved", "memory of a GPU for contexts, communication buffers and fragmentation"), c.reserved);
}

void describe(FieldVisitor& v, LengthConfig& c) {
    v.choice(optional("shape", "how they vary"), c.shape,
             {{"fixed", LengthShape::fixed},
              {"exponential", LengthShape::exponential},
              {"lognormal", LengthShape::lognormal}});
    v.field(optional("mean", "mean, in tokens").between(1, 1 << 24), c.mean);
    v.field(optional("deviation", "lognormal: standard deviation over the mean").between(0, 10), c.deviation);
}

void describe(FieldVisitor& v, ServingConfig& c) {
    v.field(optional("prefill", "the run that gives prefill's service times: a shipped name or a file"), c.prefill);
    v.field(optional("decode", "the run that gives decode's"), c.decode);
    v.field(optional("arrivals", "requests per second").between(0, 1e9), c.arrivals);
    v.field(
        optional("prefill_units", "prefill deployments, each of its run's expert-parallel ranks").between(1, 1 << 16),
        c.prefill_units);
    v.field(optional("decode_units", "decode deployments, likewise").between(1, 1 << 16), c.decode_units);
    v.section(Section{"input", "tokens of a prompt"}, c.input);
    v.section(Section{"output", "tokens of an answer"}, c.output);
    v.field(optional("cache_hit", "share of a prompt that needs no prefill").between(0, 1), c.cache_hit);
    v.field(optional("requests", "requests that are observed").between(1, 1e8), c.requests);
    v.field(optional("warm_up", "requests before them, over their number").between(0, 100), c.warm_up);
    v.field(optional("seed", "of arrivals and lengths"), c.seed);
}

void describe(FieldVisitor& v, WorkloadConfig& c) {
    v.field(
        optional("file", "an imported workload, as 'tessera import' writes it; nothing but name and timing beside it"),
        c.file);
    v.choice(optional("timing",
                      "of an imported workload: recorded durations x what the model says a proposal changes, or "
                      "the model alone"),
             c.timing, {{"calibrated", ImportedTiming::calibrated}, {"predicted", ImportedTiming::predicted}});
    if (!c.file.empty()) {
        v.field(optional("name", "short name of the workload, shown in reports; else the file's own"), c.name);
        return;
    }
    v.field(required("name", "short name of the workload, shown in reports"), c.name);
    v.choice<std::string>(required("kind", "what is run"), c.kind,
                          {{"train_chunk", "train_chunk"},
                           {"train_step", "train_step"},
                           {"prefill", "prefill"},
                           {"decode", "decode"},
                           {"exchange_limit", "exchange_limit"},
                           {"serving", "serving"}});
    if (c.kind == "serving") {
        v.section(Section{"serving", "requests, pools and their lengths"}, c.serving);
        return;
    }
    v.field(required("tokens", "tokens of one rank in one micro-batch").between(1, 1e9), c.tokens);
    v.field(required("sequence", "tokens of one sequence").between(1, 1e9), c.sequence);
    v.field(optional("layers", "train_chunk: MoE layers of one chunk; prefill, decode: those simulated in a row")
                .between(1, 10000),
            c.layers);
    v.section(Section{"model", "architecture", true}, c.model);
    v.section(Section{"parallel", "how ranks share the work"}, c.parallel);
    v.section(Section{"router", "how tokens spread over experts"}, c.router);
    v.section(Section{"recipe", "precision and recomputation"}, c.recipe);
    v.section(Section{"pipeline", "train_step: the pipeline of one step"}, c.pipeline);
    v.section(Section{"memory", "train_step: what a rank must hold"}, c.memory);
    v.section(Section{"inference", "prefill, decode: caches, drafts, precision in memory"}, c.inference);
    v.section(Section{"serving", "serving: requests, pools and their lengths; nothing but name and kind beside it"},
              c.serving);
    v.field(optional("dollars_per_gpu_hour", "price of a GPU hour, US dollars").between(0, 1e6),
            c.dollars_per_gpu_hour);
}

}  // namespace tessera
