#include "models/sm/stream_plan.hpp"

#include "models/sm/cuda_cores.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

constexpr int kMaxRounds = 64;         // longer tiles load more per round
constexpr double kMinorShare = 0.1;    // operands below this share of the bytes are read with the first round
constexpr double kBarrierBase = 27.0;  // __syncthreads of one warp, minus its slope (micro G.barrier)
constexpr double kBarrierPerWarp = 1.9;
constexpr double kShuffleTree = 125.0;        // four dependent shuffle + max steps (micro F.alu shfl_then_fmax)
constexpr double kInstructionsPerLine = 8.0;  // 16 bytes each, 128-byte lines

std::int64_t iteration_bytes(const StreamDesc& d, const Operand& o) {
    const std::int64_t walked = storage(o.dtype, d.rows * d.cols).raw();
    return o.access == Access::gathered ? std::max(o.size().raw(), walked) : o.size().raw();
}

CudaWork element_work(const StreamDesc& d, const CudaCoreConfig& cuda) {
    CudaWork w;
    w.alu = d.alu_per_element;
    w.convert = d.cvt_per_element;
    w.sfu = d.sfu_per_element;
    if (d.warp_cast) {
        if (!cuda.warp_cast) { throw ModelError("the kernel uses a warp-level cast that this SM does not have"); }
        w.alu = std::max(0.0, w.alu - d.cast_alu_per_element);
        w.convert = 0;
        w.cast = 1;
    }
    return w;
}

void add_operands(StreamPlan& p, const StreamDesc& d) {
    double read_total = 0;
    for (const Operand& o : d.reads) { read_total += static_cast<double>(iteration_bytes(d, o)); }
    const double unit_tiles = static_cast<double>(p.grid.tiles) * p.parts;
    const auto add = [&](const Operand& o, bool write) {
        StreamOperandPlan q;
        q.operand = o;
        q.write = write;
        q.once_per_sm = !write && o.access == Access::broadcast;
        q.total = iteration_bytes(d, o);
        q.source = o.size().raw();
        q.bytes_per_unit = static_cast<double>(q.total) / unit_tiles;
        const bool major = write || static_cast<double>(q.total) >= kMinorShare * read_total;
        q.every_round = major && !q.once_per_sm && !(write && p.tile_wide);
        p.operands.push_back(q);
    };
    for (const Operand& o : d.reads) { add(o, false); }
    for (const Operand& o : d.writes) { add(o, true); }
}

int load_rounds(const StreamPlan& p, const StreamDesc& d) {
    double bytes = 0;
    for (const StreamOperandPlan& o : p.operands) {
        if (!o.write && o.every_round) { bytes += o.bytes_per_unit; }
    }
    if (d.load_bytes_in_flight.raw() <= 0) { return 1; }
    const double in_flight = to_double(d.load_bytes_in_flight) * d.threads / p.parts;
    return std::clamp(static_cast<int>(std::ceil(bytes / in_flight - 1e-9)), 1, kMaxRounds);
}

// Warps that meet at barriers use one unit after the other, all at once: the block is the customer. Else each warp.
void share_sm(StreamPlan& p, const StreamDesc& d, const SystemConfig& system, int together) {
    const CudaCoreConfig& cuda = system.sm.cuda;
    const double block_warps = std::max(1.0, d.threads / 32.0);
    const double elements = p.elements_per_unit * p.parts / block_warps;  // of a warp
    CudaWork w = p.work_per_element;
    w.alu *= elements;
    w.convert *= elements;
    w.sfu *= elements;
    const double issue = issue_cycles(w, cuda) * cuda.issue_slots;
    const double data = d.smem_bytes_per_element * elements * d.smem_conflict / system.sm.smem.bandwidth.raw();
    const bool meets = d.sync_steps > 1;
    const double share = std::max(1.0, block_warps / cuda.issue_slots);
    const int schedulers = static_cast<int>(std::lround(cuda.issue_slots));
    p.warp_cycles = d.warp_cycles;
    p.sync_cycles = 0;
    p.customers_per_block = meets ? 1.0 : block_warps;
    p.pass.schedulers = meets ? 1 : schedulers;
    p.pass.issue = meets ? issue * share : issue;
    p.pass.data = meets ? data * block_warps : data;
    const double pipes = p.pass.issue + p.pass.data;
    const bool measured = meets && d.block_cycles > 0;
    // Warps of one block use different pipes at a time: alone on its SM it may take less than one pipe after the other.
    const double least = measured && together == 1 ? std::max(p.pass.issue, p.pass.data) : pipes;
    p.pass.waiting = std::max(measured ? d.block_cycles : d.warp_cycles, least) - pipes;
}

}  // namespace

