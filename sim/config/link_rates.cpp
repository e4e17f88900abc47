#include "sim/config/link_rates.hpp"

#include <algorithm>

namespace tessera {

namespace {

double payload_share(Bytes payload, Bytes beside) {
    return payload > Bytes::zero() ? to_double(payload) / to_double(payload + beside) : 1.0;
}

}  // namespace

Bandwidth payload_rate(const NvlinkConfig& c) {
    return c.per_direction * payload_share(c.wire.payload, c.wire.store_overhead);
}

Bandwidth payload_rate(const NicConfig& c) {
    const Bandwidth wire = c.per_gpu * payload_share(c.packet, c.header);
    return c.pcie > Bandwidth::zero() ? std::min(wire, c.pcie) : wire;
}

Bandwidth row_rate(const NicConfig& c) {
    const Bandwidth wire = payload_rate(c);
    return c.row_puts > Bandwidth::zero() ? std::min(wire, c.row_puts) : wire;
}

}  // namespace tessera
