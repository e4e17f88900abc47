// Arithmetic of the HBM model: how a bulk access falls on pseudo-channels and what each visit costs.
#pragma once

#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"

#include <cstdint>

namespace tessera {

// Per pseudo-channel figures, derived once from HbmConfig.
struct HbmParams {
    int channels = 0;
    int banks = 0;
    std::int64_t interleave = 0, burst = 0, row = 0;
    double fs_per_byte = 0;       // data bus of one pseudo-channel between refreshes
    double cast_fs_per_byte = 0;  // BF16 bytes through the casting logic of one pseudo-channel
    double paired = 1.0;          // time of a read in pairs of lines / plain read
    double core_rate = 1.0;       // arrays and TSVs / pins
    Time row_cycle{}, activate{}, precharge{}, turnaround{}, refresh_interval{}, refresh_time{}, latency{},
        latency_spread{}, cast_latency{};
    std::int64_t write_batch = 0;
};

// The bus rate is chosen so that a long pure read stream reaches peak x read_efficiency although refresh takes
// refresh_time of every refresh_interval and channels are unevenly loaded. Throws ModelError if a figure is missing or
// impossible.
HbmParams hbm_params(const HbmConfig& config);

// Bytes that cross the bus for `bytes` useful bytes in runs of `run` bytes: every run is rounded up to bursts.
std::int64_t burst_bytes(std::int64_t bytes, std::int64_t run, std::int64_t burst);

// Wait for the slowest of the lines of one access beyond `latency`: DRAM banks answer at different times, so every
// doubling of the lines adds latency_spread. H200 micro D.bulk1d_load_latency, HBM less L2: 416 cycles for 128 bytes,
// 442 for 512, 470 for 2 KiB, 493 for 4 KiB.
Time slowest_line(std::int64_t bytes, const HbmParams& p);

// Time of a byte delivered relative to one at the pin rate: plain accesses 1; when the logic beside the memory casts
// (`pin_ratio` != 1), the slowest of pins, arrays and casting logic.
double service_ratio(double pin_ratio, double core_ratio, const HbmParams& p);

// Bytes whose units visit channels in turn.
inline constexpr std::int64_t hbm_chunk = 4096;

// Of runs of `run` bytes, `pitch` apart (0: far), what is in flight of one chunk: all of it where runs are so near that
// the boxes beside each other, which are fetched at a time, fill it.
std::int64_t piece_bytes(std::int64_t run, std::int64_t pitch);

// Where the `unit`-th interleave unit of the address space lies. The units of a chunk of 4 KiB visit as many channels
// in turn; the first is drawn from a permutation of the chunks of each page of 2 MiB: a page loads all channels alike,
// but what is in flight at one time does not. H200 micro B.little, reads of 132 SMs: with 0.5 to 4 MiB in flight 5 to
// 13 % less than if any megabyte met all channels evenly; D.bulk1d_load_latency: 100 ns from 4 to 8 KiB, where a second
// chunk meets channels in another state. An array read in runs that lie apart has `piece` bytes in each chunk: H200
// micro D.tensor_load_latency, 8 KiB in 64 rows out of HBM come 874 cycles after those out of L2, in one piece 689.
// A row holds the units of row / interleave laps over the channels.
class HbmUnit {
public:
    HbmUnit(std::uint64_t unit, std::int64_t piece, const HbmParams& p);
    int channel() const { return channel_; }
    std::uint64_t row() const { return row_; }
    void next();  // the unit behind this one

private:
    void start_chunk();
    std::uint64_t channels_, row_units_, chunk_units_;
    std::uint64_t chunk_, place_, row_ = 0;
    int channel_ = 0;
};

// Start of a channel's first refresh window at or before time 0. Windows of different channels are staggered evenly
// over the interval.
Time first_refresh(int channel, const HbmParams& p);

}  // namespace tessera
