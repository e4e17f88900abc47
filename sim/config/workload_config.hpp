// The model (architecture) and the workload (what is run on it).
#pragma once

#include "sim/base/units.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tessera {

// mla: keys and values from one latent vector per token, which decode caches (DeepSeek-V2, arXiv 2405.04434). gqa:
// heads of keys and values, each for heads / kv_heads query heads (arXiv 2305.13245).
enum class AttentionKind { mla, gqa };

// A Transformer whose FFNs are dense in the first `dense_layers` layers and mixtures of experts in the others.
struct ModelConfig {
    std::string name;
    int layers = 0, dense_layers = 0;
    std::int64_t hidden = 0, dense_ffn = 0, expert_ffn = 0, vocab = 0;  // the FFN widths of kinds not there are 0
    int routed_experts = 0, shared_experts = 0, experts_per_token = 0;
    int expert_groups = 1, groups_per_token = 1;  // node-limited routing; one group: none
    AttentionKind attention = AttentionKind::mla;
    int heads = 0;
    int kv_heads = 0;                      // gqa
    bool qk_norm = false;                  // gqa: RMSNorm over each head of queries and keys
    std::int64_t q_rank = 0, kv_rank = 0;  // mla; q_rank 0: queries straight from the residual stream
    std::int64_t d_nope = 0, d_rope = 0, d_v = 0;
    std::int64_t d_qk() const { return d_nope + d_rope; }
    int moe_layers() const { return layers - dense_layers; }
    // Values that decode keeps for each token of a layer: the latent and the rotated key, or all keys and values.
    std::int64_t cached_per_token() const {
        return attention == AttentionKind::mla ? kv_rank + d_rope : kv_heads * (d_qk() + d_v);
    }
};

// balanced: every rank has the expected load. seeded: loads of ranks drawn around it. tokens: every token of every rank
// draws its experts (workloads/deepseek_v3/token_routing.hpp). given: row counts of rank 0 as recorded, the others
// drawn.
enum class RouterLoad { balanced, seeded, tokens, given };

struct RouterConfig {
    RouterLoad load = RouterLoad::balanced;
    std::uint64_t seed = 0;
    double spread = 0.0;  // seeded, given: relative standard deviation of a rank's expanded rows
    double zipf = 0.0;    // tokens: the i-th most popular expert of a layer is chosen in proportion to i^-zipf
    // given: one entry per layer pair, rows after expansion (padded) and unique tokens of rank 0
    std::vector<std::int64_t> forward_rows, backward_rows, forward_unique, backward_unique;
};

// Whose kernels drive dispatch and combine: DeepEP V1 (loads and stores, two SMs a channel) or V2 (bulk copies).
enum class ExchangeKernels { deepep_v1, deepep_v2 };

struct ParallelConfig {
    int expert_ranks = 64;  // EP
    int ranks_per_node = 8;
    int communication_sms = 20;  // held by dispatch/combine; the rest computes
    int redundant_experts = 0;   // copies of hot experts beside the model's own (inference)
    ExchangeKernels exchange_kernels = ExchangeKernels::deepep_v1;
};

// Orders of pipeline-parallel training; what they mean stands in workloads/pipeline/schedule.hpp.
enum class PipelineSchedule { one_f_one_b, zb1p, dual_pipe, dual_pipe_v };

struct PipelineConfig {  // train_step
    PipelineSchedule schedule = PipelineSchedule::dual_pipe;
    int ranks = 16;                          // of one pipeline
    int gpus = 2048;                         // of the whole job: pipelines x ranks
    int micro_batches = 120;                 // of one pipeline in one step
    int prediction_modules = 1;              // multi-token prediction, after the last layer
    std::vector<std::int64_t> stage_layers;  // layers of each stage; empty: from the front (stages.hpp)
};

// What training keeps for each parameter, in bytes, and what the job needs besides.
struct TrainingMemoryConfig {
    double weight = 2, gradient = 4, master = 4, moments = 4;  // moments: both of them
    Bytes reserved{};                                          // contexts, buffers of collectives, fragmentation
};

// What serving a trained model adds: prefill and decode.
struct InferenceConfig {
    std::int64_t kv_length = 4096;             // decode: tokens of a request in the cache when a step begins
    double acceptance = 0.85;                  // decode: of a drafted token, if the one before it was accepted
    double weight_bytes = 1, table_bytes = 2;  // of a weight that FP8 GEMMs read; of embedding, head and router
    double kv_bytes = 2;                       // of a value in the KV cache
    std::int64_t page = 64;                    // tokens of a page of the KV cache
    bool overlapped_softmax = true;            // decode: in the attention kernel (FlashMLA since April 2025)
    bool cuda_graph = true;                    // decode: kernels are nodes of a graph that is replayed
    Time step_overhead{};                      // decode: from the end of a step to the start of the next
    Bytes reserved{};                          // of a GPU for contexts, communication buffers, fragmentation
};

enum class LengthShape { fixed, exponential, lognormal };

// How long prompts or answers are, in tokens.
struct LengthConfig {
    LengthShape shape = LengthShape::fixed;
    double mean = 1;
    double deviation = 0;  // lognormal: standard deviation over the mean
};

// Requests that arrive at random at a pool of prefill units and go on to a pool of decode units.
struct ServingConfig {
    std::string prefill, decode;              // runs that give the service times: names of shipped ones, or files
    double arrivals = 0;                      // requests per second, by a Poisson process
    int prefill_units = 1, decode_units = 1;  // each as many GPUs as its run has expert-parallel ranks
    LengthConfig input, output;
    double cache_hit = 0;           // share of a prompt's tokens whose keys and values are at hand
    std::int64_t requests = 20000;  // observed
    double warm_up = 0.5;           // of as many requests again before the first of them
    std::uint64_t seed = 1;
};

struct RecipeConfig {  // DeepSeek-V3 FP8 recipe
    int promotion_interval = 128;
    bool store_swiglu_input_fp8 = true;
    bool store_attention_output_e5m6 = true;
    bool recompute_norms = true;
    bool recompute_up_projections = true;  // q_b, kv_b
    bool recompute_swiglu = true;
    bool cast_kv_input_twice = true;        // x is cast once for q_a and again for kv_a, as in the trace
    bool cache_transposed_weights = false;  // false: weights are transposed every micro-batch
};

// How the kernels of an imported workload are timed.
enum class ImportedTiming {
    calibrated,  // recorded duration x what the model says a proposal changes; kernels nobody knows as recorded
    predicted    // by the model alone wherever a kernel's shape is known
};

struct WorkloadConfig {
    std::string name;
    std::string file;  // an imported workload (`tessera import`); then only name and timing count besides
    ImportedTiming timing = ImportedTiming::calibrated;
    // train_chunk: a forward/backward pair of chunks of `layers` MoE layers; train_step: a whole step of a pipeline;
    // prefill: one batch of prompts through the model, two micro-batches of `tokens` each overlapped; decode: one step
    // of two overlapped micro-batches, `sequence` tokens of each request: the next one and those drafted after it
    std::string kind = "train_chunk";
    std::int64_t tokens = 4096;
    std::int64_t sequence = 4096;
    int layers = 4;
    ModelConfig model;
    ParallelConfig parallel;
    RouterConfig router;
    RecipeConfig recipe;
    PipelineConfig pipeline;
    TrainingMemoryConfig memory;
    InferenceConfig inference;
    ServingConfig serving;
    double dollars_per_gpu_hour = 2;  // rental price that DeepSeek reckons with (technical report, table 1)
};

}  // namespace tessera
