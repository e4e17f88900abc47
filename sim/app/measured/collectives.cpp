#include "models/device/nccl.hpp"
#include "sim/app/measured/links.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace tessera::measured {

namespace {

constexpr std::int64_t judged_from = 1 << 20;
constexpr std::int64_t host_bound_to = 16 << 20;  // calls in a row of less end before the host has queued the next
constexpr double gemm_tile_m = 128, gemm_tile_n = 256;  // cuBLASLt's FP8 kernel for the GEMM beside

struct Setting {
    int ranks = 2, coll = 0, p2p = 0;
    std::map<std::string, double> host_us;  // op -> what the host needs for a call, from its smallest size
    double gemm_us = 0, tiles = 0;
};

NcclOp op_of(const JsonCursor& at) {
    const std::string op = at.text("op");
    if (op == "all_gather") { return NcclOp::all_gather; }
    if (op == "reduce_scatter") { return NcclOp::reduce_scatter; }
    if (op == "all_reduce") { return NcclOp::all_reduce; }
    if (op == "all_to_all_single") { return NcclOp::all_to_all; }
    at.fail("unknown collective \"" + op + "\"");
}

NcclCall call_of(const JsonCursor& at, const Setting& setting) {
    NcclCall call;
    call.op = op_of(at);
    call.ranks = setting.ranks;
    call.size = bytes(at.count("bytes"));
    call.channels = call.op == NcclOp::all_to_all ? setting.p2p : setting.coll;
    return call;
}

std::string name_of(const JsonCursor& at, const Setting& s) {
    return at.text("op") + " " + std::to_string(at.count("bytes")) + " B, " + std::to_string(s.ranks) + " ranks, " +
           std::to_string(s.coll) + " channels";
}

// The host is not modelled: calls in a row end no faster than it queues them, which the smallest size tells.
void read_collective(const JsonCursor& at, const Setting& setting, Case& c) {
    const NcclCall call = call_of(at, setting);
    const std::string launch = at.text("launch");
    const bool graph = launch == "graph";
    const double host = graph ? 0 : setting.host_us.count(at.text("op")) != 0 ? setting.host_us.at(at.text("op")) : 0;
    c.id = name_of(at, setting) + ", " + launch;
    c.family = call.size.raw() < judged_from               ? "nccl, below 1 MiB"
               : !graph && call.size.raw() < host_bound_to ? "nccl, host's pace"
                                                           : "nccl";
    c.variant = at.text("op") + (graph ? "" : ", call");
    c.shape = {{"bytes", call.size.raw()}, {"ranks", call.ranks}, {"channels", call.channels}};
    c.measured = links::middle(at.at("ns")) / 1e3;
    c.probe = [=](const SystemConfig& s, Frequency) {
        const Time device = nccl_time(s, call, links::fastest(s)) + s.launch.graph_gap;
        const double us = to_microseconds(device);
        return Prediction{std::max(us, host), us < host ? "host" : "nccl"};
    };
}

void read_grid(const JsonCursor& at, const Setting& setting, Case& c) {
    const NcclCall call = call_of(at, setting);
    c.id = "grid of " + name_of(at, setting);
    c.family = "nccl grids";
    c.unit = "blocks";
    c.measured = at.at("grid").items().at(0).positive();
    c.probe = [call](const SystemConfig&, Frequency) { return Prediction{static_cast<double>(nccl_blocks(call)), ""}; };
}

// Waves of the GEMM's tiles when some SMs are not there.
double waves_ratio(double tiles, int sms, int fewer) {
    return std::ceil(tiles / (sms - fewer)) / std::ceil(tiles / sms);
}

void read_fewer(const JsonCursor& at, const Setting& setting, Case& c) {
    const int fewer = static_cast<int>(at.count("sms_left_out"));
    c.id = "GEMM with " + std::to_string(fewer) + " SMs left out, " + std::to_string(setting.ranks) + " ranks";
    c.family = "gemm beside collectives";
    c.variant = "SMs left out";
    c.unit = "ratio";
    c.judged = Judged::by_difference;
    c.measured = at.positive("slowdown");
    const double tiles = setting.tiles;
    c.probe = [=](const SystemConfig& s, Frequency) {
        if (fewer >= s.sm.count) { throw ModelError("as many SMs left out as the GPU has"); }
        return Prediction{waves_ratio(tiles, s.sm.count, fewer), "sm_count"};
    };
}

// Collectives one after another beside GEMMs one after another. The GEMM's blocks hold their SMs to the end, so a
// collective waits for a GEMM that took its SMs meanwhile: half of one on the mean if it is shorter, a whole one if
// it is longer. GEMMs run on the SMs it leaves while it runs.
void read_beside(const JsonCursor& at, const Setting& setting, bool of_gemm, Case& c) {
    const NcclCall call = call_of(at, setting);
    c.id = std::string(of_gemm ? "GEMM beside " : "beside a GEMM: ") + name_of(at, setting);
    c.family = of_gemm ? "gemm beside collectives" : "collectives beside a gemm";
    c.variant = at.text("op");
    if (of_gemm) {
        c.unit = "ratio";
        c.judged = Judged::by_difference;
        c.measured = at.positive("gemm_slowdown");
    } else {
        c.measured = links::middle(at.at("comm_ns_per_call")) / 1e3;
    }
    const double gemm = setting.gemm_us, tiles = setting.tiles;
    c.probe = [=](const SystemConfig& s, Frequency) {
        const double alone = to_microseconds(nccl_time(s, call, links::fastest(s)));
        const double wait = alone < gemm ? 0.5 * gemm : gemm;
        const double duty = alone / (alone + wait);
        const double slow = waves_ratio(tiles, s.sm.count, nccl_blocks(call));
        return Prediction{of_gemm ? 1 / (duty / slow + 1 - duty) : alone + wait, "sm_count"};
    };
}

Setting setting_of(const JsonCursor& config) {
    Setting s;
    s.ranks = static_cast<int>(config.count("ranks"));
    const JsonCursor channels = config.at("channels");
    s.coll = static_cast<int>(channels.count("coll"));
    s.p2p = static_cast<int>(channels.count("p2p"));
    std::map<std::string, std::int64_t> smallest;
    for (const JsonCursor& at : config.at("collectives").items()) {
        if (at.text("launch") != "call") { continue; }
        const std::int64_t size = at.count("bytes");
        const std::string op = at.text("op");
        if (smallest.count(op) != 0 && smallest[op] <= size) { continue; }
        smallest[op] = size;
        s.host_us[op] = links::middle(at.at("ns")) / 1e3;
    }
    if (config.has("gemm")) {
        const JsonCursor gemm = config.at("gemm");
        s.gemm_us = links::middle(gemm.at("ns_per_call_alone")) / 1e3;
        s.tiles = std::ceil(gemm.positive("m") / gemm_tile_m) * std::ceil(gemm.positive("n") / gemm_tile_n);
    }
    return s;
}

}  // namespace

std::vector<Case> collective_cases(const JsonCursor& config) {
    std::vector<Case> out;
    std::optional<Setting> setting;
    links::add(out, config, "nccl", [&](const JsonCursor& at, Case&) { setting = setting_of(at); });
    if (!setting) { return out; }
    out.clear();
    const auto each = [&](const JsonCursor& parent, const char* list, const links::Reader& read) {
        if (!parent.has(list)) { return; }
        for (const JsonCursor& at : parent.at(list).items()) { links::add(out, at, std::string("nccl ") + list, read); }
    };
    each(config, "collectives", [&](const JsonCursor& at, Case& c) { read_collective(at, *setting, c); });
    each(config, "kernels", [&](const JsonCursor& at, Case& c) { read_grid(at, *setting, c); });
    if (config.has("gemm")) {
        each(config.at("gemm"), "with_fewer_sms", [&](const JsonCursor& at, Case& c) { read_fewer(at, *setting, c); });
        each(config, "gemm_beside", [&](const JsonCursor& at, Case& c) { read_beside(at, *setting, true, c); });
        each(config, "gemm_beside", [&](const JsonCursor& at, Case& c) { read_beside(at, *setting, false, c); });
    }
    return out;
}

}  // namespace tessera::measured
