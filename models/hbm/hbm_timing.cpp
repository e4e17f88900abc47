#include "models/hbm/hbm_timing.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace tessera {

namespace {

// A page of 2 MiB, wherever it lies, loads all channels alike; within it, chunks fall on channels in no order.

constexpr unsigned low_bits = 4, high_bits = 5;  // of a chunk's number in its page
constexpr std::uint64_t page_chunks = 1U << (low_bits + high_bits);

std::uint64_t mixed(std::uint64_t x) {  // Stafford's variant 13 of the 64-bit finalizer of MurmurHash3
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

// Place of a chunk among those of its page: a permutation of its own for each page (Feistel network of four rounds).
std::uint64_t shuffled(std::uint64_t chunk) {
    const std::uint64_t key = chunk / page_chunks * 4;
    std::uint64_t low = chunk % (1U << low_bits), high = chunk % page_chunks >> low_bits;
    for (std::uint64_t round = 0; round < 4; round += 2) {
        high ^= mixed((key + round) << low_bits | low) % (1U << high_bits);
        low ^= mixed((key + round + 1) << high_bits | high) % (1U << low_bits);
    }
    return high << low_bits | low;
}

// Of what the channels could give, where reads of all SMs meet them as HbmUnit deals them: this model, the reads of 4
// GiB of H200 micro B.full, beside the same with consecutive chunks on consecutive channels.
constexpr double even_share = 0.98;

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
    require(c.pair_efficiency > 0 && c.pair_efficiency <= 1, "pair_efficiency");
    require(c.refresh_interval > c.refresh_time, "refresh_interval");
    HbmParams p;
    p.channels = c.stacks * c.channels_per_stack;
    p.banks = c.banks_per_channel;
    p.interleave = c.interleave.raw();
    p.burst = c.burst.raw();
    p.row = c.row.raw();
    const double available = 1.0 - c.refresh_time / c.refresh_interval;
    const double rate = c.peak.raw() * c.read_efficiency / p.channels / available / even_share;
    p.fs_per_byte = 1e15 / rate;
    p.paired = 1.0 / c.pair_efficiency;
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

std::int64_t piece_bytes(std::int64_t run, std::int64_t pitch) {
    return pitch > 0 && pitch < hbm_chunk ? hbm_chunk : std::min(hbm_chunk, run);
}

HbmUnit::HbmUnit(std::uint64_t unit, std::int64_t piece, const HbmParams& p)
    : channels_(static_cast<std::uint64_t>(p.channels)),
      row_units_(channels_ * static_cast<std::uint64_t>(std::max<std::int64_t>(1, p.row / p.interleave))),
      chunk_units_(static_cast<std::uint64_t>(std::max<std::int64_t>(1, piece / p.interleave))),
      chunk_(unit / chunk_units_),
      place_(unit % chunk_units_) {
    start_chunk();
}

void HbmUnit::start_chunk() {
    const std::uint64_t first = shuffled(chunk_) * channels_ / page_chunks;
    row_ = chunk_ * chunk_units_ / row_units_;
    std::uint64_t channel = first + place_;
    while (channel >= channels_) { channel -= channels_; }
    channel_ = static_cast<int>(channel);
}

void HbmUnit::next() {
    if (++place_ == chunk_units_) {
        place_ = 0;
        ++chunk_;
        return start_chunk();
    }
    if (++channel_ == static_cast<int>(channels_)) { channel_ = 0; }
}

Time first_refresh(int channel, const HbmParams& p) {
    return femtoseconds(-(p.refresh_interval.raw() / p.channels * channel));
}

}  // namespace tessera
