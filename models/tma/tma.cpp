#include "models/tma/tma.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

Tma::Tma(sc_core::sc_module_name name, const TmaConfig& config, int sms)
    : sc_module(name), port("port"), memory("memory"), config_(config), lanes_(static_cast<std::size_t>(sms)) {
    port.bind(*this);
    if (config.bandwidth.raw() <= 0) { throw ModelError("TMA cannot be modelled: /tma/bandwidth must be positive"); }
    if (config.cast && config.cast_throughput.raw() <= 0) {
        throw ModelError("TMA with a cast unit needs a positive /tma/cast_throughput");
    }
}

void Tma::reset(Time now, const Clock& clock) {
    clock_ = clock;
    interval_ = clock_.time(config_.issue_interval);
    overhead_ = clock_.time(config_.latency_overhead);
    cast_latency_ = clock_.time(config_.cast_latency);
    for (Lane& l : lanes_) {
        l.issue.reset(now);
        l.stream.reset(now);
        l.cast.reset(now);
    }
    stats_ = TmaStats{};
}

TmaStats Tma::stats() const {
    TmaStats s = stats_;
    for (const Lane& l : lanes_) {
        s.busy += l.stream.busy();
        s.cast_busy += l.cast.busy();
    }
    return s;
}

TmaReply Tma::load(const TmaCopy& copy, Time when) {
    if (copy.cast && !config_.cast) { throw ModelError("the TMA of this system cannot cast (capability /tma/cast)"); }
    if (copy.memory.multicast > config_.max_multicast) {
        throw ModelError("multicast to more SMs than the TMA of this system reaches (/tma/max_multicast)");
    }
    Lane& lane = lanes_[static_cast<std::size_t>(copy.memory.sm)];
    TmaReply reply;
    reply.issued = lane.issue.serve(when, interval_ * static_cast<double>(copy.descriptors));
    const Time sent = reply.issued - interval_ * static_cast<double>(copy.descriptors);
    const MemoryReply data = fetch(copy, sent);
    const Time transfer = clock_.time(copy.memory.bytes, config_.bandwidth) * copy.lines;
    Time end = lane.stream.serve(sent, transfer);
    Time done = max(data.done, end) + overhead_;
    if (copy.cast) {
        end = lane.cast.serve(sent, clock_.time(copy.memory.bytes, config_.cast_throughput));
        done = max(done, end + overhead_) + cast_latency_;
        stats_.cast += copy.memory.bytes;
    }
    reply.done = reply.source_free = done;
    reply.from_hbm = data.from_hbm;
    ++stats_.loads;
    stats_.loaded += copy.memory.bytes;
    return reply;
}

// The requests of a copy leave one after another: its last line is asked for when all others have been.
MemoryReply Tma::fetch(const TmaCopy& copy, Time sent) {
    if (copy.requests <= 1) { return memory->access(copy.memory, sent); }
    MemoryRequest part = copy.memory;
    const Bytes last = bytes(std::max<std::int64_t>(1, copy.memory.bytes.raw() / copy.requests));
    part.bytes = copy.memory.bytes - last;
    MemoryReply reply = memory->access(part, sent);
    part.bytes = last;
    const MemoryReply end = memory->access(part, sent + clock_.time(config_.request_interval.raw() * copy.requests));
    reply.done = max(reply.done, end.done);
    reply.from_hbm += end.from_hbm;
    return reply;
}

TmaReply Tma::store(const TmaCopy& copy, Time when) {
    Lane& lane = lanes_[static_cast<std::size_t>(copy.memory.sm)];
    TmaReply reply;
    reply.issued = lane.issue.serve(when, interval_);
    const Time sent = reply.issued - interval_;
    const Time end = lane.stream.serve(sent, clock_.time(copy.memory.bytes, config_.bandwidth));
    const MemoryReply data = memory->access(copy.memory, sent);
    const bool sum = copy.memory.op == MemoryOp::reduce;
    reply.source_free = max(end, data.accepted) + clock_.time(sum ? config_.reduce_overhead : config_.store_overhead);
    reply.done = max(end, data.done);
    reply.settled = max(reply.done, data.settled);
    ++stats_.stores;
    stats_.stored += copy.memory.bytes;
    return reply;
}

}  // namespace tessera