double sync_step_cycles(int threads) {
    const int warps = (threads + 31) / 32;
    return std::max(kShuffleTree, kBarrierBase + kBarrierPerWarp * warps);
}

double closed_network_cycles(double customers, const SmPass& pass) {
    const double servers = std::max(1, pass.schedulers);
    const double issue = pass.issue / servers, delay = pass.waiting + pass.issue - issue;
    double issuing = 0, moving = 0, cycle = 0;  // customers at each queue; time from pass to pass
    double issue_busy = 0, data_busy = 0;       // share of time
    const auto n = static_cast<int>(std::ceil(std::max(1.0, customers) - 1e-9));
    for (int i = 1; i <= n; ++i) {
        // Who arrives finds the one in service half done: a pass takes the same time every time.
        const double at_issue = issue * (1.0 + issuing - issue_busy / 2.0);
        const double at_data = pass.data * (1.0 + moving - data_busy / 2.0);
        cycle = delay + at_issue + at_data;
        if (cycle <= 0) { return 0; }
        issuing = i * at_issue / cycle;
        moving = i * at_data / cycle;
        issue_busy = std::min(1.0, i * issue / cycle);
        data_busy = std::min(1.0, i * pass.data / cycle);
    }
    return std::max(cycle, customers * std::max(issue, pass.data));
}

double StreamPlan::active(std::int64_t first, std::int64_t n, std::int64_t loop) const {
    if (!grid.persistent) { return static_cast<double>(n); }
    // Block c takes tiles c, c + ctas, ...: the first `longer` blocks take one more than the others.
    const std::int64_t base = grid.tiles / grid.ctas, longer = grid.tiles % grid.ctas * parts;
    if (loop < base) { return static_cast<double>(n); }
    return loop == base ? static_cast<double>(std::clamp<std::int64_t>(longer - first, 0, n)) : 0.0;
}

std::int64_t StreamPlan::loops(std::int64_t first) const {
    if (!grid.persistent) { return 1; }
    return grid.tiles / grid.ctas + (first < grid.tiles % grid.ctas * parts ? 1 : 0);
}

StreamPlan plan_stream(const StreamDesc& d, const SystemConfig& system, int sms) {
    StreamPlan p;
    p.grid = stream_grid(d);
    p.resident = resident_ctas(d, system.sm);
    p.tile_wide = d.smem_bytes_per_element > 0;
    const std::int64_t per_sm = (p.grid.ctas + sms - 1) / sms;
    const int together = static_cast<int>(std::min<std::int64_t>(p.resident, per_sm));
    // Threads of a block that only meet within warps drift apart: cut the block.
    const int warps = std::max(1, d.threads / 32);
    if (!p.tile_wide && d.sync_steps <= 1 && together < kLanes) {
        p.parts = std::min(warps, (kLanes + together - 1) / together);
    }
    p.units = p.grid.ctas * p.parts;
    p.lanes = std::min(kLanes, together * p.parts);
    p.units_per_lane = (static_cast<std::int64_t>(p.resident) * p.parts + p.lanes - 1) / p.lanes;
    p.elements_per_unit =
        static_cast<double>(d.rows) * static_cast<double>(d.cols) / (static_cast<double>(p.grid.tiles) * p.parts);
    p.work_per_element = element_work(d, system.sm.cuda);
    add_operands(p, d);
    p.rounds = load_rounds(p, d);
    p.sync_cycles = d.sync_steps * sync_step_cycles(d.threads);
    if (d.warp_cycles > 0) { share_sm(p, d, system, together); }
    p.meets_once = d.kind == StreamKind::reduce;
    p.code_fetch_cycles = d.code_instructions / kInstructionsPerLine * system.sm.code_line_fetch.raw();
    p.waves = waves(p.grid.ctas, p.resident, sms);
    return p;
}

}  // namespace tessera
