#include "models/device/fabric.hpp"
#include "models/device/low_latency.hpp"
#include "models/network/fabrics.hpp"
#include "models/network/moe.hpp"
#include "models/nvlink/ordering.hpp"
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/links.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <cmath>

namespace tessera::measured {

namespace {

const int experts = network::Routing{}.experts, top_k = network::Routing{}.top_k;

// The best of the chunk sizes that DeepEP's tests try (tests/test_intranode.py, test_internode.py), as the tables give
// it. The kernel that clears the queues and holds a barrier before is part of the call they time.
KernelResult best_call(const SystemConfig& s, const ExchangeDesc& e, Frequency clock) {
    const bool combine = e.kind == ExchangeKind::combine;
    const int first = combine ? 1 : 4, last = combine ? 4 : 32, step = combine ? 1 : 4;
    KernelContext context;
    context.sm_clock = clock;
    KernelResult best;
    best.time = Time::max();
    for (int chunk = first; chunk <= last; chunk += step) {
        DeepEpProtocol protocol = deepep_first_release();
        protocol.nvlink_chunk = chunk;
        const KernelResult r = DeviceFabric(s, protocol).exchange(e, context);
        if (r.time < best.time) { best = r; }
    }
    BarrierDesc notify;
    notify.ranks = e.ranks;
    notify.ranks_per_node = e.ranks_per_node;
    notify.round_trips = 2;
    best.time += DeviceFabric(s).barrier(notify, context).time + s.launch.kernel_gap;
    return best;
}

KernelResult second_release(const SystemConfig& s, const ExchangeDesc& e, Frequency clock) {
    KernelContext context;
    context.sm_clock = clock;
    return DeviceFabric(s, deepep_v2()).exchange(e, context);
}

// Published tables: logical bandwidth (normal kernels) or time (low-latency kernels) of one exchange.
void read_normal(const JsonCursor& at, const SystemConfig& s, Case& c) {
    const bool combine = at.text("op") == "combine";
    ExchangeDesc e;
    e.kind = combine ? ExchangeKind::combine : ExchangeKind::dispatch;
    e.tokens = at.count("tokens");
    e.ranks = static_cast<int>(at.count("ranks"));
    e.ranks_per_node = 8;
    if (experts % e.ranks != 0) { throw ModelError("the ranks do not divide the 256 experts"); }
    e.nodes_per_token = at.positive("nodes_per_token");
    e.ranks_per_token = at.positive("ranks_per_token");
    e.unique_tokens = std::llround(static_cast<double>(e.tokens) * e.ranks_per_token);
    e.bytes_per_token = bytes(at.count("row_bytes"));
    e.sms = sms_of(at.at("sms"));
    e.reduce = combine;
    const double counted = e.ranks > 8 ? e.nodes_per_token : e.ranks_per_token;
    c.id = "EP" + std::to_string(e.ranks) + " " + at.text("op") + ", " + at.text("release");
    const bool second = at.text("release") == "v2";  // few SMs, bulk copies
    c.family = second ? "deepep v2" : "deepep h800, normal";
    c.variant = at.text("release");
    c.unit = "GB/s";
    c.measured = at.positive("gbps");
    c.probe = [=](const SystemConfig&, Frequency) {
        const Frequency clock = links::fastest(s);  // nothing runs beside it
        const KernelResult r = second ? second_release(s, e, clock) : best_call(s, e, clock);
        const double moved = static_cast<double>(e.tokens) * counted * to_double(e.bytes_per_token);
        return Prediction{moved / to_nanoseconds(r.time), std::string(to_string(r.limiter))};
    };
}

void read_low_latency(const JsonCursor& at, const SystemConfig& s, Case& c) {
    LowLatencyJob job;
    job.combine = at.text("op") == "combine";
    job.tokens = at.count("tokens");
    job.experts = top_k;
    job.row = bytes(at.count("row_bytes"));
    job.ranks = static_cast<int>(at.count("ranks"));
    job.over_nvlink = at.boolean_or("nvlink", false);
    if (experts % job.ranks != 0) { throw ModelError("the ranks do not divide the 256 experts"); }
    c.id = "EP" + std::to_string(job.ranks) + " low latency " + at.text("op") + ", " + at.text("release");
    c.family = job.over_nvlink ? "deepep h800, low latency, NVLink too" : "deepep h800, low latency";
    c.variant = at.text("release");
    c.measured = at.positive("us");
    c.probe = [job, s](const SystemConfig&, Frequency) {
        const LowLatencyTime t = low_latency_time(s, job, links::fastest(s));
        return Prediction{to_microseconds(t.total), t.nic > t.nvlink ? "nic" : "nvlink"};
    };
}

// One small message end to end: through a leaf or the spines packet by packet, or stored to a GPU of the node by a
// kernel that starts for it.
void read_first_bytes(const JsonCursor& at, const SystemConfig& s, Case& c) {
    const std::string net = at.text("network");
    const Bytes size = bytes(at.count("bytes"));
    const bool far = at.boolean_or("spines", false);
    c.id = std::to_string(size.raw()) + " B over " + net + (far ? ", through the spines" : "");
    c.family = "published latencies";
    c.variant = net == "nvlink" ? net : "calibration";
    c.measured = at.positive("us");
    if (net == "nvlink") {
        c.probe = [s, size](const SystemConfig&, Frequency) {
            const Time way = signal_latency(s, links::fastest(s), Signal::release_to_peer, size, 32);
            return Prediction{to_microseconds(s.launch.kernel_latency + s.launch.drain + way), "latency"};
        };
        return;
    }
    if (net != "infiniband" && net != "roce") { at.at("network").fail("unknown network \"" + net + "\""); }
    const auto protocol = net == "roce" ? network::Protocol::roce : network::Protocol::infiniband;
    c.probe = [=](const SystemConfig&, Frequency) {
        network::FabricShape shape =
            network::fabric_shape(s, 2 * s.nic.ranks_per_node, network::Wiring::planes, protocol);
        if (far) { shape.nodes_per_leaf = 1; }
        const network::Fabric fabric = network::build(shape);
        const network::Message message = fabric.message(0, s.nic.ranks_per_node, size);
        const Time last = network::send_packets(fabric.graph, {message}, shape.packets).last;
        return Prediction{to_microseconds(last), "latency"};
    };
}

}  // namespace

std::vector<Case> published_deepep_cases(const JsonCursor& document) {
    std::vector<Case> out;
    const SystemConfig common = load_system(find_config("systems", document.text("system")));
    for (const JsonCursor& at : document.at("published").items()) {
        links::add(out, at, "deepep h800", [&](const JsonCursor& line, Case& c) {
            const SystemConfig system =
                line.has("system") ? load_system(find_config("systems", line.text("system"))) : common;
            if (line.has("network")) {
                read_first_bytes(line, system, c);
            } else if (line.has("gbps")) {
                read_normal(line, system, c);
            } else {
                read_low_latency(line, system, c);
            }
        });
    }
    return out;
}

}  // namespace tessera::measured
