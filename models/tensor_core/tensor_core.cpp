#include "models/tensor_core/tensor_core.hpp"

#include "models/tensor_core/mma_timing.hpp"

namespace tessera {

TensorCore::TensorCore(sc_core::sc_module_name name, const SmConfig& config)
    : sc_module(name), port("port"), config_(config), units_(static_cast<std::size_t>(config.count)) {
    port.bind(*this);
}

void TensorCore::reset(Time now, const Clock& clock) {
    clock_ = clock;
    for (Server& u : units_) { u.reset(now); }
    stats_ = TensorCoreStats{};
}

TensorCoreStats TensorCore::stats() const {
    TensorCoreStats s = stats_;
    for (const Server& u : units_) { s.busy += u.busy(); }
    return s;
}

double TensorCore::cycles(const MmaShape& shape) const { return mma_cycles(shape, config_.tensor, config_.smem); }

double TensorCore::smem_bytes(const MmaShape& shape) const { return mma_smem_bytes(shape, config_.tensor); }

Time TensorCore::mma(int sm, const MmaShape& shape, Time when) {
    stats_.macs += static_cast<double>(shape.m) * static_cast<double>(shape.n) * static_cast<double>(shape.k);
    const TensorCoreConfig& t = config_.tensor;
    const WgmmaCycles one = wgmma_cycles(shape, t, config_.smem);
    const double nearer = shape.a_in_registers ? t.wgmma_register_a.raw() : 0.0;
    const Time end = units_[static_cast<std::size_t>(sm)].serve(when, clock_.time(cycles(shape)));
    // The last wgmma's multiplications end before the next could start where operands or issue are the limit.
    const double drain = t.wgmma_latency.raw() - nearer - (one.interval - one.multiply);
    const Time busy = drain >= 0 ? end + clock_.time(drain) : end - clock_.time(-drain);
    return max(busy, when + clock_.time(t.wgmma_alone.raw() - nearer + one.multiply));
}

}  // namespace tessera
