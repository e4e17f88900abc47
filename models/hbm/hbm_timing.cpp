#include "models/hbm/hbm_timing.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace tessera {

namespace {

// Share of the read rate that is left where the L2 fetches lines in pairs of which one is asked for first, the other
// soon after. H200 weights.json, 128 rows x 128 B, 128 KiB in flight: 4,400 GB/s with tensor maps that promote to 256
// bytes, 4,664 with 128 (seven pitches: 4,357 to 4,403).
constexpr double paired_efficiency = 0.944;

void require(bool ok, const char* field) {
    if (!ok) { throw ModelError(std::string("HBM cannot be modelled: /hbm/") + field + " is missing or impossible"); }
}

}  // namespace

HbmParams hbm_params(const HbmConfig& c) {
    require(c.stacks > 0, "stacks");
    require(c.channels_per_stack > 0, "channels_per_stack");
    require(c.banks_per_channel > 0, "banks_per_channel");
    require(c.peak.raw() > 0, "peak");
    require(c.burst.raw() > 0, "burst");
    require(c.interleave >= c.burst, "interleave");
    require(c.row >= c.burst, "row");
    require(c.read_efficiency > 0 && c.read_efficiency <= 1, "read_efficiency");
    require(c.refresh_interval > c.refresh_time, "refresh_interval");
    HbmParams p;
    p.channels = c.stacks * c.channels_per_stack;
    p.banks = c.banks_per_channel;
    p.interleave = c.interleave.raw();
    p.burst = c.burst.raw();
    p.row = c.row.raw();
    const double available = 1.0 - c.refresh_time / c.refresh_interval;
    const double rate = c.peak.raw() * c.read_efficiency / p.channels / available;
    p.fs_per_byte = 1e15 / rate;
    p.paired = 1.0 / paired_efficiency;
    if (c.near_memory_cast) {
        require(c.cast_throughput.raw() > 0, "cast_throughput");
        require(c.core_rate > 0, "core_rate");
        p.cast_fs_per_byte = 1e15 / c.cast_throughput.raw();
        p.core_rate = c.core_rate;
    }
    p.row_cycle = c.row_cycle;
    p.activate = c.activate_to_read;
    p.precharge = c.precharge;
    p.turnaround = c.turnaround;
    p.refresh_interval = c.refresh_interval;
    p.refresh_time = c.refresh_time;
    p.latency = c.latency;
    p.latency_spread = c.latency_spread;
    p.cast_latency = c.cast_latency;
    p.write_batch = c.write_batch.raw();
    require(p.write_batch > 0, "write_batch");
    return p;
}

std::int64_t burst_bytes(std::int64_t bytes, std::int64_t run, std::int64_t burst) {
    if (run <= 0 || run >= bytes) { return (bytes + burst - 1) / burst * burst; }
    const std::int64_t runs = (bytes + run - 1) / run;
    return runs * ((run + burst - 1) / burst * burst);
}

Time slowest_line(std::int64_t bytes, const HbmParams& p) {
    constexpr std::int64_t line = 128;
    return bytes > line ? p.latency_spread * std::log2(static_cast<double>(bytes) / static_cast<double>(line))
                        : Time::zero();
}

double service_ratio(double pin_ratio, double core_ratio, const HbmParams& p) {
    if (pin_ratio == 1.0) { return 1.0; }
    const double casting = core_ratio * p.cast_fs_per_byte / p.fs_per_byte;
    return std::max({pin_ratio, core_ratio / p.core_rate, casting});
}

HbmUnit::HbmUnit(std::uint64_t unit, const HbmParams& p)
    : channels_(static_cast<std::uint64_t>(p.channels)),
      row_bytes_(static_cast<std::uint64_t>(p.row)),
      interleave_(static_cast<std::uint64_t>(p.interleave)),
      lap_(unit / channels_),
      place_(unit % channels_) {
    start_lap();
}

void HbmUnit::start_lap() {
    turn_ = ((lap_ * 0x9e3779b97f4a7c15ULL) >> 40) % channels_;  // Fibonacci hashing of the lap
    row_ = lap_ * interleave_ / row_bytes_;
    const std::uint64_t sum = place_ + turn_;
    channel_ = static_cast<int>(sum < channels_ ? sum : sum - channels_);
}

void HbmUnit::next() {
    if (++place_ == channels_) {
        place_ = 0;
        ++lap_;
        return start_lap();
    }
    if (++channel_ == static_cast<int>(channels_)) { channel_ = 0; }
}

Time first_refresh(int channel, const HbmParams& p) {
    return femtoseconds(-(p.refresh_interval.raw() / p.channels * channel));
}

}  // namespace tessera
