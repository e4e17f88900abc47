// A plain roofline as KernelTimer: tests of the composition need times that react to SMs, clock, bytes and
// capabilities, not accurate ones.
#pragma once

#include "sim/app/timer_pool.hpp"

#include <algorithm>

namespace tessera::test {

class RooflineTimer : public KernelTimer {
public:
    explicit RooflineTimer(const SystemConfig& system, int* calls = nullptr) : system_(system), calls_(calls) {}

    KernelResult time(const KernelDesc& kernel, const KernelContext& context) override {
        if (calls_ != nullptr) { ++*calls_; }
        KernelResult r;
        if (const auto* exchange = std::get_if<ExchangeDesc>(&kernel)) { return time_exchange(*exchange); }
        if (const auto* barrier = std::get_if<BarrierDesc>(&kernel)) {
            r.time = microseconds(20);
            r.limiter = Limiter::latency;
            r.clock_bound = 0;
            r.sms = barrier->sms;
            return r;
        }
        if (const auto* recorded = std::get_if<RecordedDesc>(&kernel)) {
            r.time = recorded->duration;
            return r;
        }
        const double sms = context.sms > 0 ? context.sms : system_.sm.count;
        const bool gemm = std::holds_alternative<GemmDesc>(kernel);
        const double macs = gemm ? system_.sm.tensor.fp8_mac_per_clk : system_.sm.tensor.bf16_mac_per_clk;
        const bool promoted = gemm && !system_.sm.tensor.group_scaling;
        const double rate = 2 * macs * sms * context.sm_clock.raw() * (promoted ? 0.6 : 0.9);
        const Time compute = seconds(flops(kernel).raw() / rate);
        const Bytes moved = compulsory_bytes(kernel);
        const Time memory = moved / bytes_per_second(system_.hbm.peak.raw() * 0.8 * std::min(1.0, sms / 80));
        r.time = max(compute, memory) + microseconds(3);
        r.clock_bound = compute > memory ? 1.0 : 0.1;
        r.limiter = compute > memory ? Limiter::tensor_core : Limiter::hbm;
        r.traffic.hbm_read = r.traffic.l2_read = moved;
        r.sms = static_cast<int>(sms);
        r.tensor_busy = compute;
        r.energy.tensor = joules(flops(kernel).raw() * 0.4e-12);
        r.energy.hbm = joules(to_double(moved) * 60e-12);
        return r;
    }

private:
    KernelResult time_exchange(const ExchangeDesc& e) const {
        KernelResult r;
        const std::int64_t rows = e.unique_tokens > 0 ? e.unique_tokens : e.tokens;  // collectives name tokens only
        const Bytes sent = e.bytes_per_token * static_cast<double>(rows);
        const double rate = system_.nic.per_gpu.raw() * (system_.nic.direct_forward ? 0.9 : 0.7);
        r.time = sent / bytes_per_second(2 * rate);
        r.traffic.nic_out = r.traffic.nic_in = sent * 0.5;
        r.limiter = Limiter::nic;
        r.clock_bound = 0;
        r.sms = e.sms;
        return r;
    }

    SystemConfig system_;
    int* calls_;
};

inline TimerFactory rooflines(int* calls = nullptr) {
    return [calls](const SystemConfig& system) { return std::make_unique<RooflineTimer>(system, calls); };
}

}  // namespace tessera::test
