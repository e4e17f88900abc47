// What a kernel is: tiles, bytes and arithmetic, never a measured time (RecordedDesc apart, which only the
// replay of recorded durations and imported traces may use).
#pragma once

#include "sim/base/units.hpp"
#include "sim/ir/dtype.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tessera {

// How a kernel walks one operand in global memory.
enum class Access : std::uint8_t {
    contiguous,  // whole rows, neighbouring threads on neighbouring bytes
    strided,     // runs of `run` bytes at a stride; sectors and DRAM bursts beyond the run are wasted
    gathered,    // whole rows of `run` bytes at data-dependent addresses
    transposed,  // tile is turned through shared memory; the global side is in runs of `run` bytes
    broadcast    // the same bytes are read by many thread blocks (served by L2 after the first)
};

// One tensor as one kernel sees it. `tensor` is the name under which tasks exchange it; it does not enter
// the kernel's memo key.
struct Operand {
    std::string tensor;
    DType dtype = DType::bf16;
    std::int64_t rows = 0;
    std::int64_t cols = 0;
    Access access = Access::contiguous;
    Bytes run{};                     // contiguous run for strided/gathered/transposed access; 0: a whole row
    double l2_resident = 0.0;        // share of the operand that L2 still holds when the kernel starts, 0..1
    double near_memory_ratio = 1.0;  // off-chip bytes / logical bytes when logic beside the HBM casts (proposal)
    bool cast_by_memory = false;     // read in a format the memory casts to: lines that L2 holds of it do not serve
    Bytes size() const { return storage(dtype, rows * cols); }
    // Bytes of the DRAM arrays per logical byte: memory that casts FP8 out of BF16 reads BF16.
    double core_ratio() const { return cast_by_memory ? static_cast<double>(bits(DType::bf16)) / bits(dtype) : 1.0; }
};

// ---------------------------------------------------------------------------------------------- GEMM

enum class GemmForm : std::uint8_t {
    dense,      // D[m,n] = A[m,k] B[k,n]
    grouped_m,  // contiguous groups along m, each with its own B (forward and dgrad of experts)
    masked_m,   // as grouped_m with fixed capacity per group, only group_sizes rows valid (decode)
    grouped_k   // groups along k: one D per group (wgrad of experts)
};

enum class ScaleMode : std::uint8_t {
    none,                 // BF16, or FP8 accumulated in the Tensor Core alone with a tensor-wise scale
    tensor_promoted,      // tensor-wise scale, partial sums promoted to FP32 registers
    row,                  // row-wise scales applied in the epilogue, promoted
    block_1x128_128x128,  // activation x weight (fprop, dgrad): one scale per row of A and per 128x128 of B
    block_1x128_1x128     // both operands along k (wgrad): outer product of scales per k-block
};

// How the consumer warpgroups share the Tensor Core with the promotion on CUDA cores.
enum class ConsumerStyle : std::uint8_t {
    automatic,    // as the named library would choose
    single,       // one consumer warpgroup
    cooperative,  // two warpgroups, halves of one tile, no order between them
    ordered,      // two warpgroups, halves of one tile, alternating by named barrier
    pingpong      // two warpgroups, a tile each
};

struct GemmTiling {
    int bm = 128, bn = 128, bk = 128;
    int stages = 0;            // 0: as many as shared memory holds
    int cluster = 1;           // thread blocks per cluster along the multicast dimension
    bool multicast_a = false;  // the shared operand of the cluster
    int cluster_across = 1;    // thread blocks along the other dimension; above 1 both operands are shared
    bool padded = false;       // the grid of tiles is filled up to whole clusters, whose tiles beyond the edge compute
    ConsumerStyle consumers = ConsumerStyle::automatic;
    int epilogue_parts = 1;          // a finished tile is staged and stored in so many parts, two at a time
    bool group_descriptors = false;  // the SM itself writes the tensor maps of each group that it meets
};

