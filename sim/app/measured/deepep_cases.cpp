#include "models/device/fabric.hpp"
#include "models/network/moe.hpp"
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/links.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::measured {

namespace {

constexpr std::int64_t many_tokens = 4096;       // below, the host's pace of launching shows
constexpr double expert_unroll = 4;              // loads of expert counts in flight
constexpr double notify_batch_cycles = 32 * 25;  // a warp hands 32 heads on one after another, a shuffle and a branch
const int experts = network::Routing{}.experts, top_k = network::Routing{}.top_k;

struct Row {
    ExchangeDesc exchange;
    DeepEpProtocol protocol;
    Frequency clock{};
    std::int64_t tokens = 0;
    int ranks = 0;
};

double mean(const std::vector<double>& v) {
    double sum = 0;
    for (double x : v) { sum += x; }
    return v.empty() ? 0 : sum / static_cast<double>(v.size());
}

Row exchange_of(const JsonCursor& at) {
    Row r;
    const bool combine = at.text("op").rfind("combine", 0) == 0;
    r.tokens = at.count("tokens");
    const std::vector<double> received = at.at("recv_tokens").numbers();
    r.ranks = static_cast<int>(received.size());
    if (r.ranks < 2) { at.at("recv_tokens").fail("an exchange needs two ranks"); }
    ExchangeDesc& e = r.exchange;
    e.kind = combine ? ExchangeKind::combine : ExchangeKind::dispatch;
    e.tokens = r.tokens;
    e.ranks = r.ranks;
    e.ranks_per_node = std::max(8, r.ranks);
    e.nodes_per_token = 1;
    const double copies = mean(received);
    e.ranks_per_token = std::min<double>(copies / static_cast<double>(r.tokens), r.ranks);
    e.unique_tokens = std::llround(copies);
    e.bytes_per_token = bytes(std::llround(at.positive("bytes_per_token")));
    e.sms = sms_of(at.at("sms"));
    e.reduce = combine;
    // With a cached handle no top-k indices and weights travel; else two small loads more per row.
    if (at.text("op").find("full") != std::string::npos) { r.protocol.row_trips += 2; }
    if (!at.at("chunk").value().is_string()) { r.protocol.nvlink_chunk = static_cast<int>(at.count("chunk")); }
    r.clock = clock_in_mhz(at.at("clk").at("sm_mhz_med"));
    return r;
}

Time kernel_time(const SystemConfig& s, const Row& r) {
    DeviceFabric fabric(s, r.protocol);
    KernelContext context;
    context.sm_clock = r.clock;
    return fabric.exchange(r.exchange, context).time;
}

// The kernel before: a barrier over the ranks, cleared queues, a barrier; before a combine also the heads of the queues
// worked out backwards, 32 tokens at a time, a block per channel. With counts to exchange: a third barrier and sums.
Time notify_time(const SystemConfig& s, const Row& r, bool counts) {
    const Time trip = s.l2.latency_far / r.clock + s.hbm.latency;
    // A fence, an addition to each rank's word and one to the own, which the others' are awaited in.
    const Time barrier =
        s.nvlink.order.fence_sys.idle + s.nvlink.order.load_trip + s.l2.latency_far / r.clock + s.nvlink.order.flag;
    Time blocks = barrier * (counts ? 3.0 : 2.0) + trip * (counts ? 8.0 : 2.0);
    if (counts) {  // a thread tells each rank the counts of its experts, one after another
        blocks += s.l2.latency_far / r.clock * (experts / r.ranks / expert_unroll);
    }
    if (r.exchange.kind == ExchangeKind::combine) {
        const double channels = std::max(1, r.exchange.sms / 2);
        const double batches = std::ceil(static_cast<double>(r.tokens) / channels / 32);
        blocks = max(blocks, (trip + cycles(notify_batch_cycles) / r.clock) * batches);
    }
    return s.launch.kernel_latency + s.launch.drain + blocks;
}

std::string name_of(const JsonCursor& at) {
    const JsonCursor chunk = at.at("chunk");
    const std::string rows = chunk.value().is_string() ? chunk.text() : std::to_string(chunk.count());
    return at.text("op") + " " + std::to_string(at.count("tokens")) + " tokens, " +
           std::to_string(at.at("recv_tokens").items().size()) + " ranks, " + std::to_string(at.count("sms")) +
           " SMs, chunk " + rows;
}

void describe(const JsonCursor& at, Case& c) {
    c.shape = {{"tokens", at.count("tokens")}, {"sms", at.count("sms")}};
    c.variant = at.text("op");
}

void read_kernel(const JsonCursor& at, const std::string& kernel, Case& c) {
    const Row r = exchange_of(at);
    describe(at, c);
    const bool notify = kernel.find("notify") != std::string::npos, counts = kernel == "notify_dispatch";
    c.id = name_of(at) + ", kernel " + kernel;
    c.family = notify ? "deepep notify" : "deepep";
    c.measured = links::middle(at.at("kineto").at(kernel));
    c.clock = r.clock;
    c.probe = [=](const SystemConfig& s, Frequency) {
        const Time time = notify ? notify_time(s, r, counts) : kernel_time(s, r);
        return Prediction{to_microseconds(time), notify ? "latency" : "sm_copy"};
    };
}

// A call: the notify kernel and the exchange, launched by the host one after the other, between two events.
void read_call(const JsonCursor& at, Case& c) {
    const Row r = exchange_of(at);
    describe(at, c);
    const bool counts = at.text("op").find("full") != std::string::npos;
    c.id = name_of(at) + ", call";
    c.family = counts                   ? "deepep calls, host waits for counts"
               : r.tokens < many_tokens ? "deepep calls, few tokens"
                                        : "deepep";
    c.measured = links::middle(at.at("us").at("max"));
    c.clock = r.clock;
    c.probe = [=](const SystemConfig& s, Frequency) {
        const Time gaps = (s.launch.kernel_gap + s.launch.kernel_latency) * 2.0;
        return Prediction{to_microseconds(notify_time(s, r, counts) + kernel_time(s, r) + gaps), "sm_copy"};
    };
}

// Which token goes where: a thread takes a token of every 256 and looks at its experts one after another.
void read_layout(const JsonCursor& at, Case& c) {
    const std::int64_t tokens = at.count("tokens");
    c.id = "layout " + std::to_string(tokens) + " tokens";
    c.family = "deepep layout";
    c.measured = links::middle(at.at("us").at("max"));
    c.probe = [tokens](const SystemConfig& s, Frequency) {
        const Frequency clock = links::fastest(s);
        const double looks = std::ceil(static_cast<double>(tokens) / 256) * top_k;
        // An expert's number, a comparison, a count in shared memory read and written back; then a thread adds up the
        // counts of all. Between two events.
        const Time look = s.l2.latency_far / clock + (s.sm.smem.latency + s.sm.cuda.dependent_issue * 8.0) / clock;
        const Time sums = s.sm.cuda.dependent_issue / clock * 256.0;
        const Time gaps = (s.launch.kernel_gap + s.launch.kernel_latency) * 2.0;
        return Prediction{to_microseconds(gaps + s.launch.drain + s.hbm.latency * 2.0 + look * looks + sums),
                          "latency"};
    };
}

}  // namespace

std::vector<Case> deepep_cases(const JsonCursor& rows) {
    std::vector<Case> out;
    for (const JsonCursor& at : rows.items()) {
        const bool layout =
            at.value().is_object() && at.has("op") && at.at("op").value().is_string() && at.text("op") == "layout";
        if (layout) {
            links::add(out, at, "deepep layout", read_layout);
            continue;
        }
        links::add(out, at, "deepep", read_call);
        if (!at.value().is_object() || !at.has("kineto") || !at.at("kineto").value().is_object()) { continue; }
        for (const auto& [kernel, duration] : at.at("kineto").members()) {
            const std::string name = kernel;
            links::add(out, at, "deepep", [&](const JsonCursor& row, Case& c) { read_kernel(row, name, c); });
        }
    }
    return out;
}

}  // namespace tessera::measured
