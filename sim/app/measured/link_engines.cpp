#include "models/nvlink/copy_engine.hpp"
#include "sim/app/measured/links.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera::measured::links {

namespace {

constexpr std::int64_t judged_from = 262144;

// Who copies to whom, from the measuring program's words.
struct Pattern {
    bool pull = false, both_ways = false, incast = false;
    int peers = 1, initiators = 1;
};

Pattern pattern_of(const std::string& what, int streams, int per_peer) {
    Pattern p;
    p.pull = what.find("pull") != std::string::npos;
    const int jobs = std::max(1, streams / std::max(1, per_peer));
    if (what.rfind("bi1", 0) == 0) {
        p.both_ways = true;
        p.initiators = 2;
    } else if (what.rfind("all", 0) == 0 || what.find("every GPU") != std::string::npos) {
        for (p.initiators = 2; p.initiators * (p.initiators - 1) < jobs;) { ++p.initiators; }
        p.peers = p.initiators - 1;
        p.both_ways = true;
    } else if (what.rfind("incast", 0) == 0) {
        p.incast = true;
        p.initiators = jobs;
    } else {
        p.peers = jobs;
    }
    return p;
}

Time wire_of(const SystemConfig& s, const EngineCopies& w, const Pattern& p) {
    const Bytes mine = w.size * (static_cast<double>(w.copies) * w.streams_per_peer * w.peers);
    WireLoad load;
    if (p.incast) {
        load.written_in = mine * static_cast<double>(p.initiators);
    } else {
        load.written_out = p.pull ? Bytes::zero() : mine;
        load.written_in = p.pull ? mine : Bytes::zero();  // the peers' engines may do it: writes again
        if (p.both_ways) { load.written_out = load.written_in = mine; }
    }
    return wire_time(wire_params(s.nvlink), load, WireUser::copy_engine);
}

Probe probe_of(EngineCopies work, Pattern pattern, bool rate) {
    return [=](const SystemConfig& s, Frequency) {
        const Time time = engine_copies_time(s.nvlink, work, wire_of(s, work, pattern));
        const double moved = to_double(work.size) * work.copies * work.streams_per_peer * work.peers;
        return Prediction{rate ? moved / to_nanoseconds(time) : to_nanoseconds(time), "nvlink"};
    };
}

void read_bandwidth(const JsonCursor& at, Case& c) {
    const std::string what = at.text("what"), api = at.text("api");
    const int per_peer = static_cast<int>(at.count_or("streams_per_peer", 1));
    const Pattern p = pattern_of(what, static_cast<int>(at.count("streams")), per_peer);
    EngineCopies w;
    w.call = api == "cudaMemcpyBatchAsync" ? CopyCall::batch : CopyCall::single;
    w.pull = p.pull;
    w.peers = p.peers;
    w.streams_per_peer = per_peer;
    w.copies = static_cast<int>(at.count("copies_per_stream"));
    w.size = bytes(at.count("bytes"));
    const bool few = c.family == "nvlink D small";
    c.id = what + " " + api + " " + std::to_string(w.size.raw()) + " B x " + std::to_string(w.copies) + ", " +
           std::to_string(at.count("streams")) + " streams" + (few ? ", few" : "");
    c.variant = what;
    c.shape = {{"bytes", w.size.raw()}, {"copies", w.copies}, {"streams", at.count("streams")}};
    c.family = w.size.raw() >= judged_from ? "copy engines" : "copy engines, below 256 KiB";
    c.unit = few ? "ns" : "GB/s";
    c.measured = middle(at.at(few ? "ns" : "gbps"));
    c.probe = probe_of(w, p, !few);
}

void read_triggered(const JsonCursor& at, Case& c) {
    const std::int64_t size = at.at("bytes").integer();
    const bool host = at.text("flags_in") == "pinned host memory";
    c.family = "copies set off by a kernel";
    c.variant = size == 0 ? "calibration" : at.text("flags_in");
    c.id = "kernel sets off a copy of " + std::to_string(size) + " B, flags in " + at.text("flags_in");
    c.unit = "ns";
    c.measured = middle(at.at("ns"));
    c.probe = [=](const SystemConfig& s, Frequency) {
        return Prediction{to_nanoseconds(triggered_copy_time(s.nvlink, bytes(size), host)), "latency"};
    };
}

void read_graph(const JsonCursor& at, Case& c) {
    EngineCopies w;
    w.size = bytes(at.count("bytes"));
    w.copies = static_cast<int>(at.count("nodes"));
    c.family = "copy engines, in a graph";
    c.id = "graph of " + std::to_string(w.copies) + " copies of " + std::to_string(w.size.raw()) + " B";
    c.unit = "ns";
    c.measured = middle(at.at("ns_per_copy"));
    c.probe = [w](const SystemConfig& s, Frequency) {
        const Time time = engine_copies_time(s.nvlink, w, wire_of(s, w, {}));
        return Prediction{to_nanoseconds(time) / w.copies, "nvlink"};
    };
}

}  // namespace

Reader engine_reader(const std::string& list) {
    if (list == "bandwidth" || list == "engines" || list == "small") { return read_bandwidth; }
    if (list == "kernel_triggered") { return read_triggered; }
    if (list == "graph") { return read_graph; }
    return {};
}

}  // namespace tessera::measured::links
