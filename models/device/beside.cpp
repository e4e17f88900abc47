#include "models/device/beside.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

namespace {

constexpr double plain_in_flight = 12 * 8 * 512;      // bytes: twelve warps with eight loads each
constexpr double stage_bytes = 24576, stages = 3;     // bulk loads in flight beside the stage that is consumed
constexpr double stage_cycles = 1024;                 // of Tensor Core work
constexpr double bulk_store = 8192, held_stores = 2;  // of a sending warp, bytes and how many are in flight

// Share of HBM's time that a byte per second takes; written bytes also turn the bus.
struct HbmCost {
    double read = 0, written = 0;
};

HbmCost hbm_cost(const SystemConfig& s) {
    const double channels = static_cast<double>(s.hbm.stacks) * s.hbm.channels_per_stack;
    const double rate = s.hbm.peak.raw() * s.hbm.read_efficiency;
    const double batch = to_double(s.hbm.write_batch) * channels;
    return {1 / rate, 1 / rate + 2 * to_seconds(s.hbm.turnaround) / batch};
}

double waves(double units, int sms) { return std::ceil(units / sms); }

// Rate of a stream out of HBM or L2 with what communication leaves.
double memory_factor(const SystemConfig& s, const BesideCase& b, Frequency clock) {
    const HbmCost cost = hbm_cost(s);
    const bool copies = b.sender == Sender::sm_bulk_and_copy;
    const double read = b.sent.raw() * (copies ? 2 : 1), written = b.arriving.raw() + (copies ? b.sent.raw() : 0);
    const double left = std::max(0.05, 1 - read * cost.read - written * cost.written);
    if (b.compute == ComputeKind::hbm) { return 1 / left; }
    const bool evicts = b.sender == Sender::sm_bulk || copies || b.sender == Sender::fused ||
                        (b.sender == Sender::engine && b.arriving > Bandwidth::zero());
    if (b.compute != ComputeKind::l2 || !evicts) { return 1; }
    const double alone = (s.l2.bandwidth * clock).raw();
    return std::max(1.0, alone * cost.read / left);
}

// Loads wait behind the SM's own stores that the link holds back.
double queue_factor(const SystemConfig& s, const BesideCase& b, Frequency clock) {
    if (b.sender != Sender::fused || b.compute == ComputeKind::tensor) { return 1; }
    const double link = stream_rate(wire_params(s.nvlink), WireUser::sm).raw();
    if (b.sent.raw() < 0.9 * link) { return 1; }  // the queue is empty most of the time
    const double held = bulk_store * (b.paced ? 1 : held_stores), wait = held / (b.sent.raw() / s.sm.count);
    if (b.compute == ComputeKind::tensor_fed) {
        const double needed = stage_bytes / (stage_cycles / clock.raw());
        return std::max(1.0, needed / (stages * stage_bytes / wait));
    }
    const double alone =
        (b.compute == ComputeKind::l2 ? (s.l2.bandwidth * clock).raw() : s.hbm.peak.raw() * s.hbm.read_efficiency) /
        s.sm.count;
    return std::max(1.0, alone * (wait + plain_in_flight / alone) / plain_in_flight);
}

}  // namespace

Slowdown slowdown_beside(const SystemConfig& s, const BesideCase& b, Frequency clock) {
    if (b.sms < 1 || b.sms > s.sm.count || !(b.units > 0)) {
        throw ModelError("compute beside communication needs SMs and work");
    }
    Slowdown d;
    const bool bound_by_sms = b.compute == ComputeKind::tensor || b.compute == ComputeKind::tensor_fed;
    if (bound_by_sms) { d.sms = waves(b.units, b.sms) / waves(b.units, s.sm.count); }
    d.memory = memory_factor(s, b, clock);
    d.queue = queue_factor(s, b, clock);
    const double beside = std::max(d.sms * d.memory, d.queue);
    // Work done while communication lasts, then the rest alone on what SMs there are.
    d.total = b.lasts >= beside ? beside : b.lasts + (1 - b.lasts / beside) * d.sms;
    return d;
}

}  // namespace tessera
