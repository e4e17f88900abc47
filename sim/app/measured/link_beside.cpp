#include "models/device/beside.hpp"
#include "models/nvlink/copy_engine.hpp"
#include "models/nvlink/sm_stream.hpp"
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/links.hpp"
#include "sim/base/error.hpp"

#include <map>

namespace tessera::measured::links {

namespace {

constexpr std::int64_t chunk = 8192, engine_copy = 32 << 20;  // of the measuring program

constexpr double pace_ghz = 1.755;  // clock at which the program counts the pauses of senders that it slows down

struct Baseline {
    double mhz = 0, ns = 0;
};

ComputeKind kind_of(const JsonCursor& at) {
    const std::string kind = at.text("kind");
    if (kind == "mma") { return ComputeKind::tensor; }
    if (kind == "gemm") { return ComputeKind::tensor_fed; }
    if (kind == "hbm") { return ComputeKind::hbm; }
    if (kind == "l2") { return ComputeKind::l2; }
    throw ModelError("compute of a kind that the model does not know: " + kind);
}

Sender sender_of(const JsonCursor& at) {
    const std::string comm = at.text("comm");
    if (comm == "none") { return Sender::none; }
    if (comm == "tma_push") { return Sender::sm_bulk; }
    if (comm == "ldst_push") { return Sender::sm_plain; }
    if (comm == "tma_push+local_copy") { return Sender::sm_bulk_and_copy; }
    if (comm == "copy_engine") { return Sender::engine; }
    if (comm.rfind("tma_push by one warp", 0) == 0) { return Sender::fused; }
    throw ModelError("communication of a kind that the model does not know: " + comm);
}

// What one GPU sends while nothing hinders it.
Bandwidth sending_rate(const SystemConfig& s, Sender sender, int sms, double sent, bool both_ways, Frequency clock) {
    const double total = sent > 0 ? sent : 1e9;
    WireLoad load;
    load.written_out = bytes(static_cast<std::int64_t>(total));
    if (both_ways) { load.written_in = load.written_out; }
    if (sender == Sender::engine) {
        EngineCopies copies;
        copies.size = bytes(engine_copy);
        copies.copies = std::max(1, static_cast<int>(total / engine_copy));
        const Time wire = wire_time(wire_params(s.nvlink), load, WireUser::copy_engine);
        return load.written_out / engine_copies_time(s.nvlink, copies, wire);
    }
    StreamJob job;
    job.crew.bulk = sender != Sender::sm_plain;
    job.crew.warps = sender == Sender::fused ? 1 : job.crew.bulk ? 4 : 12;
    if (sender == Sender::fused) { job.crew.loads = job.crew.stores = 1; }
    job.sms = sms;
    job.chunk = bytes(chunk);
    job.per_peer = load.written_out;
    if (sender == Sender::sm_bulk_and_copy) {  // every other turn of the ring stays on the GPU
        job.per_peer = job.per_peer * 2.0;
    }
    const Time wire = wire_time(wire_params(s.nvlink), load, WireUser::sm);
    return load.written_out / stream_time(sm_link_params(s), job, wire, clock).round;
}

struct Entry {
    ComputeKind kind = ComputeKind::tensor;
    Sender sender = Sender::none;
    int comm_sms = 0, comp_sms = 0;
    double units = 0, sent = 0;
    double pace = 0;  // bytes per second at pace_ghz that the program lets through; 0: all
    bool out = true, in = true;
    Frequency clock{};

