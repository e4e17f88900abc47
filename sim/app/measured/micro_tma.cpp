#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/micro.hpp"

#include "models/device/probes.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <regex>

namespace tessera::measured {
namespace {

constexpr int kLine = 128;
// Division and remainder of the tile's number by that of tiles in a row, between the clock and the first instruction:
// D.tensor_load_latency issue_cycles 163, D.burst (constant coordinates) 99.
constexpr double kTileArithmetic = 64;
// A timed store starts from rest, between two clock reads: D.store_latency, bulk store of 1 KiB, 100 cycles, less 1024
// B at 32 B/clk and store_overhead.
constexpr double kTimedStore = 49;
constexpr std::int64_t kPitch = 8192;  // of the rows that boxes are cut from

struct Box {
    std::int64_t rows = 0, row_bytes = 0, copies = 1;
    std::int64_t bytes() const { return rows * row_bytes; }
    int requests() const { return static_cast<int>(rows * ((row_bytes + kLine - 1) / kLine)); }
};

// "fp8 64x64", "fp8 128x64 (128 rows, 64 B)", "bf16 128x128 as 2 swizzled boxes": type, rows x columns, or the rows and
// row bytes in brackets; several boxes halve the columns.
Box box_of(const JsonCursor& at) {
    static const std::regex whole(R"((fp8|bf16) (\d{1,4})x(\d{1,4})(?: \((\d{1,4}) rows, (\d{1,4}) B\))?.*)");
    const std::string name = at.text();
    std::smatch m;
    if (!std::regex_match(name, m, whole)) { at.fail("expected a box such as \"bf16 128x64 (128 rows, 128 B)\""); }
    Box b;
    const std::int64_t element = m[1] == "bf16" ? 2 : 1;
    b.rows = std::stoll(m[m[4].matched ? 4 : 2]);
    b.row_bytes = m[5].matched ? std::stoll(m[5]) : std::stoll(m[3]) * element;
    static const std::regex several(R"(.*as (\d) (?:swizzled )?boxes.*)");
    std::smatch n;
    if (std::regex_match(name, n, several)) {
        b.copies = std::max<std::int64_t>(1, std::stoll(n[1]));
        b.row_bytes /= b.copies;
    }
    if (b.rows < 1 || b.row_bytes < 1 || b.bytes() > 128 * 1024) { at.fail("not a box that shared memory holds"); }
    return b;
}

TmaLoop loop_of(const Box& b, std::int64_t set_bytes) {
    TmaLoop loop;
    loop.copy_bytes = b.bytes();
    loop.copies = static_cast<int>(b.copies);
    loop.requests = b.requests();
    loop.run = b.row_bytes;
    loop.far_rows = true;
    loop.set_chunks = std::max<std::int64_t>(1, set_bytes / (b.bytes() * b.copies));
    return loop;
}

bool from_l2(const JsonCursor& item) { return item.text("from").rfind("L2", 0) == 0; }

Prediction cycles_each(const TmaLoop& loop, int sms, const SystemConfig& system, Frequency clock, double more = 0) {
    return {probe_cycles(system, clock, loop, sms) / loop.iterations + more, loop.in_l2 ? "l2" : "hbm"};
}

void time_alone(TmaLoop& loop) {
    loop.timed_alone = true;
    loop.iterations = 64;
    loop.set_chunks = loop.iterations;
}

void in_cycles(const JsonCursor& item, const char* key, Case& out) {
    out.unit = "cycles";
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    out.measured = item.at(key).positive("med");
}

void tensor_latency(const JsonCursor& item, Case& out) {
    const Box b = box_of(item.at("box"));
    TmaLoop loop = loop_of(b, 0);
    loop.in_l2 = from_l2(item);
    time_alone(loop);
    in_cycles(item, "cycles", out);
    out.variant = item.text("box") + ", " + item.text("from");
    out.shape = {{"bytes", b.bytes() * b.copies}, {"rows", b.rows}};
    out.probe = [loop](const SystemConfig& s, Frequency f) { return cycles_each(loop, 1, s, f, kTileArithmetic); };
}

TmaLoop bulk_loop(std::int64_t size) {
    TmaLoop loop;
    loop.copy_bytes = size;
    loop.requests = static_cast<int>((size + kLine - 1) / kLine);
    return loop;
}

std::int64_t copy_bytes(const JsonCursor& item, const char* key) {
    const std::int64_t size = item.count(key);
    if (size > 200 * 1024) { item.at(key).fail("more than shared memory holds"); }
    return size;
}

void bulk_latency(const JsonCursor& item, Case& out) {
    TmaLoop loop = bulk_loop(copy_bytes(item, "bytes"));
    loop.in_l2 = from_l2(item);
    time_alone(loop);
    in_cycles(item, "cycles", out);
    out.variant = item.text("from");
    out.shape = {{"bytes", loop.copy_bytes}};
    out.probe = [loop](const SystemConfig& s, Frequency f) { return cycles_each(loop, 1, s, f); };
}

TmaLoop burst_loop(const JsonCursor& item, Case& out) {
    const Box b = box_of(item.at("box"));
    TmaLoop loop = loop_of(b, 0);
    loop.copies = static_cast<int>(std::min<std::int64_t>(item.count("n"), 64));
    time_alone(loop);
    out.variant = item.text("box");
    out.shape = {{"bytes", b.bytes()}, {"n", loop.copies}};
    return loop;
}

void burst(const JsonCursor& item, Case& out) {
    const TmaLoop loop = burst_loop(item, out);
    in_cycles(item, "cycles", out);
    out.probe = [loop](const SystemConfig& s, Frequency f) { return cycles_each(loop, 1, s, f); };
}

void in_rate(const JsonCursor& item, const char* key, Case& out) {
    out.unit = "B/clk";
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    out.measured = item.at(key).positive("med");
}

Prediction rate_of(const TmaLoop& loop, int sms, const SystemConfig& s, Frequency f) {
    const double moved = static_cast<double>(loop.copy_bytes) * loop.copies * loop.iterations;
    return {moved / probe_cycles(s, f, loop, sms), sms > 1 ? "l2" : "tma"};
}

// Enough of the measured 16 MiB and more: the rate is steady after a few rounds of the stages.
int rounds(int sms) { return sms > 1 ? 192 : 512; }

void load_throughput(const JsonCursor& item, Case& out) {
    const Box b = box_of(item.at("box"));
    const int sms = sms_of(item.at("sms"));
    TmaLoop loop = loop_of(b, 16 << 20);
    loop.stages = static_cast<int>(std::min<std::int64_t>(item.count("in_flight"), 64));
    loop.iterations = rounds(sms);
    in_rate(item, "bytes_per_clk_per_sm", out);
    out.variant = item.text("box");
    out.shape = {{"bytes", b.bytes()}, {"in_flight", loop.stages}, {"sms", sms}};
    out.probe = [loop, sms](const SystemConfig& s, Frequency f) { return rate_of(loop, sms, s, f); };
}

bool reduces(const std::string& what) { return what.find("reduce-add") != std::string::npos; }

void store_latency(const JsonCursor& item, Case& out) {
    const std::string what = item.text("what");
    TmaLoop loop = bulk_loop(copy_bytes(item, "bytes"));
    loop.op = reduces(what) ? TmaLoop::Op::reduce : TmaLoop::Op::store;
    loop.iterations = 1;
    loop.timed_alone = true;
    in_cycles(item, "cycles_source_free", out);
    out.variant = what;
    out.shape = {{"bytes", loop.copy_bytes}};
    out.probe = [loop](const SystemConfig& s, Frequency f) {
        return Prediction{probe_cycles(s, f, loop, 1) + kTimedStore, "tma"};
    };
}

// Stores whose source may still be read when the next is issued (stream.cuh, run_tma).
int stores_behind(std::int64_t stages) { return stages >= 8 ? 7 : stages >= 4 ? 3 : stages >= 2 ? 1 : 0; }

void store_throughput(const JsonCursor& item, Case& out) {
    const std::string what = item.text("what");
    const int sms = sms_of(item.at("sms"));
    TmaLoop loop = bulk_loop(copy_bytes(item, "stage_bytes"));
    loop.op = reduces(what) ? TmaLoop::Op::reduce : TmaLoop::Op::store;
    const std::int64_t stages = std::min<std::int64_t>(item.count("stages"), 64);
    loop.stages = static_cast<int>(stages);
    loop.behind = stores_behind(stages);
    loop.iterations = rounds(sms);
    loop.own_set = item.at("shared_by_all_sms").integer() == 0;
    const std::int64_t set = item.count("set_per_sm");
    loop.set_chunks = std::max<std::int64_t>(1, set / loop.copy_bytes);
    loop.in_l2 = set * (loop.own_set ? sms : 1) <= (32 << 20);
    in_rate(item, "bytes_per_clk_per_sm", out);
    out.variant = what;
    out.shape = {{"dim", item.count_or("dim", 1)}, {"bytes", loop.copy_bytes}, {"stages", stages}, {"sms", sms}};
    out.probe = [loop, sms](const SystemConfig& s, Frequency f) { return rate_of(loop, sms, s, f); };
}

void multicast(const JsonCursor& item, Case& out) {
    MulticastLoop loop;
    loop.cluster = static_cast<int>(std::min<std::int64_t>(item.count("cluster"), 16));
    loop.multicast = item.at("multicast").integer() != 0;
    loop.stages = static_cast<int>(std::min<std::int64_t>(item.count("stages"), 64));
    loop.tile_bytes = copy_bytes(item, "tile_bytes");
    const int sms = sms_of(item.at("sms"));
    const std::int64_t set = item.count("working_set"), clusters = sms / loop.cluster;
    constexpr std::int64_t kTilesEach = 2048;  // of one cluster in the measured run, repeated over the same tiles
    const std::int64_t walked = std::min(set, clusters * kTilesEach * loop.tile_bytes);
    loop.in_l2 = walked <= (32 << 20);
    loop.set_tiles = std::max<std::int64_t>(1, std::min(walked, set) / loop.tile_bytes);
    in_rate(item, "delivered_bytes_per_clk_per_sm", out);
    out.variant = (loop.multicast ? "multicast" : "each block loads all") + std::string(loop.in_l2 ? ", L2" : ", HBM");
    out.shape = {{"cluster", loop.cluster}, {"sms", sms}, {"stages", loop.stages}, {"working_set", set}};
    out.probe = [loop, sms](const SystemConfig& s, Frequency f) {
        const double moved = static_cast<double>(loop.tile_bytes) * loop.iterations;
        return Prediction{moved / probe_cycles(s, f, loop, sms), loop.in_l2 ? "l2" : "hbm"};
    };
}

}  // namespace

std::vector<MicroQuantity> tma_quantities(const std::string& id) {
    if (id == "D.tensor_load_latency") { return {{"", tensor_latency}}; }
    if (id == "D.bulk1d_load_latency") { return {{"", bulk_latency}}; }
    if (id == "D.burst") { return {{"", burst}}; }
    if (id == "D.tensor_load_throughput") { return {{"", load_throughput}}; }
    if (id == "D.multicast") { return {{"", multicast}}; }
    if (id == "D.store_latency") { return {{"", store_latency}}; }
    if (id == "D.store_throughput") { return {{"", store_throughput}}; }
    return {};
}

}  // namespace tessera::measured