struct GemmDesc {
    GemmForm form = GemmForm::dense;
    std::int64_t m = 0, n = 0, k = 0;       // per group for grouped_k: k is the sum over groups
    std::vector<std::int64_t> group_sizes;  // rows (grouped_m, masked_m) or k extents (grouped_k) per group
    ScaleMode scale = ScaleMode::none;
    int promotion_interval = 0;               // elements of k between promotions; 0: never
    Operand a, b, d;                          // global-memory operands; d.dtype is the output type
    std::vector<Operand> scales;              // scale tensors of a and b that are read from global memory
    bool accumulate = false;                  // d += (reads d first, FP32 gradient accumulation)
    bool a_k_major = true, b_k_major = true;  // false: operand is read transposed (MN-major)
    bool fused_cast_a = false;                // TMA casts A from BF16 while loading (proposal)
    bool fused_cast_b = false;
    bool epilogue_cast = false;        // D leaves as FP8 + scales straight from registers (proposal)
    std::optional<GemmTiling> tiling;  // empty: chosen by the library's rule
    bool split_k = false;
    bool power_of_two_scales = false;
    std::int64_t groups() const { return group_sizes.empty() ? 1 : static_cast<std::int64_t>(group_sizes.size()); }
    Flops flops() const {  // 2 m n k over the valid elements
        return tessera::flops(2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k));
    }
};

// ---------------------------------------------------------------------------------------- attention

enum class AttentionPass : std::uint8_t { forward, backward, decode };

// How a consumer warpgroup lays its softmax against its own MMAs.
enum class AttentionStyle : std::uint8_t {
    pipelined,  // the next step's first MMA is issued before this step's softmax (FlashAttention-3, arXiv 2407.08608)
    turns,      // a step's MMAs wait for the softmax before them; only the other warpgroup's MMAs hide it (cuDNN 9)
    warp_mma    // FlashAttention-2 (arXiv 2307.08691): every warp for itself, mma.sync with operands by ldmatrix
};

struct AttentionDesc {
    AttentionPass pass = AttentionPass::forward;
    std::int64_t batch = 1, heads = 0, kv_heads = 0;
    std::int64_t q_len = 0, kv_len = 0;  // per batch entry; of a sparse kernel: the keys chosen for each query
    std::vector<std::int64_t> kv_lens;   // decode of requests of different lengths: one per batch entry; else empty
    // Keys are gathered one by one (sparse attention) if the first read operand is; FP8 ones are converted to `dtype`.
    std::int64_t d_qk = 0, d_v = 0;
    bool causal = true;
    AttentionStyle style = AttentionStyle::pipelined;
    DType dtype = DType::bf16;
    int max_ctas = 0;  // 0: one thread block per tile; else a persistent grid of so many
    std::vector<Operand> reads, writes;
};

// -------------------------------------------------------------------- memory-bound tile streams

enum class StreamKind : std::uint8_t {
    copy,
    elementwise,
    per_token_cast,
    per_channel_cast_transpose,
    cast_back,
    special_cast,
    transpose,
    scale_transpose,
    swiglu,
    swiglu_backward,
    swiglu_cast,
    swiglu_cast_transpose,
    norm,
    norm_backward,
    rope,
    gather,
    expand,
    weighted_reduce,
    reduce,
    router,
    fill,
    attention_preprocess,
    attention_postprocess,
    map
};

// A grid of thread blocks, each taking tiles of tile_rows x tile_cols logical elements: load every read
// operand's share of the tile, compute, store every written operand's share.
struct StreamDesc {
    StreamKind kind = StreamKind::copy;
    std::int64_t rows = 0, cols = 0;  // logical elements of the iteration space
    std::vector<Operand> reads, writes;
    std::int64_t tile_rows = 1, tile_cols = 0;  // per thread block and step; tile_cols 0: a whole row
    int max_ctas = 0;                           // 0: one thread block per tile; else a persistent grid of so many
    int threads = 128;
    int registers = 32;            // per thread; limits thread blocks per SM
    Bytes smem{};                  // per thread block
    Bytes load_bytes_in_flight{};  // outstanding load bytes per thread (vector width x unrolled loads)
    // CUDA-core issue slots per logical element, by pipe (thread instructions, not FLOPs).
    double alu_per_element = 0;         // FP32/INT pipe: 128 per clock and SM
    double cast_alu_per_element = 0;    // part of alu_per_element that a cast instruction does (group maximum, scale)
    double cvt_per_element = 0;         // conversions: rate in CudaCoreConfig
    double sfu_per_element = 0;         // exp, rsqrt, rcp: 16 per clock and SM
    double smem_bytes_per_element = 0;  // shared-memory bytes moved (both directions)
    double smem_conflict = 1.0;         // bank-conflict degree of those accesses
    int sync_steps = 0;                 // block-wide barriers or shuffle trees per tile (latency chain)
    int dependent_loads = 0;            // loads whose address another load returns (index, then row)
    int code_instructions = 0;          // straight-line code of a warp that no kernel before left in the caches
    double warp_cycles = 0;   // a warp alone on its scheduler, from the last load to the last store of a tile:
                              // issue, dependences, barriers (0: instructions at their dependent distance)
    double block_cycles = 0;  // the same of a block whose warps meet at barriers, alone on its SM (0: of its pipes'
                              // times one after the other, or warp_cycles)
    bool warp_cast = false;   // the cast instruction of the proposal replaces cvt and cast_alu
};

