#include "models/nvlink/sm_stream.hpp"
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/links.hpp"
#include "sim/base/error.hpp"

namespace tessera::measured::links {

namespace {

constexpr std::int64_t judged_from = 65536;  // bytes; below it a round is a few latencies of the measuring loop

// Wires of the busiest GPU for one round: everyone sends alike, or all to one.
Time wire_of(const SystemConfig& s, const StreamJob& job, int initiators, bool incast) {
    const Bytes mine = job.per_peer * static_cast<double>(job.peers);
    WireLoad load;
    if (incast) {
        load.written_in = mine * static_cast<double>(initiators);
    } else if (job.pull) {
        load.read_in = mine;
        if (initiators > 1) { load.read_out = mine; }
    } else {
        load.written_out = mine;
        if (initiators > 1) { load.written_in = mine; }
    }
    return wire_time(wire_params(s.nvlink), load, WireUser::sm);
}

void read_stream(const JsonCursor& at, bool incast, Case& c) {
    const std::string method = at.text("method"), mode = at.text("mode");
    StreamJob job;
    job.crew.bulk = method.rfind("tma", 0) == 0;
    job.crew.warps = job.crew.bulk ? 4 : 32;
    job.pull = method.find("pull") != std::string::npos;
    job.sms = sms_of(at.at("sms"));
    job.peers = static_cast<int>(at.count("peers"));
    job.per_peer = bytes(at.count("bytes"));
    job.chunk = bytes(at.at("chunk").integer());
    job.rounds = static_cast<int>(at.count("rounds"));
    job.fenced = mode == "fenced";
    const int gpus = static_cast<int>(at.count("gpus"));
    c.id = c.family.substr(std::string("nvlink C ").size()) + " " + method + " " + std::to_string(job.sms) + " SMs, " +
           std::to_string(job.per_peer.raw()) + " B, " + mode;
    c.family = job.per_peer.raw() < judged_from ? "nvlink streams, below 64 KiB" : "nvlink streams";
    c.variant = method + " " + mode;
    c.shape = {{"sms", job.sms}, {"bytes", job.per_peer.raw()}, {"peers", job.peers}, {"gpus", gpus}};
    c.unit = "GB/s";
    c.measured = middle(at.at("gbps"));
    c.probe = [=](const SystemConfig& s, Frequency) mutable {
        if (job.sms > s.sm.count) { throw ModelError("more SMs than the GPU has"); }
        job.reused = s.l2.capacity * s.l2.effective_capacity;
        const Bytes footprint = job.per_peer * static_cast<double>(job.peers);
        const Time wire = wire_of(s, job, gpus, incast) * busiest_link(wire_params(s.nvlink), footprint);
        const StreamTime t = stream_time(sm_link_params(s), job, wire, fastest(s));
        const double rate = to_double(job.per_peer) * job.peers / to_nanoseconds(t.round);
        return Prediction{rate, t.wire > t.sm_round ? "nvlink" : "sm_copy"};
    };
}

}  // namespace

Reader stream_reader(const std::string& list) {
    const bool incast = list == "incast";
    return [incast](const JsonCursor& at, Case& c) { read_stream(at, incast, c); };
}

}  // namespace tessera::measured::links
