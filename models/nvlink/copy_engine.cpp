#include "models/nvlink/copy_engine.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

namespace {

const CopyEngineConfig& engines_of(const NvlinkConfig& config) {
    if (config.copy_engine.count < 1) { throw ModelError("nvlink.copy_engine: the system has none"); }
    return config.copy_engine;
}

Time of_copies(Time one, double count) { return one * count; }

}  // namespace

Time engine_copies_time(const NvlinkConfig& config, const EngineCopies& work, Time wire) {
    const CopyEngineConfig& e = engines_of(config);
    if (work.peers < 1 || work.streams_per_peer < 1 || work.copies < 1 || !(work.size > Bytes::zero())) {
        throw ModelError("copies by engines need peers, streams, copies and bytes");
    }
    const Bandwidth rate = stream_rate(wire_params(config), WireUser::copy_engine);
    // Streams that share an engine take turns; more peers than engines share them as well.
    const int shared = work.streams_per_peer * ((work.peers + e.count - 1) / e.count);
    const double copies = static_cast<double>(work.copies) * shared;
    const Time moving = max(work.size / rate * copies, wire);
    Time total;
    if (work.call != CopyCall::single) {
        total = of_copies(e.batch_start, shared) + moving;
    } else if (work.pull) {
        const Time one = moving / copies;
        total = e.start + of_copies(max(e.pull_floor, e.pull_per_copy + one), copies);
    } else {
        total = of_copies(e.start, shared) + of_copies(e.per_copy, copies) + moving;
    }
    if (work.host_bound) {
        const Time call = work.call == CopyCall::batch ? e.host_batched : e.host_call;
        total = max(total, of_copies(call, copies * work.peers));
    }
    return total;
}

Time triggered_copy_time(const NvlinkConfig& config, Bytes size, bool host_flags) {
    const CopyEngineConfig& e = engines_of(config);
    const Time empty = host_flags ? e.trigger_host : e.trigger_device;
    if (size <= Bytes::zero()) { return empty; }
    return empty + e.per_copy + size / stream_rate(wire_params(config), WireUser::copy_engine);
}

}  // namespace tessera