// -------------------------------------------------------------------------------- communication

enum class ExchangeKind : std::uint8_t { dispatch, combine, send, receive, all_reduce, all_gather, reduce_scatter };

// One rank's part of an expert-parallel exchange over NVLink and InfiniBand (DeepEP-like), balanced over
// peers unless the row counts say otherwise.
struct ExchangeDesc {
    ExchangeKind kind = ExchangeKind::dispatch;
    std::int64_t tokens = 0;         // tokens of this rank that are sent (dispatch) or returned (combine)
    std::int64_t unique_tokens = 0;  // tokens that this rank receives (dispatch) or returns (combine)
    Bytes bytes_per_token{};         // payload incl. scales
    int ranks = 1;
    int ranks_per_node = 8;
    double nodes_per_token = 1.0;  // mean number of nodes a token goes to (node-limited routing)
    double ranks_per_token = 1.0;  // mean number of distinct ranks a token goes to
    double busiest_relay = 1.0;    // expected largest load of a node's relays over the mean; all wait for it
    int sms = 0;                   // SMs that drive it; 0: none (copy engines, co-processor, RDMA)
    bool reduce = false;           // combine: FP32 reduction of the contributions
    bool bulk_copies = false;      // DeepEP V2's kernels instead of V1's
    bool low_latency = false;      // every message straight to its expert by RDMA: ranks_per_token of a token
    std::vector<Operand> reads, writes;
};

// A barrier over ranks with a little metadata (DeepEP notify): mostly waiting for slower ranks. The waiting
// itself is not part of the description: replay() finds it from the other ranks' arrival.
struct BarrierDesc {
    int ranks = 1;
    int ranks_per_node = 8;
    int sms = 0;
    int round_trips = 2;  // RDMA + NVLink barrier legs
    Bytes metadata{};     // per rank
};

// A duration that was recorded and is not simulated: `replay` mode and kernels an importer does not know.
struct RecordedDesc {
    Time duration{};
    Bytes hbm_bytes{};
    int sms = 0;
};

using KernelDesc = std::variant<GemmDesc, AttentionDesc, StreamDesc, ExchangeDesc, BarrierDesc, RecordedDesc>;

std::string_view kind_name(const KernelDesc& k);  // "gemm", "attention", "stream", ...
std::string_view to_string(StreamKind k);
std::string_view to_string(GemmForm f);
std::string_view to_string(ScaleMode s);
std::string_view to_string(AttentionPass p);
std::string_view to_string(AttentionStyle s);
std::string_view to_string(ExchangeKind k);
std::string_view to_string(ConsumerStyle s);

std::vector<const Operand*> reads(const KernelDesc& k);
std::vector<const Operand*> writes(const KernelDesc& k);
std::vector<Operand*> mutable_reads(KernelDesc& k);
std::vector<Operand*> mutable_writes(KernelDesc& k);

// Compulsory traffic: each operand once.
Bytes compulsory_bytes(const KernelDesc& k);
Flops flops(const KernelDesc& k);

// Stable 64-bit hash over everything that can change a kernel's time (names excluded).
std::uint64_t kernel_hash(const KernelDesc& k);

// Throws ModelError naming the field if shapes are impossible (negative, zero, groups that do not add up).
void validate(const KernelDesc& k);

}  // namespace tessera
