#include "models/nvlink/wire.hpp"

#include "sim/base/error.hpp"
#include "sim/base/normal.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

WireParams wire_params(const NvlinkConfig& config) {
    if (!(config.per_direction > Bandwidth::zero())) { throw ModelError("nvlink: per_direction must be positive"); }
    const NvlinkWireConfig& w = config.wire;
    if (!(w.payload > Bytes::zero()) || w.links < 1 || w.store_overhead < Bytes::zero() ||
        w.load_overhead < Bytes::zero() || w.engine_overhead < Bytes::zero() || w.request < Bytes::zero() ||
        w.acknowledge < Bytes::zero()) {
        throw ModelError("nvlink.wire: the system does not say what a packet carries and costs");
    }
    WireParams p;
    p.raw = config.per_direction;
    p.payload = to_double(w.payload);
    p.stored = to_double(w.store_overhead);
    p.loaded = to_double(w.load_overhead);
    p.copied = to_double(w.engine_overhead);
    p.links = w.links;
    p.request = to_double(w.request);
    p.acknowledge = to_double(w.acknowledge);
    return p;
}

Time wire_time(const WireParams& p, const WireLoad& load, WireUser user) {
    const bool sm = user == WireUser::sm;
    const double written = 1 + (sm ? p.stored : p.copied) / p.payload,
                 read = 1 + (sm ? p.loaded : p.copied) / p.payload;
    const double asked = p.request / p.payload, answered = p.acknowledge / p.payload;
    const double out = to_double(load.written_out) * written + to_double(load.read_out) * read +
                       to_double(load.read_in) * asked + to_double(load.written_in) * answered;
    const double in = to_double(load.written_in) * written + to_double(load.read_in) * read +
                      to_double(load.read_out) * asked + to_double(load.written_out) * answered;
    return seconds(std::max(out, in) / p.raw.raw());
}

double busiest_link(const WireParams& p, Bytes footprint) {
    if (p.links < 2 || !(footprint > Bytes::zero())) { return 1; }
    const double share = (p.links - 0.375) / (p.links + 0.25);
    const double lines = std::max(1.0, to_double(footprint) / p.payload);
    return std::min<double>(p.links, 1 + normal_quantile(share) * std::sqrt((p.links - 1.0) / lines));
}

Bandwidth stream_rate(const WireParams& p, WireUser user) {
    const double beside = user == WireUser::sm ? p.stored : p.copied;
    return p.raw * (p.payload / (p.payload + beside));
}

}  // namespace tessera
