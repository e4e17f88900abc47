#include "models/smem/smem.hpp"

#include "sim/base/error.hpp"

namespace tessera {

Smem::Smem(sc_core::sc_module_name name, const SharedMemoryConfig& config, int sms)
    : sc_module(name), port("port"), config_(config), ports_(static_cast<std::size_t>(sms)) {
    port.bind(*this);
    if (config.bandwidth.raw() <= 0 || config.capacity.raw() <= 0) {
        throw ModelError("shared memory cannot be modelled: /sm/smem/bandwidth and capacity must be positive");
    }
}

void Smem::reset(Time now, const Clock& clock) {
    clock_ = clock;
    latency_ = clock_.time(config_.latency);
    for (Server& p : ports_) { p.reset(now); }
    stats_ = SmemStats{};
}

SmemStats Smem::stats() const {
    SmemStats s = stats_;
    for (const Server& p : ports_) { s.busy += p.busy(); }
    return s;
}

Time Smem::access(int sm, Bytes bytes, double conflict, Time when) {
    invariant(conflict >= 1.0, "a bank-conflict degree below 1");
    stats_.bytes += bytes;
    const Time service = clock_.time(to_double(bytes) * conflict / config_.bandwidth.raw());
    return ports_[static_cast<std::size_t>(sm)].serve(when, service) + latency_;
}

void Smem::count(int /*sm*/, Bytes bytes) { stats_.bytes += bytes; }

}  // namespace tessera
