#include "sim/app/measured/bandwidth.hpp"

#include "models/device/transfer_timer.hpp"
#include "sim/app/measured/case_checks.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera::measured {
namespace {

constexpr std::int64_t kVector = 16, kWarp = 32;
// Loads that skip L1 (ld.global.cg) of one SM: micro C.l2_read, one SM, up to 24 MiB: 91.2 to 94.9 B/clk.
constexpr double kCachedGlobal = 93.0;
constexpr std::int64_t kBoxRow = 128, kBox = 16384;  // 64 BF16 columns, 128 rows

TransferOp op_of(const JsonCursor& item, const std::string& mode) {
    if (mode == "read") { return TransferOp::read; }
    if (mode == "write") { return TransferOp::write; }
    if (mode == "copy") { return TransferOp::copy; }
    item.at("mode").fail("expected read, write or copy");
}

// How the program of the item moves its bytes: warps with `unroll` vectors a thread, or a ring of TMA stages.
void set_lanes(const JsonCursor& item, const std::string& method, TransferDesc& t) {
    if (method.rfind("tma", 0) == 0) {
        t.engine = TransferEngine::bulk;
        t.step = bytes(item.count_or("stage_bytes", kBox));
        t.lanes = static_cast<int>(std::clamp<std::int64_t>(item.count("stages"), 1, 1024));
        if (method.rfind("tma2d", 0) == 0) { t.run = bytes(kBoxRow); }
        return;
    }
    if (method.rfind("vec16", 0) != 0) { throw ModelError("a loop that moves bytes by \"" + method + "\""); }
    const std::int64_t threads = std::clamp<std::int64_t>(item.count_or("threads", 1024), kWarp, 1024);
    const std::int64_t unroll = std::clamp<std::int64_t>(item.count_or("unroll", 4), 1, 64);
    t.step = bytes(unroll * kVector * kWarp);
    t.lanes = static_cast<int>(threads / kWarp);
    t.batch = static_cast<int>(unroll);
}

// Rates of hits do not depend on which warp waits: eight lanes an SM stand for its warps.
void merge_lanes(TransferDesc& t) {
    constexpr int kEnough = 8;
    if (t.engine != TransferEngine::vector || t.lanes <= kEnough || t.lanes % kEnough != 0) { return; }
    t.step = t.step * (t.lanes / kEnough);
    t.lanes = kEnough;
}

TransferWalk walk_of(const JsonCursor& item) {
    const std::string pattern = item.text_or("pattern", "rotating");
    if (pattern == "rotating") { return TransferWalk::in_turn; }
    if (pattern == "fixed slice") { return TransferWalk::own_slice; }
    if (pattern == "all SMs read everything") { return TransferWalk::everything; }
    item.at("pattern").fail("expected rotating, fixed slice or all SMs read everything");
}

// SMs that share one set drift apart, pass by pass, until they find what others read before: only the whole run shows
// how far, where L2 holds most of the set but not all.
bool drifts(const TransferDesc& t, const SystemConfig& system) {
    const double share = to_double(t.region) / to_double(system.l2.capacity);
    return t.walk == TransferWalk::in_turn && t.op == TransferOp::read && t.region < t.moved && share > 0.6 &&
           share < 5;
}

void ask(Case& out, const TransferDesc& t, double moved) {
    out.probe = [t, moved](const SystemConfig& system, Frequency clock) {
        KernelContext context;
        context.sm_clock = clock;
        context.exact = drifts(t, system);
        return Prediction{moved / to_nanoseconds(time_transfer(system, t, context)), ""};
    };
}

// cudaMemcpyAsync, cudaMemsetAsync: a grid over the whole device, measured with events around it.
void driver_copy(const JsonCursor& item, Case& out) {
    TransferDesc t;
    const bool copy = item.text("what").find("Memcpy") != std::string::npos;
    t.op = copy ? TransferOp::copy : TransferOp::write;
    t.region = t.moved = bytes(item.count("bytes"));
    t.step = bytes(4 * kVector * kWarp);
    t.lanes = 32;
    const double moved = to_double(t.moved) * (copy ? 2.0 : 1.0);
    out.family = copy ? "hbm_copy" : "hbm_write";
    out.shape = {{"bytes", t.moved.raw()}};
    out.probe = [t, moved](const SystemConfig& system, Frequency clock) {
        TransferDesc all = t;
        all.blocks = system.sm.count;
        KernelContext context;
        context.sm_clock = clock;
        const Time around = system.launch.kernel_gap + system.launch.kernel_latency + system.launch.flush_all;
        return Prediction{moved / to_nanoseconds(time_transfer(system, all, context) + around), ""};
    };
}

}  // namespace

void read_bandwidth(const JsonCursor& item, Case& out) {
    const std::string id = item.text("id");
    const bool hbm = id.rfind("B.", 0) == 0;
    const bool writes = id == "C.l2_write" || id == "C.capacity_write";
    const std::string mode = hbm ? item.text_or("mode", "copy") : (writes ? "write" : "read");
    out.family = id.rfind("C.capacity", 0) == 0 ? "l2_capacity" : (hbm ? "hbm_" : "l2_") + mode;
    out.variant = item.text_or("method", "driver");
    out.unit = "GB/s";
    out.measured = item.at("GBps").positive("med");
    out.clock = item.has("sm_ghz") ? clock_in_ghz(item.at("sm_ghz")) : megahertz(1980);
    if (id == "B.driver_copy") { return driver_copy(item, out); }
    TransferDesc t;
    t.op = op_of(item, mode);
    t.blocks = sms_of(item.at("sms"));
    set_lanes(item, out.variant, t);
    const std::string placement = item.text_or("placement", "hardware order");
    t.place = placement == "hardware order" ? TransferPlace::as_launched : TransferPlace::balanced;
    const double ways = t.op == TransferOp::copy ? 2.0 : 1.0;
    if (out.measured * item.at("ns").positive("med") > 1e12) { item.at("ns").fail("more bytes than a GPU moves"); }
    if (hbm) {
        t.region = t.moved = bytes(item.count("bytes"));
    } else {
        t.walk = walk_of(item);
        t.region = bytes(item.count("working_set"));
        t.held = true;
        // The rings of C and D count their own bytes; so do the passes of the warps.
        const auto moved = static_cast<std::int64_t>(out.measured * item.at("ns").positive("med"));
        const std::int64_t passes = item.count_or("passes", 0);
        const std::int64_t each = t.walk == TransferWalk::everything ? t.blocks : 1;
        t.moved = bytes(passes > 0 ? passes * t.region.raw() * each : moved);
        merge_lanes(t);
        if (!writes && t.engine == TransferEngine::vector) { t.path = bytes_per_cycle(kCachedGlobal); }
    }
    out.shape = {{"sms", t.blocks}, {"lanes", t.lanes}, {"step_bytes", t.step.raw()}, {"bytes", t.region.raw()}};
    ask(out, t, ways * to_double(t.moved));
}

}  // namespace tessera::measured
