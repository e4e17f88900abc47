#include "models/network/messages.hpp"

#include "models/network/fair_share.hpp"
#include "sim/base/error.hpp"
#include "sim/base/hash.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <unordered_map>

namespace tessera::network {

namespace {

using Colors = std::vector<std::uint64_t>;

struct Folded {
    std::vector<std::vector<LinkId>> routes;  // of each message
    std::vector<int> flow_of, link_of;        // class of each message and link; link_of -1: unused
    int flows = 0, links = 0;
};

std::uint64_t bits_of(double x) {
    std::uint64_t u = 0;
    static_assert(sizeof u == sizeof x);
    std::memcpy(&u, &x, sizeof u);
    return u;
}

int distinct(const Colors& colors) {
    Colors sorted = colors;
    std::sort(sorted.begin(), sorted.end());
    return static_cast<int>(std::unique(sorted.begin(), sorted.end()) - sorted.begin());
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) { return Hasher().word(a).word(b).value(); }

// One round: a message by its links in order, a link by the sum of its messages (order does not matter).
void refine(const Folded& f, Colors& message, Colors& link) {
    for (std::size_t m = 0; m < message.size(); ++m) {
        for (const LinkId l : f.routes[m]) { message[m] = mixed(message[m], link[static_cast<std::size_t>(l)]); }
    }
    Colors sum(link.size(), 0);
    for (std::size_t m = 0; m < message.size(); ++m) {
        for (const LinkId l : f.routes[m]) { sum[static_cast<std::size_t>(l)] += mixed(message[m], 1); }
    }
    for (std::size_t l = 0; l < link.size(); ++l) { link[l] = mixed(link[l], sum[l]); }
}

std::vector<int> numbered(const Colors& colors, int& count) {
    std::unordered_map<std::uint64_t, int> number;  // looked up; numbers follow first appearance
    std::vector<int> out;
    out.reserve(colors.size());
    for (const std::uint64_t c : colors) {
        out.push_back(number.emplace(c, static_cast<int>(number.size())).first->second);
    }
    count = static_cast<int>(number.size());
    return out;
}

Folded fold(const Graph& graph, const std::vector<Message>& messages) {
    Folded f;
    Colors message, link;
    for (const Message& m : messages) {
        f.routes.push_back(route_of(graph, m));
        message.push_back(mixed(static_cast<std::uint64_t>(m.size.raw()), static_cast<std::uint64_t>(m.start.raw())));
    }
    for (const Link& l : graph.links()) {
        link.push_back(mixed(bits_of(l.rate.raw()), static_cast<std::uint64_t>(l.latency.raw())));
    }
    int before = 0;
    for (;;) {
        refine(f, message, link);
        const int now = distinct(message) + distinct(link);
        if (now == before) { break; }
        before = now;
    }
    f.flow_of = numbered(message, f.flows);
    f.link_of = numbered(link, f.links);
    return f;
}

Delivery delivery_of(const Graph& graph, const std::vector<Message>& messages) {
    Delivery d;
    d.arrival.assign(messages.size(), Time::zero());
    d.carried.assign(graph.links().size(), 0);
    for (const Message& m : messages) { d.injected += m.size; }
    return d;
}

void finish(Delivery& d) {
    for (const Time t : d.arrival) { d.last = max(d.last, t); }
    invariant(d.injected == d.delivered, "network: bytes injected and delivered differ");
}

}  // namespace

double wire_bytes(const Packets& p, Bytes payload) {
    return to_double(payload) + p.header * std::ceil(to_double(payload) / p.payload);
}

std::vector<LinkId> route_of(const Graph& graph, const Message& m) {
    if (m.via < 0) { return graph.route(m.from, m.to, m.choice); }
    std::vector<LinkId> way = graph.route(m.from, m.via, m.choice);
    const std::vector<LinkId> rest = graph.route(m.via, m.to, m.choice);
    way.insert(way.end(), rest.begin(), rest.end());
    return way;
}

Delivery send_fluid(const Graph& graph, const std::vector<Message>& messages, const Packets& packets) {
    const Folded f = fold(graph, messages);
    std::vector<LinkClass> links(static_cast<std::size_t>(f.links));
    std::vector<double> members(static_cast<std::size_t>(f.links), 0);
    for (std::size_t l = 0; l < f.link_of.size(); ++l) {
        const auto c = static_cast<std::size_t>(f.link_of[l]);
        links[c].rate = graph.links()[l].rate.raw();
        members[c] += 1;
    }
    for (std::size_t c = 0; c < links.size(); ++c) { links[c].count = members[c]; }
    std::vector<FlowClass> flows(static_cast<std::size_t>(f.flows));
    for (FlowClass& flow : flows) { flow.count = 0; }
    for (std::size_t m = 0; m < messages.size(); ++m) {
        FlowClass& flow = flows[static_cast<std::size_t>(f.flow_of[m])];
        if (flow.count++ > 0) { continue; }
        flow.bytes = wire_bytes(packets, messages[m].size);
        flow.start = to_seconds(messages[m].start);
        std::map<int, double> times;
        for (const LinkId l : f.routes[m]) { times[f.link_of[static_cast<std::size_t>(l)]] += 1; }
        flow.crossings.assign(times.begin(), times.end());
    }
    const FlowTimes run = run_flows(links, flows);
    Delivery d = delivery_of(graph, messages);
    for (std::size_t m = 0; m < messages.size(); ++m) {
        const auto c = static_cast<std::size_t>(f.flow_of[m]);
        d.arrival[m] = seconds(run.finish[c]) + latency_of(graph, f.routes[m]);
        d.delivered += messages[m].size;
        for (const LinkId l : f.routes[m]) { d.carried[static_cast<std::size_t>(l)] += flows[c].bytes; }
    }
    finish(d);
    return d;
}

std::pair<int, int> classes_of(const Graph& graph, const std::vector<Message>& messages) {
    const Folded f = fold(graph, messages);
    return {f.flows, f.links};
}

}  // namespace tessera::network
