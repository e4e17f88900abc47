#include "models/sm/cuda_cores.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

namespace {

constexpr double warp_threads = 32;

}  // namespace

double issue_cycles(const CudaWork& w, const CudaCoreConfig& c) {
    invariant(c.fp32_lanes > 0 && c.convert_lanes > 0 && c.sfu_lanes > 0 && c.issue_slots > 0,
              "CUDA-core rates are missing from the configuration");
    double cycles = std::max({(w.alu + w.fused) / c.fp32_lanes, w.convert / c.convert_lanes, w.sfu / c.sfu_lanes});
    cycles = std::max(cycles, w.half / (c.half_lanes > 0 ? c.half_lanes : c.fp32_lanes));
    if (c.shuffle_lanes > 0) { cycles = std::max(cycles, w.shuffle / c.shuffle_lanes); }
    const double instructions = w.alu + w.convert + w.sfu + w.half + w.shuffle + w.fused * c.fused_slots;
    if (w.cast > 0) {
        if (!c.warp_cast || c.warp_cast_elements_per_clk <= 0) {
            throw ModelError("the CUDA cores of this system have no warp-level cast (capability warp_cast)");
        }
        cycles = std::max(cycles, w.cast / c.warp_cast_elements_per_clk);
    }
    return std::max(cycles, instructions / (c.issue_slots * warp_threads));
}

CudaCores::CudaCores(sc_core::sc_module_name name, const SmConfig& config)
    : sc_module(name), port("port"), config_(config.cuda), units_(static_cast<std::size_t>(config.count)) {
    port.bind(*this);
}

void CudaCores::reset(Time now, const Clock& clock) {
    clock_ = clock;
    for (Server& u : units_) { u.reset(now); }
    stats_ = CudaCoreStats{};
}

CudaCoreStats CudaCores::stats() const {
    CudaCoreStats s = stats_;
    for (const Server& u : units_) { s.busy += u.busy(); }
    return s;
}

Time CudaCores::issue(int sm, const CudaWork& work, Time when) {
    stats_.instructions += work.alu + work.convert + work.sfu + work.half + work.fused + work.shuffle;
    return units_[static_cast<std::size_t>(sm)].serve(when, clock_.time(issue_cycles(work, config_)));
}

}  // namespace tessera
