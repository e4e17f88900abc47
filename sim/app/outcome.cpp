#include "sim/app/outcome.hpp"

#include "sim/base/error.hpp"
#include "sim/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

Time tensor_floor(const RunResult& baseline, const SystemConfig& system) {
    double operations = 0;
    for (const ClassTotal& c : baseline.classes) { operations += c.flops.raw(); }
    const double rate = 2.0 * system.sm.tensor.fp8_mac_per_clk * system.sm.count * system.power.max_clock.raw();
    return rate > 0 ? seconds(operations / rate) : Time::zero();
}

template <class T>
T positive(T difference) {
    return difference > T{} ? difference : T{};
}

Traffic positive(const Traffic& before, const Traffic& after) {
    Traffic t;
    for (auto part : {&Traffic::hbm_read, &Traffic::hbm_write, &Traffic::l2_read, &Traffic::l2_write, &Traffic::smem,
                      &Traffic::nvlink_out, &Traffic::nvlink_in, &Traffic::nic_out, &Traffic::nic_in}) {
        t.*part = positive(before.*part - after.*part);
    }
    return t;
}

ClassTotal positive(const ClassTotal& before, const ClassTotal& after) {
    ClassTotal c;
    c.op_class = before.op_class;
    c.kernels = positive(before.kernels - after.kernels);
    c.time = positive(before.time - after.time);
    c.critical = positive(before.critical - after.critical);
    c.traffic = positive(before.traffic, after.traffic);
    c.flops = positive(before.flops - after.flops);
    c.energy_j = positive(before.energy_j - after.energy_j);
    return c;
}

bool empty(const ClassTotal& c) {
    const Bytes links = c.traffic.nvlink_out + c.traffic.nvlink_in + c.traffic.nic_out + c.traffic.nic_in;
    const Bytes moved = c.traffic.hbm() + c.traffic.l2() + c.traffic.smem + links;
    return c.kernels == 0 && c.time == Time::zero() && c.critical == Time::zero() && moved == Bytes::zero() &&
           c.flops == Flops::zero() && c.energy_j == 0;
}

std::string megahertz_text(Frequency f) { return std::to_string(std::lround(f.raw() * 1e-6)); }

}  // namespace

VariantBound bound_of(const RunResult& baseline, const RunResult& variant, const std::vector<ActiveProposal>& active,
                      const SystemConfig& system) {
    VariantBound bound;
    Time time = baseline.time;
    if (variant.sm_clock > baseline.sm_clock && baseline.sm_clock > Frequency::zero()) {
        time = time * (baseline.sm_clock / variant.sm_clock);
        bound.reason = "SM clock up from " + megahertz_text(baseline.sm_clock) + " to " +
                       megahertz_text(variant.sm_clock) + " MHz as less power is drawn";
    }
    for (const ActiveProposal& a : active) {
        const GainBound most = a.proposal->bound(baseline, system);
        time -= most.most;
        bound.reason += (bound.reason.empty() ? "" : "; ") +
                        (active.size() > 1 ? std::string(a.proposal->slug()) + ": " : std::string()) + most.reason;
    }
    const Time floor = max(tensor_floor(baseline, system), femtoseconds(1));
    if (time < floor) {
        time = floor;
        bound.reason += "; no further than all operations at the Tensor Cores' peak";
    }
    bound.speedup = baseline.time / time;
    return bound;
}

std::vector<ClassTotal> surplus(const RunResult& before, const RunResult& after) {
    std::vector<ClassTotal> list;
    for (const ClassTotal& b : before.classes) {
        const auto same = std::find_if(after.classes.begin(), after.classes.end(),
                                       [&](const ClassTotal& a) { return a.op_class == b.op_class; });
        const ClassTotal rest = positive(b, same == after.classes.end() ? ClassTotal{} : *same);
        if (!empty(rest)) { list.push_back(rest); }
    }
    std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.time > b.time; });
    return list;
}

VariantOutcome outcome_of(const RunResult& baseline, RunResult variant, const std::vector<ActiveProposal>& active,
                          const SystemConfig& system) {
    invariant(variant.time > Time::zero(), "a variant that takes no time");
    VariantOutcome v;
    v.speedup = baseline.time / variant.time;
    VariantBound bound = bound_of(baseline, variant, active, system);
    v.bound_speedup = bound.speedup;
    v.bound_reason = std::move(bound.reason);
    v.removed = surplus(baseline, variant);
    v.added = surplus(variant, baseline);
    v.result = std::move(variant);
    return v;
}

}  // namespace tessera
