#include "models/network/messages.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <queue>

namespace tessera::network {

namespace {

constexpr double most_packets = 8e6;

// A packet reaches the queue of hop `hop` of its message's way.
struct Event {
    Time at{};
    std::uint64_t order = 0;  // of creation: ties are served in it
    std::uint32_t message = 0, hop = 0;
    double wire = 0;
};
struct Later {
    bool operator()(const Event& a, const Event& b) const { return a.at != b.at ? a.at > b.at : a.order > b.order; }
};

struct Source {
    std::vector<std::uint32_t> messages;  // with packets left, served in turn
    std::size_t turn = 0;
};

class Run {
public:
    Run(const Graph& graph, const std::vector<Message>& messages, const Packets& packets)
        : graph_(graph),
          messages_(messages),
          packets_(packets),
          free_(graph.links().size(), Time::zero()),
          sources_(graph.links().size()),
          delivered_(messages.size(), 0) {
        d_.arrival.assign(messages.size(), Time::zero());
        d_.carried.assign(graph.links().size(), 0);
        double count = 0;
        for (const Message& m : messages) {
            routes_.push_back(route_of(graph, m));
            left_.push_back(to_double(m.size));
            count += std::ceil(to_double(m.size) / packets.payload);
            d_.injected += m.size;
        }
        if (count > most_packets) {
            throw ModelError("network: " + std::to_string(static_cast<std::int64_t>(count)) +
                             " packets are too many to follow one by one; use shares of messages");
        }
    }

    Delivery finish() {
        start();
        while (!queue_.empty()) {
            const Event e = queue_.top();
            queue_.pop();
            serve(e);
        }
        for (std::size_t m = 0; m < messages_.size(); ++m) {
            d_.delivered += bytes(std::llround(delivered_[m]));
            d_.last = max(d_.last, d_.arrival[m]);
        }
        invariant(d_.injected == d_.delivered, "network: packets were lost");
        return std::move(d_);
    }

private:
    void start() {
        for (std::size_t m = 0; m < messages_.size(); ++m) {
            if (routes_[m].empty() || left_[m] <= 0) {
                d_.arrival[m] = messages_[m].start;
                delivered_[m] = to_double(messages_[m].size);
                continue;
            }
            sources_[static_cast<std::size_t>(routes_[m].front())].messages.push_back(static_cast<std::uint32_t>(m));
        }
        for (std::size_t l = 0; l < sources_.size(); ++l) { inject(static_cast<LinkId>(l), Time::zero()); }
    }

    // An endpoint's link takes a packet of one message after another; the next is made when the link takes it.
    void inject(LinkId first, Time now) {
        Source& s = sources_[static_cast<std::size_t>(first)];
        if (s.messages.empty()) { return; }
        s.turn %= s.messages.size();
        const std::uint32_t m = s.messages[s.turn];
        const double payload = std::min(packets_.payload, left_[m]);
        left_[m] -= payload;
        queue_.push({max(now, messages_[m].start), order_++, m, 0, payload + packets_.header});
        if (left_[m] <= 0) {
            s.messages.erase(s.messages.begin() + static_cast<std::ptrdiff_t>(s.turn));
        } else {
            ++s.turn;
        }
    }

    void serve(const Event& e) {
        const std::vector<LinkId>& way = routes_[e.message];
        const auto l = static_cast<std::size_t>(way[e.hop]);
        const Link& link = graph_.links()[l];
        free_[l] = max(free_[l], e.at) + seconds(e.wire / link.rate.raw());
        d_.carried[l] += e.wire;
        if (e.hop == 0) { inject(way[0], free_[l]); }
        const Time there = free_[l] + link.latency;
        if (e.hop + 1 < way.size()) {
            queue_.push({there, order_++, e.message, e.hop + 1, e.wire});
        } else {
            delivered_[e.message] += e.wire - packets_.header;
            d_.arrival[e.message] = max(d_.arrival[e.message], there);
        }
    }

    const Graph& graph_;
    const std::vector<Message>& messages_;
    Packets packets_;
    Delivery d_;
    std::vector<std::vector<LinkId>> routes_;
    std::vector<double> left_;
    std::vector<Time> free_;
    std::vector<Source> sources_;
    std::vector<double> delivered_;
    std::priority_queue<Event, std::vector<Event>, Later> queue_;
    std::uint64_t order_ = 0;
};

}  // namespace

Delivery send_packets(const Graph& graph, const std::vector<Message>& messages, const Packets& packets) {
    return Run(graph, messages, packets).finish();
}

}  // namespace tessera::network
