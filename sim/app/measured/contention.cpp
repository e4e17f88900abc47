// Section H of the microbenchmarks: roles by SM, and the driver's copies beside a kernel.
#include "models/device/device.hpp"
#include "models/power/energy.hpp"
#include "sim/app/measured/beside.hpp"
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/micro.hpp"
#include "sim/base/error.hpp"
#include "sim/ir/stream_kernels.hpp"
#include "sim/replay/demand.hpp"

#include <algorithm>
#include <map>

namespace tessera::measured {
namespace {

// What the program (sec_h.cu) runs on one SM: 384 threads, one thread block.
struct Role {
    bool write = false;          // memory roles: a copy, else a read
    double bytes_in_flight = 0;  // of loads; memory roles
    double cuda_per_kblock = 0;  // compute roles: thread instructions a k-block of 128 x 128 x 128
    bool fed = false;            // compute roles: operands arrive by TMA
    bool compute = false;
    bool vectors = false;
};

constexpr double kRing = 8 * 16384;          // bytes of the TMA rings of the memory roles
constexpr double kStages = 6 * 32768;        // and of the main loop's
constexpr double kAccumulators = 128 * 128;  // of a tile: one instruction each to promote (models/sm, promotion)
constexpr double kKblockFlops = 2.0 * 128 * 128 * 128;
constexpr double kOperands = 2 * 128 * 128;               // bytes of a k-block's panels
constexpr double kSmemReads = 128 * 128 + 2 * 128 * 128;  // A once, B once per warpgroup of 64 rows
constexpr double kSlowest = 1e6;                          // cycles of a k-block
constexpr double kLongest = 1e6;                          // milliseconds
constexpr int kThreads = 384;
constexpr int kSteps = 64;  // of a simulated memory role

const std::map<std::string, Role>& roles() {
    static const std::map<std::string, Role> all = {
        {"copy (TMA)", {true, kRing, 0, false, false, false}},
        {"read (TMA)", {false, kRing, 0, false, false, false}},
        {"copy (16 B vectors)", {true, kThreads * 16.0 * 4, 0, false, false, true}},
        {"read (16 B vectors)", {false, kThreads * 16.0 * 8, 0, false, false, true}},
        {"fp8 main loop, TMA-fed, with promotion", {false, kStages, kAccumulators, true, true, false}},
        {"fp8 main loop, TMA-fed, no promotion", {false, kStages, 0, true, true, false}},
        {"wgmma only, operands in shared memory", {false, 0, 0, false, true, false}}};
    return all;
}

Role role_of(const JsonCursor& name) {
    const auto found = roles().find(name.text());
    if (found == roles().end()) { name.fail("no such role"); }
    return found->second;
}

Side memory_side(const Role& role, int sms, const SystemConfig& system) {
    const auto in_flight = static_cast<std::int64_t>(role.bytes_in_flight);
    const std::int64_t elements = in_flight / 4 * sms * kSteps;
    StreamDesc d = stream_kernels::elementwise(1, elements, 1, DType::int32, DType::int32);
    if (!role.write) { d.writes = {d.reads.front()}, d.writes.front().cols = sms; }
    stream_kernels::Geometry g;
    g.tile_rows = 1;
    g.tile_cols = in_flight / 4;
    g.threads = role.vectors ? kThreads : 1024;
    g.max_ctas = sms;
    g.load_bytes_in_flight = bytes(in_flight / g.threads);
    KernelContext context;
    context.sms = sms;
    context.sm_clock = system.power.max_clock;
    DeviceTimer timer(system);
    Side side;
    side.work = timer.time(stream_kernels::with_geometry(d, g), context);
    side.at = context.sm_clock;
    side.weight = weight_of(kRing * sms, system);
    return side;
}

// Slices of the L2 serve a line once to all SMs that want it at the same moment (H200 micro C.broadcast_read: 65 B per
// clock and SM, against 36 of lines of one's own). Loops that take all the Tensor Cores give run in step; what they
// are delivered beyond the L2's own rate they share: rows and columns of the tiles in work.
double slice_bytes(double delivered_rate, int sms, int tile_rows, double kblocks, const SystemConfig& system) {
    const double delivered = kblocks * kOperands * sms;
    if (delivered_rate <= system.l2.bandwidth.raw()) { return delivered; }
    const int rows = std::min(sms, tile_rows), cols = (sms + rows - 1) / rows;
    return kblocks * (rows + cols) * kOperands / 2;
}

Side compute_side(const Role& role, int sms, double cycles_per_kblock, int tile_rows, const SystemConfig& system) {
    constexpr double kblocks = 4096;
    Side side;
    side.at = system.power.tensor_max_clock;
    EnergyWork work;
    work.tensor_fp8 = flops(kblocks * kKblockFlops * sms);
    work.cuda_ops = kblocks * role.cuda_per_kblock * sms;
    const double filled = role.fed ? kOperands : 0;
    work.traffic.smem = bytes(static_cast<std::int64_t>(kblocks * (kSmemReads + filled) * sms));
    work.traffic.l2_read = bytes(static_cast<std::int64_t>(kblocks * filled * sms));
    KernelResult& r = side.work;
    r.time = cycles(kblocks * cycles_per_kblock) / side.at;
    r.energy = energy_of(work, system.power, side.at);
    r.tensor_busy = r.time;
    r.sms = sms;
    side.weight = sms;
    if (role.fed) {
        const double rate = kOperands / cycles_per_kblock * sms;
        const double l2 = slice_bytes(rate, sms, tile_rows, kblocks, system);
        r.traffic.l2_read = bytes(static_cast<std::int64_t>(l2));
        side.weight = weight_of(role.bytes_in_flight * sms, system);
    }
    return side;
}

struct Partner {
    Role role;
    int sms = 0;
    double cycles_per_kblock = 0;  // of a compute role alone: the loop's own pace, which the item states
    int tile_rows = 32;
    Side side(const SystemConfig& system) const {
        return role.compute ? compute_side(role, sms, cycles_per_kblock, tile_rows, system)
                            : memory_side(role, sms, system);
    }
};

int tile_rows_of(const JsonCursor& item) {
    const std::string shape = item.text_or("gemm_shape", "");
    const int rows = shape.empty() ? 4096 : std::atoi(shape.c_str());
    return std::clamp(rows / 128, 1, 1 << 16);
}

Partner partner(const JsonCursor& item, const std::string& who) {
    Partner p;
    p.role = role_of(item.at(who));
    p.sms = sms_of(item.at(who + "_sms"));
    p.tile_rows = tile_rows_of(item);
    if (p.role.compute) {
        p.cycles_per_kblock = positive_up_to(item.at(who + "_alone_cycles_per_kblock").at("med"), kSlowest);
    }
    return p;
}

std::string word(int bound_by) {
    return bound_by < 0 ? "clock" : std::string(to_string(static_cast<SharedResource>(bound_by)));
}

void pair(const JsonCursor& item, Case& out, std::size_t asked) {
    const std::array<Partner, 2> both = {partner(item, "a"), partner(item, "b")};
    const std::string who = asked == 0 ? "a" : "b", other = asked == 0 ? "b" : "a";
    const std::string unit = both[asked].role.compute ? "_TFLOPs" : "_GBps";
    out.variant = item.text(who) + " beside " + item.text(other);
    out.shape = {{"sms", both[asked].sms}, {"other_sms", both[1 - asked].sms}};
    out.unit = "ratio";
    out.judged = Judged::by_difference;
    out.measured = item.at(who + "_both" + unit).positive("med") / item.at(who + "_alone" + unit).positive("med");
    out.clock = clock_in_ghz(item.at(who + "_both_sm_ghz"));
    const Time window = milliseconds(positive_up_to(item.at("window_ms"), kLongest));
    out.probe = [both, asked, window](const SystemConfig& system, Frequency) {
        const Beside b = beside(both[0].side(system), both[1].side(system), system, window);
        return Prediction{b.progress[asked], word(b.bound_by)};
    };
}

// The driver's copy, as fast as the model's copy on every SM; it holds no SM, and keeps as much in flight as Little's
// law asks of its rate alone.
Side driver_copy(const SystemConfig& system) {
    Side side = memory_side(roles().at("copy (16 B vectors)"), system.sm.count, system);
    side.work.clock_bound = 0;
    side.weight = weight_of(
        to_double(side.work.traffic.hbm()) / to_seconds(side.work.time) * to_seconds(system.hbm.latency), system);
    return side;
}

struct Copies {
    Partner kernel;
    Time window{};  // of the kernel
    Time lead{};    // by which it starts before the copies
    double bytes = 0;
};

// Copies beside the kernel until it ends, then alone: how long they take, relative to alone.
Prediction copy_progress(const Copies& c, const SystemConfig& system, bool of_kernel) {
    const Side copy = driver_copy(system);
    const Beside b = beside(c.kernel.side(system), copy, system, c.window);
    const double alone = 2 * c.bytes * to_seconds(copy.work.time) / to_double(copy.work.traffic.hbm());
    const double together = to_seconds(c.window - c.lead), work = alone / b.progress[1];
    if (of_kernel) {
        const double share = std::min(1.0, work / to_seconds(c.window));
        return {1 + share * (b.progress[0] - 1), word(b.bound_by)};
    }
    const double took = work <= together ? work : together + (alone - together * b.progress[1]);
    return {alone / took, word(b.bound_by)};
}

void memcpy_beside(const JsonCursor& item, Case& out, bool of_kernel) {
    Copies c;
    c.kernel.role = role_of(item.at("kernel"));
    if (!c.kernel.role.compute) { item.at("kernel").fail("expected a compute role"); }
    c.kernel.sms = sms_of(item.at("kernel_sms"));
    c.window = milliseconds(positive_up_to(item.at("kernel_window_ms"), kLongest));
    c.lead = milliseconds(1.5);
    c.bytes = positive_up_to(item.at("copies"), 1e6) * positive_up_to(item.at("copy_bytes"), 1e12);
    const double tflops = item.at("kernel_alone_TFLOPs").positive("med");
    const double ghz = item.at("kernel_alone_sm_ghz").positive("med");
    c.kernel.cycles_per_kblock = kKblockFlops * c.kernel.sms * ghz * 1e9 / (tflops * 1e12);
    if (c.kernel.cycles_per_kblock > kSlowest) { item.at("kernel_alone_TFLOPs").fail("slower than any kernel"); }
    out.variant = of_kernel ? item.text("kernel") + " beside the driver's copies"
                            : "the driver's copies beside " + item.text("kernel");
    out.shape = {{"kernel_sms", c.kernel.sms}};
    out.unit = "ratio";
    out.judged = Judged::by_difference;
    out.clock = clock_in_ghz(item.at("kernel_both_sm_ghz"));
    out.measured = of_kernel ? item.at("kernel_both_TFLOPs").positive("med") / tflops
                             : item.at("copy_both_GBps").positive("med") / item.at("copy_alone_GBps").positive("med");
    out.probe = [c, of_kernel](const SystemConfig& system, Frequency) { return copy_progress(c, system, of_kernel); };
}

}  // namespace

std::vector<MicroQuantity> contention_quantities(const std::string& id) {
    if (id == "H.pair") {
        return {{"", [](const JsonCursor& item, Case& out) { pair(item, out, 0); }},
                {"", [](const JsonCursor& item, Case& out) { pair(item, out, 1); }}};
    }
    if (id == "H.memcpy_beside") {
        return {{"", [](const JsonCursor& item, Case& out) { memcpy_beside(item, out, true); }},
                {"", [](const JsonCursor& item, Case& out) { memcpy_beside(item, out, false); }}};
    }
    return {};
}

}  // namespace tessera::measured