    Bandwidth rate(const SystemConfig& s) const {
        const int sms = sender == Sender::fused ? comp_sms : comm_sms;
        const Bandwidth most = sending_rate(s, sender, sms, sent, out && in, clock);
        if (!(pace > 0)) { return most; }
        const Bandwidth let = bytes_per_second(pace * clock.raw() * 1e-9 / pace_ghz);
        return let < most ? let : most;
    }
};

// The program paces fused senders to what 20 SMs reach alone, or half of it.
Entry entry_of(const JsonCursor& at, double rate_of_20) {
    Entry e;
    const std::string what = at.text("what");
    if (what == "sm_fused_half_rate") { e.pace = 0.5 * rate_of_20; }
    if (what == "sm_fused_rate_of_20") { e.pace = rate_of_20; }
    e.sender = sender_of(at);
    e.comm_sms = at.at("sms_comm").integer() == 0 ? 0 : sms_of(at.at("sms_comm"));
    e.comp_sms = at.at("n_comp").integer() == 0 ? 0 : sms_of(at.at("n_comp"));
    e.sent = static_cast<double>(at.at("bytes_per_gpu").integer());
    const std::string pattern = at.text("pattern");
    e.out = pattern != "in" && pattern != "one GPU";
    e.in = pattern != "out" && pattern != "one GPU";
    return e;
}

std::string name_of(const JsonCursor& at) {
    return at.text("kind") + " " + at.text("what") + ", " + at.text("pattern") + ", " + at.text("comm") + ", " +
           std::to_string(at.at("sms_comm").integer()) + " SMs, policy " + std::to_string(at.at("policy").integer());
}

bool is_bound(const JsonCursor& at) {  // the kernel lasts longer than what was sent
    const std::string what = at.text("what");
    return what == "sm_fixed" || what == "ce_fixed" || what == "ce_short";
}

// The clock is told, as everywhere: under a power cap it decides more than the communication does.
void read_slowdown(const JsonCursor& at, const Baseline& alone, double rate_of_20, Case& c) {
    Entry e = entry_of(at, rate_of_20);
    e.kind = kind_of(at);
    e.units = at.positive("units");
    e.clock = clock_in_mhz(at.at("sm_mhz"));
    const std::string what = at.text("what");
    c.id = name_of(at) + ", slow-down";
    c.family = "compute beside communication";
    c.variant = at.text("kind") + " " + what;
    c.unit = "ratio";
    c.judged = Judged::by_difference;
    c.measured = at.positive("slowdown");
    const bool bound = is_bound(at);
    c.probe = [=](const SystemConfig& s, Frequency) {
        BesideCase b;
        b.compute = e.kind;
        b.units = e.units;
        b.sms = e.comp_sms;
        b.sender = e.sender;
        b.paced = e.pace > 0;
        if (e.sender != Sender::none) {
            const Bandwidth rate = e.rate(s);
            if (e.out) { b.sent = rate; }
            if (e.in) { b.arriving = rate; }
            if (bound) { b.lasts = e.sent / rate.raw() * 1e9 / alone.ns * (e.clock.raw() * 1e-6 / alone.mhz); }
        }
        const Slowdown d = slowdown_beside(s, b, e.clock);
        const double clock = alone.mhz / (e.clock.raw() * 1e-6);
        const char* cause = d.queue > d.memory * d.sms ? "queue" : d.memory > d.sms ? "memory" : "sm_count";
        const bool clocked = e.kind == ComputeKind::tensor || e.kind == ComputeKind::tensor_fed;
        return Prediction{d.total * (clocked ? clock : 1.0), cause};
    };
}

void read_rate(const JsonCursor& at, const char* member, double rate_of_20, Case& c) {
    Entry e = entry_of(at, rate_of_20);
    const bool clocked = at.has("sm_mhz");
    if (clocked) { e.clock = clock_in_mhz(at.at("sm_mhz")); }
    c.id = name_of(at) + ", " + member;
    c.family = clocked ? "communication beside compute" : "communication alone";
    c.variant = at.text("comm");
    c.unit = "GB/s";
    c.measured = middle(at.at(member));
    c.probe = [=](const SystemConfig& s, Frequency) mutable {
        if (!clocked) { e.clock = fastest(s); }
        return Prediction{e.rate(s).raw() * 1e-9, ""};
    };
}

}  // namespace

void beside_cases(std::vector<Case>& out, const JsonCursor& section) {
    std::map<std::string, Baseline> alone;
    const auto entries = [&](const char* list) {
        return section.has(list) ? section.at(list).items() : std::vector<JsonCursor>{};
    };
    for (const JsonCursor& at : entries("beside")) {
        if (at.text("what") == "alone" && at.text("pattern") == "all" && at.at("sms_comm").integer() == 0) {
            alone[at.text("kind")] = {at.positive("sm_mhz"), middle(at.at("t_comp_ns"))};
        }
    }
    double rate_of_20 = 0;
    for (const JsonCursor& at : entries("comm_alone")) {
        if (at.text("comm") == "tma_push" && at.at("sms_comm").integer() == 20) {
            rate_of_20 = middle(at.at("comm_gbps")) * 1e9;
        }
    }
    for (const char* list : {"comm_alone", "beside"}) {
        for (const JsonCursor& at : entries(list)) {
            if (at.has("slowdown")) {
                add(out, at, "compute beside communication", [&](const JsonCursor& entry, Case& c) {
                    const auto base = alone.find(entry.text("kind"));
                    if (base == alone.end()) { throw ModelError("the section does not say how the kernel runs alone"); }
                    read_slowdown(entry, base->second, rate_of_20, c);
                });
            }
            for (const char* member : {"comm_gbps", "ce_gbps"}) {
                if (!at.has(member)) { continue; }
                add(out, at, "communication",
                    [&](const JsonCursor& entry, Case& c) { read_rate(entry, member, rate_of_20, c); });
            }
        }
    }
}

}  // namespace tessera::measured::links
