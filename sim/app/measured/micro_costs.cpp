// Section G: launches, thread blocks, barriers, fences, atomics.
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/micro.hpp"

#include "models/device/probes.hpp"
#include "models/sm/sync_costs.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <array>

namespace tessera::measured {
namespace {

constexpr std::int64_t kWarpThreads = 32;

void in_cycles(const JsonCursor& item, Case& out) {
    out.unit = "cycles";
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    out.measured = item.at("cycles").positive("med");
}

std::int64_t threads_of(const JsonCursor& item, const char* key) {
    const std::int64_t threads = item.count(key);
    if (threads > 1024) { item.at(key).fail("a thread block has at most 1024 threads"); }
    return threads;
}

int warps_of(std::int64_t threads) { return static_cast<int>((threads + kWarpThreads - 1) / kWarpThreads); }

// ---------------------------------------------------------------- launches

// Between two kernels of one stream or graph, last instruction to first.
Time gap(const LaunchConfig& l, bool graph, bool dependent) {
    const Time t = dependent ? (graph ? l.dependent_graph_gap : l.dependent_gap)
                             : (graph ? l.graph_gap : l.kernel_gap + l.kernel_latency);
    if (t <= Time::zero()) { throw ModelError("this system's gap between such launches is not known (/launch)"); }
    return t;
}

struct Launches {
    bool graph = false, dependent = false;
};

Launches launches(const JsonCursor& item, Case& out) {
    const std::string how = item.text("how");
    if (how != "stream" && how != "graph") { item.at("how").fail("expected stream or graph"); }
    const Launches l{how == "graph", item.at("pdl").integer() != 0};
    out.unit = "ns";
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    out.measured = item.at("ns").positive("med");
    out.variant = how + (l.dependent ? ", programmatic" : "");
    out.shape = {{"grid", item.count("grid")}, {"block", item.count("block")}, {"smem", item.at("smem").integer()}};
    return l;
}

void kernel_gap(const JsonCursor& item, Case& out) {
    const Launches l = launches(item, out);
    out.shape.emplace_back("spin_cycles", item.at("spin_cycles").integer());
    out.probe = [l](const SystemConfig& s, Frequency) {
        return Prediction{to_nanoseconds(gap(s.launch, l.graph, l.dependent)), "launch"};
    };
}

// Empty kernels one after another: the device's gap, or the host's time to queue one, which is told.
void empty_kernel(const JsonCursor& item, Case& out) {
    const Launches l = launches(item, out);
    const double host = item.at("host_enqueue_ns").positive("med");
    out.probe = [l, host](const SystemConfig& s, Frequency) {
        const double device = to_nanoseconds(gap(s.launch, l.graph, l.dependent));
        return Prediction{std::max(device, host), host > device ? "host" : "launch"};
    };
}

int resident_blocks(const SmConfig& sm, int warps, std::int64_t smem) {
    const std::int64_t by_threads = sm.max_threads / (warps * kWarpThreads);
    const std::int64_t each = smem + sm.smem.reserved_per_cta.raw();
    const std::int64_t by_smem = each > 0 ? sm.smem.capacity.raw() / each : sm.max_ctas;
    return static_cast<int>(std::min<std::int64_t>({sm.max_ctas, by_threads, by_smem}));
}

void cta_rate(const JsonCursor& item, Case& out) {
    BlockLoop loop;
    const std::int64_t block = threads_of(item, "block"), smem = item.at("smem").integer();
    loop.warps = warps_of(block);
    out.unit = "cycles";
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    out.measured = item.positive("cycles_per_cta_per_sm");
    out.shape = {{"block", block}, {"smem", smem}};
    out.probe = [loop, smem](const SystemConfig& s, Frequency f) {
        BlockLoop l = loop;
        l.resident = resident_blocks(s.sm, l.warps, smem);
        return Prediction{probe_cycles(s, f, l) / l.blocks, "launch"};
    };
}

void cta_turnover(const JsonCursor& item, Case& out) {
    in_cycles(item, out);
    const std::int64_t block = threads_of(item, "block");
    out.shape = {{"block", block}};
    out.probe = [](const SystemConfig& s, Frequency) { return Prediction{s.sm.cta_launch.raw(), "launch"}; };
}

// ---------------------------------------------------------------- barriers and flags

void grid_barrier(const JsonCursor& item, Case& out) {
    in_cycles(item, out);
    const std::string kind = item.text("kind");
    const bool library = kind.rfind("cooperative groups", 0) == 0;
    if (!library && kind.rfind("one L2 counter", 0) != 0) { throw ModelError("a grid barrier of an unknown kind"); }
    const int blocks = sms_of(item.at("ctas"));
    const std::int64_t threads = threads_of(item, "threads");
    out.variant = library ? "grid.sync" : "one counter";
    out.shape = {{"ctas", blocks}, {"threads", threads}};
    out.probe = [=](const SystemConfig& s, Frequency) {
        return Prediction{grid_barrier_cycles(blocks, warps_of(threads), library, s), "sync"};
    };
}

void barrier(const JsonCursor& item, Case& out) {
    in_cycles(item, out);
    const std::string what = item.text("what");
    const std::int64_t threads = threads_of(item, "threads");
    const auto starts = [&](const char* text) { return what.rfind(text, 0) == 0; };
    const auto ask = [&](const std::function<double(const SystemConfig&)>& cycles) {
        out.probe = [cycles](const SystemConfig& s, Frequency) { return Prediction{cycles(s), "sync"}; };
    };
    out.variant = what;
    out.shape = {{"threads", threads}};
    if (starts("__syncthreads")) {
        ask([threads](const SystemConfig& s) { return block_barrier_cycles(warps_of(threads), s.sm.sync); });
    } else if (starts("cluster barrier, ")) {
        const int blocks = what[17] >= '2' && what[17] <= '9' ? what[17] - '0' : 1;
        ask([blocks](const SystemConfig& s) { return cluster_barrier_cycles(blocks, s.sm.sync); });
    } else if (starts("mbarrier round trip, two warps")) {
        ask([](const SystemConfig& s) { return 2 * s.sm.sync.mbarrier.raw(); });
    } else if (starts("mbarrier round trip, two CTAs")) {
        ask([](const SystemConfig& s) { return 2 * s.sm.sync.cluster_mbarrier.raw(); });
    } else if (starts("fence.proxy.async")) {
        ask([](const SystemConfig& s) { return s.sm.sync.proxy_fence.raw(); });
    } else if (starts("atom.add.u32 latency")) {
        ask([](const SystemConfig& s) { return (s.l2.latency_near.raw() + s.l2.latency_far.raw()) / 2; });
    } else {
        throw ModelError("a barrier of an unknown kind");
    }
}

// Peers in both halves of the device: the median of the list is that of a near one.
void flag_round_trip(const JsonCursor& item, Case& out) {
    in_cycles(item, out);
    out.probe = [](const SystemConfig& s, Frequency) { return Prediction{flag_round_trip_cycles(false, s), "sync"}; };
}

// ---------------------------------------------------------------- atomics and fences

void atomics(const JsonCursor& item, Case& out) {
    in_cycles(item, out);
    const std::string what = item.text("what");
    const int sms = sms_of(item.at("sms"));
    const auto has = [&](const char* text) { return what.find(text) != std::string::npos; };
    AtomicLoop loop;
    if (has("one address") && !has("one address a warp")) {
        loop.one_word = true;
    } else if (has("one address a warp") || has("random words")) {
        loop.run = 4;  // every lane's word is a request of its own
    } else if (has("512 consecutive bytes")) {
        loop.warp_bytes = 512;
    } else if (!has("32 consecutive words")) {
        throw ModelError("atomics of an unknown pattern");
    }
    loop.returns = what.rfind("atom", 0) == 0;
    // Instructions of a warp in the measured kernel (sec_g.cu): 16 warps of four times the iterations.
    const double each = 16.0 * 4 * (loop.one_word && sms > 16 ? 100 : 200);
    out.measured /= each;
    out.variant = what;
    out.shape = {{"sms", sms}};
    out.probe = [loop, sms](const SystemConfig& s, Frequency f) {
        return Prediction{probe_cycles(s, f, loop, sms) / loop.iterations, "l2"};
    };
}

void fence(const JsonCursor& item, Case& out) {
    in_cycles(item, out);
    const std::string what = item.text("what");
    FenceLoop loop;
    const bool block = what == "__threadfence_block";
    const bool system = what == "__threadfence_system" || what == "fence.acq_rel.sys";
    if (!block && !system && what != "__threadfence" && what != "fence.acq_rel.gpu") {
        throw ModelError("a fence of an unknown scope");
    }
    loop.scope = block ? FenceScope::block : system ? FenceScope::system : FenceScope::gpu;
    const std::int64_t threads = threads_of(item, "threads");
    const std::int64_t stores = std::min<std::int64_t>(item.at("stores_before_each").integer(), 64);
    loop.stored = stores * threads * 4;
    const int ctas = sms_of(item.at("ctas"));
    out.variant = what;
    out.shape = {{"ctas", ctas}, {"threads", threads}, {"stores", stores}};
    out.probe = [loop, ctas](const SystemConfig& s, Frequency f) {
        return Prediction{probe_cycles(s, f, loop, ctas), "sync"};
    };
}

struct Item {
    const char* id;
    void (*read)(const JsonCursor&, Case&);
};
constexpr std::array<Item, 9> kItems = {{{"G.empty_kernel", empty_kernel},
                                         {"G.kernel_gap", kernel_gap},
                                         {"G.cta_rate", cta_rate},
                                         {"G.cta_turnover", cta_turnover},
                                         {"G.grid_barrier", grid_barrier},
                                         {"G.barrier", barrier},
                                         {"G.flag_round_trip_L2", flag_round_trip},
                                         {"G.atomics", atomics},
                                         {"G.fence", fence}}};

}  // namespace

std::vector<MicroQuantity> cost_quantities(const std::string& id) {
    const auto* found = std::find_if(kItems.begin(), kItems.end(), [&](const Item& i) { return id == i.id; });
    if (found == kItems.end()) { return {}; }
    return {{"", found->read}};
}

}  // namespace tessera::measured
