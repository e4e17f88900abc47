#include "sim/app/composed.hpp"

#include <algorithm>

namespace tessera {
namespace {

Traffic scaled(const Traffic& t, double f) {
    Traffic out = t;
    for (auto part : {&Traffic::hbm_read, &Traffic::hbm_write, &Traffic::l2_read, &Traffic::l2_write, &Traffic::smem,
                      &Traffic::nvlink_out, &Traffic::nvlink_in, &Traffic::nic_out, &Traffic::nic_in}) {
        out.*part = (t.*part) * f;
    }
    return out;
}

}  // namespace

std::map<std::string, double> token_figures(double rate, double dollars_per_gpu_hour) {
    constexpr double trillion = 1e12, hour = 3600;
    const double hours = trillion / rate / hour;
    return {{"tokens_per_s_per_gpu", rate},
            {"gpu_hours_per_trillion_tokens", hours},
            {"dollars_per_trillion_tokens", hours * dollars_per_gpu_hour}};
}

void ComposedResult::add(const RunResult& r, double times) {
    const double seconds = to_seconds(r.time) * times;
    busy_ += seconds;
    energy_ += r.energy_j * times;
    for (auto part : {&EnergyUse::tensor, &EnergyUse::cuda, &EnergyUse::smem, &EnergyUse::l2, &EnergyUse::hbm,
                      &EnergyUse::link, &EnergyUse::engine}) {
        sum_.energy.*part += (r.energy.*part) * times;
    }
    sum_.traffic += scaled(r.traffic, times);
    for (const auto& [limiter, share] : r.critical_share) { limiters_[limiter] += share * seconds; }
    for (const ClassTotal& c : r.classes) { add(c, times); }
    add(r.communication, times, seconds);
    clock_ += r.sm_clock.raw() * seconds;
    sm_ += r.sm_utilization * seconds;
    tensor_ += r.tensor_utilization * seconds;
}

RunResult ComposedResult::finish(Time wall, const SystemConfig& system) {
    const double all = to_seconds(wall), idle = std::max(0.0, all - busy_);
    RunResult r = std::move(sum_);
    r.time = wall;
    r.energy_j = energy_ + idle * system.power.idle.raw();
    r.idle_energy_j = r.energy_j - r.energy.total().raw();
    r.average_power_w = r.energy_j / all;
    limiters_[std::string(to_string(Limiter::wait))] += idle;
    double most = 0;
    for (auto& [limiter, seconds] : limiters_) {
        r.critical_share[limiter] = seconds / all;
        if (seconds > most) { most = seconds; }
    }
    for (int i = 0; i <= static_cast<int>(Limiter::wait); ++i) {
        const auto limiter = static_cast<Limiter>(i);
        const auto it = limiters_.find(std::string(to_string(limiter)));
        if (it != limiters_.end() && it->second == most) { r.limiter = limiter; }
    }
    for (auto& [name, total] : classes_) { r.classes.push_back(std::move(total)); }
    std::stable_sort(r.classes.begin(), r.classes.end(),
                     [](const ClassTotal& a, const ClassTotal& b) { return a.time > b.time; });
    r.communication.sm_share /= all;
    r.sm_clock = hertz(clock_ / busy_);
    r.sm_utilization = sm_ / all;
    r.tensor_utilization = tensor_ / all;
    r.hbm_utilization = to_double(r.traffic.hbm()) / (system.hbm.peak.raw() * all);
    return r;
}

// The share of SM-time is summed in seconds until the wall time is known.
void ComposedResult::add(const CommunicationCost& c, double times, double seconds) {
    CommunicationCost& sum = sum_.communication;
    const auto loss = [times](SharingLoss& into, const SharingLoss& l) {
        into.hbm += l.hbm * times;
        into.l2 += l.l2 * times;
        into.links += l.links * times;
    };
    sum.sms = std::max(sum.sms, c.sms);
    sum.sm_share += c.sm_share * seconds;
    sum.moving += c.moving * times;
    sum.waited += c.waited * times;
    loss(sum.compute, c.compute);
    loss(sum.moved, c.moved);
    sum.below_max_clock += c.below_max_clock * times;
}

void ComposedResult::add(const ClassTotal& c, double times) {
    ClassTotal& total = classes_[c.op_class];
    total.op_class = c.op_class;
    kernels_[c.op_class] += c.kernels * times;
    total.kernels = static_cast<int>(kernels_[c.op_class] + 0.5);
    total.time += c.time * times;
    total.critical += c.critical * times;
    total.traffic += scaled(c.traffic, times);
    total.flops += c.flops * times;
    total.energy_j += c.energy_j * times;
}

}  // namespace tessera
