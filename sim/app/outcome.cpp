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

RunResult only_stream(const RunResult& r, const std::string& stream) {
    RunResult one = r;
    auto& spans = one.timeline.spans;
    spans.erase(std::remove_if(spans.begin(), spans.end(), [&](const Span& s) { return s.stream != stream; }),
                spans.end());
    return one;
}

Time removable(const RunResult& baseline, const std::vector<ActiveProposal>& active, const SystemConfig& system) {
    Time sum{};
    for (const ActiveProposal& a : active) { sum += a.proposal->bound(baseline, system).most; }
    return sum;
}

// The longest stream after everything removable is gone and each kernel has the whole GPU.
Time stream_floor(const RunResult& baseline, const std::vector<ActiveProposal>& active, const SystemConfig& system) {
    Time longest{};
    for (const std::string& stream : baseline.timeline.streams) {
        const RunResult one = only_stream(baseline, stream);
        Time alone{};
        for (const Span& s : one.timeline.spans) {
            alone += s.sms > 0 ? s.alone * (static_cast<double>(s.sms) / system.sm.count) : s.alone;
        }
        longest = max(longest, alone - removable(one, active, system));
    }
    return longest;
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
    const bool faster = variant.sm_clock > baseline.sm_clock && baseline.sm_clock > Frequency::zero();
    const double at_clock = faster ? baseline.sm_clock / variant.sm_clock : 1.0;
    Time time = baseline.time * at_clock;
    if (faster) {
        bound.reason = "SM clock up from " + megahertz_text(baseline.sm_clock) + " to " +
                       megahertz_text(variant.sm_clock) + " MHz as less power is drawn";
    }
    for (const ActiveProposal& a : active) {
        const GainBound most = a.proposal->bound(baseline, system);
        time -= most.most;
        bound.reason += (bound.reason.empty() ? "" : "; ") +
                        (active.size() > 1 ? std::string(a.proposal->slug()) + ": " : std::string()) + most.reason;
    }
    const Time at_peak = max(tensor_floor(baseline, system), femtoseconds(1));
    const Time remaining = stream_floor(baseline, active, system) * at_clock;
    if (time < max(at_peak, remaining)) {
        bound.reason += at_peak > remaining ? "; no further than all operations at the Tensor Cores' peak"
                                            : "; no further than what is left on the longest stream";
        time = max(at_peak, remaining);
    }
    bound.speedup = baseline.time / time;
    return bound;
}

VariantBound bound_of(const RunResult& baseline, const RunResult& variant, const std::vector<ActiveProposal>& active,
                      const SystemConfig& system, const Recompose& recompose) {
    if (baseline.parts.empty()) { return bound_of(baseline, variant, active, system); }
    VariantBound bound;
    std::vector<Time> parts;
    double longest = 0;
    for (const RunResult& part : baseline.parts) {
        VariantBound b = bound_of(part, variant, active, system);
        parts.push_back(part.time / b.speedup);
        if (to_seconds(part.time) > longest) {
            longest = to_seconds(part.time);
            bound.reason = "each part by its own bound; the longest: " + b.reason;
        }
    }
    bound.speedup = baseline.time / max(recompose(parts), femtoseconds(1));
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
                          const SystemConfig& system, const Recompose& recompose) {
    invariant(variant.time > Time::zero(), "a variant that takes no time");
    VariantOutcome v;
    v.speedup = baseline.time / variant.time;
    VariantBound bound = bound_of(baseline, variant, active, system, recompose);
    v.bound_speedup = bound.speedup;
    v.bound_reason = std::move(bound.reason);
    const AreaParts silicon = area_of(system, active);
    v.area_mm2 = total_area(silicon);
    v.cost_usd = cost_usd(silicon);
    v.removed = surplus(baseline, variant);
    v.added = surplus(variant, baseline);
    v.result = std::move(variant);
    return v;
}

}  // namespace tessera
