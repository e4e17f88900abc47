// The memory side of a GEMM: regions, loads of operand tiles, stores of output tiles.
#include "models/sm/gemm_program.hpp"

#include <algorithm>

namespace tessera {

namespace {

constexpr std::int64_t box_bytes = 128;  // of a row: what the 128-byte swizzle allows

// Rows of an operand's boxes that lie or reach outside the tensor: of `rows` rows of `run` bytes, `valid_rows` and
// `valid_run` exist.
double outside_rows(std::int64_t rows, std::int64_t run, std::int64_t valid_rows, std::int64_t valid_run) {
    const std::int64_t across = (run + box_bytes - 1) / box_bytes;
    const std::int64_t whole = valid_run >= run ? across : valid_run / box_bytes;
    return static_cast<double>(rows * across - valid_rows * whole);
}

}  // namespace

void GemmProgram::map_operands() {
    const Bytes line = units_.config.l2.line;
    const auto region = [](std::int64_t blocks, Bytes block, std::int64_t run, std::int64_t row, const Operand& o) {
        MemoryRegion r;
        r.blocks = blocks;
        r.block_bytes = block;
        r.run = bytes(run);
        r.pitch = storage(o.dtype, row);
        r.paired = true;  // the libraries' tensor maps promote to 256 bytes, a k-block's row is one line
        r.l2_resident = o.cast_by_memory ? 0.0 : o.l2_resident;
        r.near_memory_ratio = o.near_memory_ratio;
        r.core_ratio = o.core_ratio();
        return r;
    };
    const std::int64_t groups = gemm_.groups();
    const bool by_k = gemm_.form == GemmForm::grouped_k;
    const std::int64_t a_blocks = schedule_.row_tiles() * schedule_.kblocks();
    const std::int64_t b_groups = gemm_.form == GemmForm::dense || by_k ? 1 : groups;
    const std::int64_t b_blocks = b_groups * schedule_.column_tiles() * schedule_.kblocks();
    const std::int64_t d_blocks = schedule_.row_tiles() * schedule_.column_tiles() * (by_k ? groups : 1);
    const auto run_of = [&](bool k_major, int extent, DType t, bool cast) {
        return storage(cast ? DType::bf16 : t, k_major ? plan_.bk : extent).raw();
    };
    const auto operand = [&](std::int64_t blocks, Bytes block, bool k_major, int extent, std::int64_t across, bool cast,
                             const Operand& o) {
        MemoryRegion r = region(blocks, block, run_of(k_major, extent, o.dtype, cast), k_major ? gemm_.k : across, o);
        if (k_major && r.run <= line) { r.pair_row = schedule_.kblocks(); }
        return units_.memory.map(r);
    };
    a_ = operand(a_blocks, plan_.a_bytes, gemm_.a_k_major, plan_.bm, gemm_.m, gemm_.fused_cast_a, gemm_.a);
    b_ = operand(b_blocks, plan_.b_bytes, gemm_.b_k_major, plan_.bn, gemm_.n, gemm_.fused_cast_b, gemm_.b);
    MemoryRegion d = region(d_blocks, plan_.d_bytes, storage(gemm_.d.dtype, plan_.bn).raw(), gemm_.n, gemm_.d);
    d.store_request = units_.config.l2.line / plan_.d_lines;
    d_ = units_.memory.map(d);
}

double GemmProgram::row_share(const ClusterTile& t, int part) const {
    const std::int64_t rows = std::min<std::int64_t>(plan_.bm, t.rows_left - t.down(part) * plan_.bm);
    return static_cast<double>(rows) / plan_.bm;
}

double GemmProgram::column_share(const ClusterTile& t, int part) const {
    const std::int64_t cols = std::min<std::int64_t>(plan_.bn, t.cols_left - t.right(part) * plan_.bn);
    return static_cast<double>(cols) / plan_.bn;
}

MemoryRequest GemmProgram::a_request(const Worker& w, const ClusterTile& t, std::int64_t kblock, int part) const {
    MemoryRequest q;
    q.sm = w.sm + part;
    q.region = a_;
    q.block = (t.a_row_tile + t.down(part)) * schedule_.kblocks() + t.k_first + kblock;
    q.bytes = plan_.a_bytes * (row_share(t, part) * static_cast<double>(kblock_length(t, kblock)) / plan_.bk);
    q.multicast = t.a_shared() ? t.cols : 1;
    return q;
}

MemoryRequest GemmProgram::b_request(const Worker& w, const ClusterTile& t, std::int64_t kblock, int part) const {
    MemoryRequest q;
    q.sm = w.sm + (t.b_shared() ? static_cast<int>(t.right(part)) * t.rows : part);
    q.region = b_;
    const bool own = gemm_.form == GemmForm::grouped_m || gemm_.form == GemmForm::masked_m;
    const std::int64_t column = (own ? t.group * schedule_.column_tiles() : 0) + t.n_tile + t.right(part);
    q.block = column * schedule_.kblocks() + t.k_first + kblock;
    q.bytes = plan_.b_bytes * (column_share(t, part) * static_cast<double>(kblock_length(t, kblock)) / plan_.bk);
    q.multicast = t.b_shared() ? t.rows : 1;
    return q;
}

double GemmProgram::outside_a(const ClusterTile& t, std::int64_t kblock, std::int64_t down) const {
    const std::int64_t rows = std::clamp<std::int64_t>(t.rows_left - down * plan_.bm, 0, plan_.bm);
    const std::int64_t k = kblock_length(t, kblock);
    const DType stored = gemm_.fused_cast_a ? DType::bf16 : gemm_.a.dtype;
    const auto size = [&](std::int64_t n) { return storage(stored, n).raw(); };
    return gemm_.a_k_major ? outside_rows(plan_.bm, size(plan_.bk), rows, size(k))
                           : outside_rows(plan_.bk, size(plan_.bm), k, size(rows));
}

double GemmProgram::outside_b(const ClusterTile& t, std::int64_t kblock, std::int64_t right) const {
    const std::int64_t cols = std::clamp<std::int64_t>(t.cols_left - right * plan_.bn, 0, plan_.bn);
    const std::int64_t k = kblock_length(t, kblock);
    const DType stored = gemm_.fused_cast_b ? DType::bf16 : gemm_.b.dtype;
    const auto size = [&](std::int64_t n) { return storage(stored, n).raw(); };
    return gemm_.b_k_major ? outside_rows(plan_.bn, size(plan_.bk), cols, size(k))
                           : outside_rows(plan_.bk, size(plan_.bn), k, size(cols));
}

MemoryRequest GemmProgram::d_request(const Worker& w, const ClusterTile& t, int part) const {
    MemoryRequest q;
    q.sm = w.sm + part;
    q.op = gemm_.accumulate ? MemoryOp::reduce : MemoryOp::write;
    q.region = d_;
    const std::int64_t group_rows = gemm_.form == GemmForm::grouped_k ? t.group * schedule_.row_tiles() : 0;
    const std::int64_t row = group_rows + t.a_row_tile + t.down(part);
    q.block = row * schedule_.column_tiles() + t.n_tile + t.right(part);
    q.bytes = plan_.d_bytes * (row_share(t, part) * column_share(t, part));
    return q;
}

void GemmProgram::load(Worker& w, Time now) {
    const ClusterTile& t = w.fill.tile;
    const std::int64_t kb = w.fill.kblock;
    Time arrival = now, issued = now;
    const auto copy = [&](const MemoryRequest& q, bool cast, int descriptors, double lines) {
        TmaCopy c;
        c.memory = q;
        c.cast = cast;
        c.descriptors = descriptors;
        c.lines = lines;
        const TmaReply r = units_.tma.load(c, now);
        arrival = max(arrival, r.done);
        fetched_ += r.from_hbm;
        issued = max(issued, r.issued);
    };
    const int scale_copies = plan_.load_descriptors - 2;
    // The blocks of a padded cluster beyond the edge load their tiles as well.
    double beyond_a = 0, beyond_b = 0;
    for (int r = t.rows; plan_.padded && r < plan_.cluster_m; ++r) { beyond_a += outside_a(t, kb, r); }
    for (int c = t.cols; plan_.padded && c < plan_.cluster_n; ++c) { beyond_b += outside_b(t, kb, c); }
    for (int i = 0; i < t.a_loads(); ++i) {
        MemoryRequest q = a_request(w, t, kb, t.a_part(i));
        q.outside = outside_a(t, kb, t.down(t.a_part(i))) + (i == 0 ? beyond_a : 0);
        copy(q, gemm_.fused_cast_a, 1 + std::min(scale_copies, 1), plan_.a_lines);
    }
    for (int i = 0; i < t.b_loads(); ++i) {
        MemoryRequest q = b_request(w, t, kb, t.b_part(i));
        q.outside = outside_b(t, kb, t.right(t.b_part(i))) + (i == 0 ? beyond_b : 0);
        copy(q, gemm_.fused_cast_b, 1 + std::max(scale_copies - 1, 0), plan_.b_lines);
    }
    // One mbarrier operation to find the stage empty, one to announce its bytes.
    w.producer_free = issued + scope_.clock.time(2 * units_.config.sm.smem.latency.raw());
    w.full[w.fill_stage] = arrival;
    w.fill_stage = (w.fill_stage + 1) % w.full.size();
    advance(w, w.fill);
    if (w.fill.kblock == 0) { w.producer_free += between_tiles(w); }
}

// Stores a share of each tile of the cluster; answers when shared memory has been read.
Time GemmProgram::store_share(Worker& w, std::int64_t iteration, double share, Time now) {
    const ClusterTile tile = schedule_.tile(iteration);
    Time read = now;
    for (int i = 0; i < tile.tiles(); ++i) {
        TmaCopy c;
        c.memory = d_request(w, tile, i);
        c.memory.bytes = c.memory.bytes * share;
        const TmaReply r = units_.tma.store(c, now);
        const Time taken = max(r.source_free, r.done - scope_.clock.time(units_.config.l2.latency_near));
        finish_ = max(finish_, taken);
        settled_ = max(settled_, r.settled);
        read = max(read, taken);
    }
    return read;
}

void GemmProgram::store(Worker& w, std::int64_t iteration, Time now) {
    w.store_free = max(w.store_free, store_share(w, iteration, 1.0, now));
    units_.wheel.watchdog().progress();
}

}  // namespace tessera
