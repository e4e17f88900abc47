// W. How fast a grid of few rows and many columns streams its weights: every SM walks panels of rows, a k-block of each
// row at a time, through tensor-map boxes into a ring of stages. What a GEMM whose rows all fit one tile does.
#include "device.cuh"

namespace micro {
namespace {

constexpr int kMostStages = 32;
constexpr std::size_t kShared = 224 * kKiB;

struct Walk {
    int rows, row_bytes, boxes;  // a stage: boxes side by side, each of `rows` pieces of `row_bytes`
    int pitch;                   // bytes from row to row: the product's K
    int shared_rows;             // of the other operand, the same for all SMs, read from L2 beside every stage
    int valid_rows;              // of these, rows that exist: the TMA fills in the rest
    int cluster;                 // blocks that share the weights: each fetches its part of the rows for all
    int stages, sms, panels;
    int set;         // different panels, walked again and again
    bool linear;     // the same bytes as one contiguous run a stage
    bool staggered;  // SMs begin at different k-blocks
    int step() const { return row_bytes * boxes; }
    unsigned stage_bytes() const { return static_cast<unsigned>((rows + shared_rows) * step()); }
};

template <int kBlocks>
__global__ void __launch_bounds__(64, 1)
    weight_stream(const __grid_constant__ CUtensorMap weights, const __grid_constant__ CUtensorMap others,
                  const char* data, const Walk w, Span* spans) {
    extern __shared__ char bytes[];
    __shared__ unsigned long long barriers[2 * kMostStages];
    const unsigned base = aligned(shared_address(bytes)), full = shared_address(barriers),
                   empty = full + 8 * kMostStages;
    const int step = w.row_bytes * w.boxes, kblocks = w.pitch / step;
    const unsigned stage_bytes = (w.rows + w.shared_rows) * step, box = w.rows * w.row_bytes, part = box / kBlocks;
    const unsigned rank = kBlocks > 1 ? rank_in_cluster() : 0;
    const int cluster = blockIdx.x / kBlocks, clusters = w.sms / kBlocks;
    if (threadIdx.x == 0) {
        for (int s = 0; s < w.stages; ++s) { barrier_init(full + 8 * s, 1), barrier_init(empty + 8 * s, kBlocks); }
        fence_barrier_init();
    }
    __syncthreads();
    cluster_barrier();
    if (threadIdx.x % 32 != 0) { return; }  // a lane that polls would wait for them
    const Stopwatch watch;
    const int mine = (w.panels - cluster + clusters - 1) / clusters, turns = mine * kblocks;
    if (threadIdx.x == 0) {
        int stage = 0, phase = 1, panel = cluster, k = w.staggered ? cluster * kblocks / clusters : 0, done = 0;
        for (int t = 0; t < turns; ++t) {
            wait(empty + 8 * stage, phase);
            const unsigned to = base + stage * stage_bytes, bar = full + 8 * stage;
            expect(bar, stage_bytes);
            if (w.linear) {
                bulk_load(to, data + (static_cast<std::size_t>(panel) * kblocks + k) * box * w.boxes, box * w.boxes,
                          bar);
            } else {
                for (int b = 0; b < w.boxes; ++b) {
                    const unsigned there = to + b * box + rank * part;
                    const int column = k * step + b * w.row_bytes;
                    const int row = panel * w.rows + static_cast<int>(rank) * w.rows / kBlocks;
                    if (kBlocks == 1) {
                        tensor_load(there, &weights, column, row, bar);
                    } else {
                        tensor_load_multicast(there, &weights, column, row, bar,
                                              static_cast<unsigned short>((1u << kBlocks) - 1));
                    }
                }
            }
            for (int b = 0; w.shared_rows > 0 && b < w.boxes; ++b) {
                tensor_load(to + w.boxes * box + b * w.shared_rows * w.row_bytes, &others, k * step + b * w.row_bytes,
                            0, bar);
            }
            if (++stage == w.stages) { stage = 0, phase ^= 1; }
            if (++k == kblocks) { k = 0; }
            if (++done == kblocks) {
                done = 0, panel += clusters;
                while (panel >= w.set) { panel -= w.set; }
            }
        }
    } else {
        int stage = 0, phase = 0;
        for (int t = 0; t < turns; ++t) {
            wait(full + 8 * stage, phase);
            for (unsigned b = 0; b < kBlocks; ++b) {
                kBlocks == 1 ? arrive(empty + 8 * stage) : arrive_remote(in_block(empty + 8 * stage, b));
            }
            if (++stage == w.stages) { stage = 0, phase ^= 1; }
        }
        watch.stop(spans + blockIdx.x, std::uint64_t{static_cast<unsigned>(turns)} * part * w.boxes);
    }
    if (kBlocks > 1) { cluster_barrier_alone(); }
}

const char* name_of(CUtensorMapL2promotion promotion) {
    return promotion == CU_TENSOR_MAP_L2_PROMOTION_NONE      ? "none"
           : promotion == CU_TENSOR_MAP_L2_PROMOTION_L2_128B ? "128"
                                                             : "256";
}

void run(const CUtensorMap& weights, const CUtensorMap& others, const Walk& w, Span* spans) {
    const auto kernel = w.cluster == 1 ? weight_stream<1> : w.cluster == 2 ? weight_stream<2> : weight_stream<4>;
    launch_clusters(kernel, w.cluster, w.sms, 64, kShared, weights, others, scratch(), w, spans);
}

// `panels` 0: as many as 1.5 GiB hold, the same for every SM; otherwise `set` of them (0: all) after a flush.
void measure(Walk w, CUtensorMapL2promotion promotion = CU_TENSOR_MAP_L2_PROMOTION_L2_256B) {
    const std::size_t panel_bytes = static_cast<std::size_t>(w.rows) * w.pitch;
    const bool whole = w.panels == 0;
    if (whole) {
        const int clusters = w.sms / w.cluster;
        w.panels = clusters * static_cast<int>(std::max<std::size_t>(1, 3 * kGiB / 2 / (panel_bytes * clusters)));
    }
    if (w.set == 0) { w.set = w.panels; }
    const std::uint64_t rows = static_cast<std::uint64_t>(w.set) * w.rows;
    const auto swizzle = w.row_bytes == 128  ? CU_TENSOR_MAP_SWIZZLE_128B
                         : w.row_bytes == 64 ? CU_TENSOR_MAP_SWIZZLE_64B
                                             : CU_TENSOR_MAP_SWIZZLE_NONE;
    const auto columns = static_cast<std::uint64_t>(w.pitch);
    const auto piece = static_cast<unsigned>(w.row_bytes);
    const CUtensorMap weights =
        tensor_map(scratch(), columns, rows, piece, static_cast<unsigned>(w.rows / w.cluster), swizzle, promotion);
    const CUtensorMap others =
        tensor_map(scratch() + 7 * kGiB, columns, static_cast<std::uint64_t>(std::max(w.valid_rows, 1)), piece,
                   static_cast<unsigned>(std::max(w.shared_rows, 1)), swizzle, promotion);
    const Repeats r = repeat(5, w.sms, [&](Span* s) {
        if (!whole && w.set == w.panels) { flush_l2(); }
        run(weights, others, w, s);
    });
    Item("W.weight_stream")
        .with("rows", w.rows)
        .with("row_bytes", w.row_bytes)
        .with("boxes", w.boxes)
        .with("pitch", w.pitch)
        .with("shared_rows", w.shared_rows)
        .with("valid_rows", w.valid_rows)
        .with("cluster", w.cluster)
        .with("stages", w.stages)
        .with("bytes_in_flight_per_sm", w.rows * w.step() * w.stages)
        .with("sms", w.sms)
        .with("panels", w.panels)
        .with("set", w.set)
        .with("linear", w.linear ? 1 : 0)
        .with("staggered", w.staggered ? 1 : 0)
        .with("promotion", name_of(promotion))
        .with("GBps", r.rate())
        .with("ns", stat(r.ns))
        .with("median_block_cycles", stat(r.cycles))
        .with("sm_ghz", stat(r.ghz));
}

int stages_for(const Walk& w, std::size_t in_flight) {
    const std::size_t most = (kShared - kKiB) / w.stage_bytes();
    const std::size_t wanted = in_flight / (static_cast<std::size_t>(w.rows) * w.step());
    return static_cast<int>(std::clamp<std::size_t>(std::min(wanted, most), 1, kMostStages));
}

Walk walk(int rows, int row_bytes, int boxes, int pitch, std::size_t in_flight) {
    Walk w{rows, row_bytes, boxes, pitch, 0, 0, 1, 0, sm_count(), 0, 0, false, false};
    w.stages = stages_for(w, in_flight);
    return w;
}

void box_shapes() {
    for (const std::size_t in_flight : {32 * kKiB, 64 * kKiB, 128 * kKiB, 192 * kKiB}) {
        for (const int rows : {64, 128, 256}) {
            for (const int piece : {64, 128}) { measure(walk(rows, piece, 1, 7168, in_flight)); }
            if (rows * 256 <= 64 * 1024) { measure(walk(rows, 128, 2, 7168, in_flight)); }
        }
        measure(walk(64, 128, 4, 7168, in_flight));
        Walk line = walk(128, 128, 1, 7168, in_flight);
        line.linear = true;
        measure(line);
    }
}

void pitches() {
    for (const int pitch : {1536, 2048, 4096, 8192, 14336, 16384, 18432, 32768}) {
        measure(walk(128, 128, 1, pitch, 128 * kKiB));
        Walk apart = walk(128, 128, 1, pitch, 128 * kKiB);
        apart.staggered = true;
        measure(apart);
    }
    for (const auto promotion :
         {CU_TENSOR_MAP_L2_PROMOTION_NONE, CU_TENSOR_MAP_L2_PROMOTION_L2_128B, CU_TENSOR_MAP_L2_PROMOTION_L2_256B}) {
        for (const int boxes : {1, 2}) { measure(walk(128, 128, boxes, 7168, 128 * kKiB), promotion); }
        measure(walk(128, 64, 1, 7168, 128 * kKiB), promotion);
        measure(walk(128, 128, 1, 18432, 128 * kKiB), promotion);
    }
}

void partitions() {
    for (const int sms : {16, 32, 64, 96, 112, 120, 128}) {
        for (const bool linear : {false, true}) {
            Walk w = walk(128, 128, 1, 7168, 128 * kKiB);
            w.sms = std::min(sms, sm_count()), w.linear = linear;
            measure(w);
        }
    }
}

// The other operand beside the weights, and whole products of one wave after a flush.
void products() {
    for (const int rows : {64, 128, 256}) {
        for (const int shared : {8, 32, 64, 128}) {
            Walk w = walk(rows, 128, 1, 7168, 0);
            w.shared_rows = w.valid_rows = shared, w.stages = stages_for(w, 192 * kKiB);
            measure(w);
        }
    }
    for (const int pitch : {2048, 7168, 16384, 18432}) {
        for (const int rows : {64, 112, 256}) {
            for (const int shared : {0, 64}) {
                Walk w = walk(rows, 128, 1, pitch, 0);
                w.shared_rows = w.valid_rows = shared, w.stages = stages_for(w, 192 * kKiB), w.panels = w.sms;
                measure(w);
            }
        }
    }
}

// Clusters that share the weights, beside rows of the other operand of which some do not exist; weights from HBM, and
// from L2 (panels of 24 MiB in all, walked twelve times).
void clusters() {
    for (const bool cached : {false, true}) {
        for (const int cluster : {1, 2, 4}) {
            for (const int rows : {128, 256}) {
                for (const auto& [shared, valid] :
                     {std::pair{0, 0}, {64, 64}, {64, 32}, {64, 0}, {128, 128}, {128, 64}}) {
                    Walk w = walk(rows, 128, 1, 7168, 0);
                    w.cluster = cluster, w.sms = cluster == 4 ? sm_count() - 12 : sm_count();
                    w.shared_rows = shared, w.valid_rows = valid, w.stages = stages_for(w, 192 * kKiB);
                    if (cached) {
                        w.set = static_cast<int>(24 * kMiB) / (rows * 7168), w.panels = w.sms / cluster * 12;
                    }
                    measure(w);
                }
            }
        }
    }
}

}  // namespace

void weights() {
    for (const auto kernel : {weight_stream<1>, weight_stream<2>, weight_stream<4>}) {
        more_shared_memory(reinterpret_cast<const void*>(kernel), kShared);
    }
    box_shapes();
    pitches();
    partitions();
    products();
    clusters();
}

}  // namespace micro
