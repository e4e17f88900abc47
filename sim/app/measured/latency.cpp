#include "sim/app/measured/latency.hpp"

#include "models/device/probes.hpp"
#include "models/device/transfer_timer.hpp"
#include "models/l2/sm_places.hpp"
#include "models/smem/l1.hpp"
#include "sim/app/measured/case_checks.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <functional>

namespace tessera::measured {
namespace {

constexpr std::int64_t kLine = 128, kPage = std::int64_t{2} << 20;

// `hops` lines, one in each of as many equal parts of `span`.
TransferDesc chase(std::int64_t span, std::int64_t hops, bool held) {
    TransferDesc t;
    t.engine = TransferEngine::chase;
    t.step = bytes(std::max(kLine, span / hops / kLine * kLine));
    t.region = bytes(std::max(span, t.step.raw()));
    t.moved = bytes(t.step.raw() * hops);
    t.held = held;
    return t;
}

// Cycles of a hop of the `pass`-th walk through the chain.
double hop(const SystemConfig& system, Frequency clock, const TransferDesc& once, int pass, std::int64_t hops) {
    KernelContext context;
    context.sm_clock = clock;
    const auto walks = [&](int n) {
        TransferDesc t = once;
        t.moved = bytes(once.moved.raw() * n);
        return n > 0 ? time_transfer(system, t, context) : Time::zero();
    };
    return to_seconds(walks(pass) - walks(pass - 1)) * clock.raw() / static_cast<double>(hops);
}

void ask(Case& out, const TransferDesc& once, int pass, std::int64_t hops) {
    out.probe = [once, pass, hops](const SystemConfig& system, Frequency clock) {
        return Prediction{hop(system, clock, once, pass, hops), "latency"};
    };
}

using Cycle = double (*)(const SystemConfig& system, Frequency clock);
void ask(Case& out, Cycle cycle) {
    out.probe = [cycle](const SystemConfig& s, Frequency f) { return Prediction{cycle(s, f), "latency"}; };
}

// A chase in the block's own shared memory: each load waits for the one before.
double shared_memory(const SystemConfig& s, Frequency clock) {
    CudaLoop chain;
    chain.warps = 1;
    chain.smem_reads = 1;
    return probe_cycles(s, clock, chain) / chain.iterations;
}

double cluster_memory(const SystemConfig& s, Frequency /*clock*/) {
    if (s.sm.smem.cluster_latency.raw() <= 0) {
        throw ModelError(
            "this system's load from another block of the cluster is not known (/sm/smem/cluster_latency)");
    }
    return s.sm.smem.cluster_latency.raw();
}

// Lines that L2 holds: of many, whose middle is asked for, as many are near as far.
double l2_line(const SystemConfig& s, Frequency clock) {
    constexpr std::int64_t kHops = 512;
    return hop(s, clock, chase(kHops * kLine, kHops, true), 2, kHops);
}

void l1_chase(const JsonCursor& item, Case& out) {
    const std::int64_t span = std::clamp<std::int64_t>(item.count("footprint"), kLine, kPage);
    out.shape = {{"footprint", span}};
    out.probe = [span](const SystemConfig& s, Frequency f) {
        const double misses = l1_misses(bytes(span), s.sm.smem), hit = s.sm.smem.l1_latency.raw();
        return Prediction{hit + misses * (l2_line(s, f) - hit), misses > 0.5 ? "l2" : "latency"};
    };
}

void beside_loads(const JsonCursor& item, Case& out) {
    LoadedChase loop;
    constexpr std::int64_t kVector = 16, kThreads = 512;  // of a loader, and its bytes in flight by warps
    const std::int64_t loaders = item.at("loader_sms").integer();
    if (loaders < 0 || loaders > 1024) { item.at("loader_sms").fail("expected 0 to 1024 SMs"); }
    loop.loaders = static_cast<int>(loaders);
    const std::int64_t delay = item.at("delay_cycles").integer();
    if (delay < 0 || delay > 1'000'000) { item.at("delay_cycles").fail("expected 0 to a million cycles"); }
    loop.delay = static_cast<double>(delay);
    const std::int64_t flying = item.count("loader_bytes_in_flight_per_sm");
    loop.batch = std::clamp<std::int64_t>(flying / (kThreads * kVector), 1, 64) * kVector * 32;
    out.shape = {{"loader_sms", loaders}, {"delay_cycles", delay}};
    out.probe = [loop](const SystemConfig& s, Frequency f) {
        return Prediction{probe_cycles(s, f, loop) / loop.hops, "hbm"};
    };
}

double mean_of(const JsonCursor& list) {
    const std::vector<double> values = list.numbers();
    double sum = 0;
    for (const double v : values) { sum += v; }
    if (values.empty() || sum <= 0) { list.fail("expected cycles of at least one SM"); }
    return sum / static_cast<double>(values.size());
}

// One line from every SM: those on its side of the device have it near.
double line_from_all(const SystemConfig& s, Frequency /*clock*/) {
    const std::vector<SmPlace> places = sm_places(s.sm.count, s.sm.gpcs, s.sm.lone_tpcs);
    const auto near = std::count_if(places.begin(), places.end(), [](const SmPlace& p) { return p.side == 0; });
    const double share = static_cast<double>(near) / static_cast<double>(places.size());
    return share * s.l2.latency_near.raw() + (1 - share) * s.l2.latency_far.raw();
}

// Lists of one value an SM, measured at the highest clock.
void all_sms(const JsonCursor& item, const char* key, Cycle cycle, Case& out) {
    out.measured = mean_of(item.at(key));
    out.clock = item.has("sm_ghz") ? clock_in_ghz(item.at("sm_ghz")) : megahertz(1980);
    ask(out, cycle);
}

// Items that are told apart by their id alone.
bool read_plain(const std::string& id, const JsonCursor& item, Case& out) {
    if (id == "A.l2_sm_mean") {
        all_sms(item, "mean_cycles", l2_line, out);
        return true;
    }
    if (id == "A.l2_line_by_sm") {
        out.shape = {{"line", item.at("line").integer()}};
        all_sms(item, "min_cycles_by_smid_order", line_from_all, out);
        return true;
    }
    const auto one = [&](const std::function<void()>& read) {
        out.measured = item.at("cycles").positive("med");
        out.clock = clock_in_ghz(item.at("sm_ghz"));
        read();
        return true;
    };
    if (id == "A.smem") {
        return one([&] { ask(out, shared_memory); });
    }
    if (id == "A.dsmem_cluster2") {
        return one([&] { ask(out, cluster_memory); });
    }
    if (id == "A.l2_line_latency") {
        return one([&] { ask(out, l2_line); });
    }
    if (id == "A.l1_chase") {
        return one([&] { l1_chase(item, out); });
    }
    if (id == "A.hbm_latency_under_load") {
        return one([&] { beside_loads(item, out); });
    }
    return false;
}

}  // namespace

void read_latency(const JsonCursor& item, Case& out) {
    const std::string id = item.text("id");
    out.family = id;
    out.unit = "cycles";
    if (read_plain(id, item, out)) { return; }
    const bool l2 = id == "A.l2_chase", hbm = id == "A.hbm_chase_cold", pages = id == "A.tlb_l2hit_page_stride";
    if (!l2 && !hbm && !pages) { throw ModelError("a latency that is not told from others"); }
    out.measured = item.at("cycles").positive("med");
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    if (pages) {  // lines of their own pages, read before by this SM; what translation adds is not modelled
        const std::int64_t lines = std::clamp<std::int64_t>(item.count("pages_2MiB"), 1, 1 << 16);
        out.shape = {{"pages", lines}};
        ask(out, chase(lines * kLine, lines, true), 2, lines);
        return;
    }
    const std::int64_t span = std::clamp<std::int64_t>(item.count("footprint"), kLine, kPage << 20);
    const std::int64_t hops =
        std::clamp<std::int64_t>(item.count("hops"), 1, std::min<std::int64_t>(span / kLine, 1 << 16));
    const std::int64_t pass = std::clamp<std::int64_t>(item.count_or("pass", 1), 1, 16);
    out.shape = {{"footprint", span}, {"hops", hops}, {"pass", pass}};
    ask(out, chase(span, hops, l2), static_cast<int>(pass), hops);
}

}  // namespace tessera::measured
